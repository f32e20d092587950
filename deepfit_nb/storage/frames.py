"""The per-frame table, ``<stem>.frames.parquet``: one row a frame."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from deepfit_nb.coaching.hindsight import angles_in_hindsight, exercises_in_hindsight, reps_in_hindsight
from deepfit_nb.coaching.report import FrameReport, WorkoutSet
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
    angles (``<joint>_<side>_deg`` and ``trunk_lean_deg``; null where unknown), ``exercise`` and ``rep`` (null between
    reps) are what is known of the frame in the end, see `deepfit_nb.coaching.hindsight`.

    Parameters
    ----------
    reports
        What `Coach.update` returned for each frame, in order.
    sets
        What `Coach.finish` returned.
    """
    reports, sets = list(reports), list(sets)
    probabilities = np.array([r.recognition.probabilities for r in reports], np.float32).reshape(-1, len(CLASSES))
    angles = angles_in_hindsight(reports, sets).astype(np.float32)
    table = pl.DataFrame(
        {
            "time_s": [report.time_s for report in reports],
            "detected": np.array([report.pose is not None for report in reports], bool),
            "exercise": exercises_in_hindsight(reports, sets).tolist(),
            **dict(zip(PROBABILITY_COLUMNS, probabilities.T, strict=True)),
            **dict(zip(ANGLE_COLUMNS, angles.T, strict=True)),
            "rep": reps_in_hindsight(reports, sets),
            "phase": [report.phase for report in reports],
        },
        schema=SCHEMA,
    )
    return table.with_columns(
        pl.col(*PROBABILITY_COLUMNS, *ANGLE_COLUMNS).fill_nan(None), pl.col("rep").replace(0, None)
    )


def save_frames(table: pl.DataFrame, path: str | Path) -> None:
    """Write the Parquet file, whole or not at all; raises `OSError` where it cannot be written."""
    content = BytesIO()
    table.write_parquet(content)  # not to the file: polars has an error of its own where the disk is full
    with atomic_write(path) as temporary:
        temporary.write_bytes(content.getvalue())
