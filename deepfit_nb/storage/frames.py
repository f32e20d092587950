"""The per-frame table, ``<stem>.frames.parquet``: one row a frame."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from deepfit_nb.coaching.report import FrameReport, WorkoutSet, angles_in_hindsight
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.recognition import CLASSES
from deepfit_nb.storage.atomic import atomic_write

PROBABILITY_COLUMNS: Final[tuple[str, ...]] = tuple(f"p_{name}" for name in CLASSES)
ANGLE_COLUMNS: Final[tuple[str, ...]] = tuple(f"{name}_deg" for name in ANGLES)

SCHEMA: Final[dict[str, pl.DataType]] = {
    "time_s": pl.Float64(),
    "detected": pl.Boolean(),
    "exercise": pl.String(),
    **dict.fromkeys(PROBABILITY_COLUMNS, pl.Float32()),
    **dict.fromkeys(ANGLE_COLUMNS, pl.Float32()),
    "rep": pl.Int32(),
    "phase": pl.String(),
}


def frame_table(reports: Iterable[FrameReport], sets: Iterable[WorkoutSet] = ()) -> pl.DataFrame:
    """The table of a clip.

    ``time_s``, ``detected``, the probabilities (``p_<class>``) and ``phase`` are as the coach reported them live. The
    rest makes use of hindsight. The angles (``<joint>_<side>_deg`` and ``trunk_lean_deg``) are `angles_in_hindsight`,
    null where unknown. The recogniser needs a second or two before it names an exercise, but a finished set knows when
    it truly began: within one of `sets` ``exercise`` and ``rep`` are the set's exercise and the number of the rep that
    the frame belongs to (null between reps); elsewhere ``exercise`` is the live label and ``rep`` is null.

    Parameters
    ----------
    reports
        What `Coach.update` returned for each frame, in order.
    sets
        What `Coach.finish` returned.
    """
    reports = list(reports)
    time_s = np.array([report.time_s for report in reports], float)
    exercise = np.array([report.recognition.label for report in reports], object)
    rep_number = np.zeros(len(reports), np.int32)
    for workout_set in sets:
        exercise[(time_s >= workout_set.start_s) & (time_s <= workout_set.end_s)] = workout_set.exercise
        for rep in workout_set.reps:
            rep_number[(time_s >= rep.start_s) & (time_s < rep.end_s)] = rep.number

    probabilities = np.array([r.recognition.probabilities for r in reports], np.float32).reshape(-1, len(CLASSES))
    angles = angles_in_hindsight(reports).astype(np.float32)
    table = pl.DataFrame(
        {
            "time_s": time_s,
            "detected": np.array([report.pose is not None for report in reports], bool),
            "exercise": exercise.tolist(),
            **dict(zip(PROBABILITY_COLUMNS, probabilities.T, strict=True)),
            **dict(zip(ANGLE_COLUMNS, angles.T, strict=True)),
            "rep": rep_number,
            "phase": [report.phase for report in reports],
        },
        schema=SCHEMA,
    )
    return table.with_columns(
        pl.col(*PROBABILITY_COLUMNS, *ANGLE_COLUMNS).fill_nan(None), pl.col("rep").replace(0, None)
    )


def save_frames(table: pl.DataFrame, path: str | Path) -> None:
    """Write the Parquet file, whole or not at all."""
    with atomic_write(path) as temporary:
        table.write_parquet(temporary)
