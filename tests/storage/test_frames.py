import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from deepfit_nb.kinematics.measures import MEASURES
from deepfit_nb.storage import frame_table, save_frames
from tests.storage.workouts import files_no_larger_than, rep, report, workout_set

CONTRACT = [
    "time_s", "detected", "exercise",
    "p_squats", "p_lunges", "p_bicep_curls", "p_situps", "p_pushups", "p_tricep_extensions", "p_dumbbell_rows",
    "p_jumping_jacks", "p_dumbbell_shoulder_press", "p_lateral_shoulder_raises", "p_non_activity",
    "knee_left_deg", "knee_right_deg", "hip_left_deg", "hip_right_deg", "elbow_left_deg", "elbow_right_deg",
    "shoulder_left_deg", "shoulder_right_deg", "trunk_lean_deg",
    "rep", "phase",
]  # fmt: skip


def test_the_columns_are_the_contract_also_in_the_file(tmp_path):
    save_frames(frame_table([report(0.0), report(0.04)]), tmp_path / "x.frames.parquet")
    read = pl.read_parquet(tmp_path / "x.frames.parquet")
    assert read.columns == CONTRACT
    assert read["time_s"].to_list() == [0.0, 0.04]


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of a process there")
def test_a_file_that_does_not_fit_is_an_error_of_the_system_and_leaves_nothing(tmp_path):
    """And not one of polars, which would be taken for a fault of this program."""
    with files_no_larger_than(64), pytest.raises(OSError, match="File too large"):
        save_frames(frame_table([report(0.0)]), tmp_path / "x.frames.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_clip_without_frames_has_a_table_without_rows():
    assert frame_table([]).shape == (0, len(CONTRACT))


def test_unknown_angles_are_null_not_nan():
    table = frame_table([report(0.0), report(0.1, seen=False)])
    assert table["detected"].to_list() == [True, False]
    assert table["knee_left_deg"].to_list() == [90.0, None]


def test_angles_do_not_lag_and_a_short_drop_out_is_bridged():
    knee = [40.0 * time for time in range(11)]
    reports = [
        replace(report(0.08 * time), measured=np.full(len(MEASURES), angle, np.float32))
        for time, angle in enumerate(knee)
    ]
    table = frame_table([*reports[:4], report(0.32, seen=False), report(0.40, seen=False), *reports[6:]])
    assert table["detected"].sum() == 9
    assert table["knee_left_deg"].to_list()[2:9] == pytest.approx(knee[2:9], abs=0.01)


def test_exercise_and_rep_come_from_the_finished_sets_and_elsewhere_from_the_live_label():
    labels = {0: "non_activity", 1: "non_activity", 2: "lunges", 3: "squats", 4: "squats", 5: "squats", 6: "squats"}
    table = frame_table(
        [report(float(time), label) for time, label in labels.items()],
        [workout_set([rep(1, 1.0, 3.0), rep(2, 3.5, 5.0)])],
    )
    # Recognised at 3 s and done since 1 s; the frame at 6 s is after the set.
    assert table["exercise"].to_list() == ["non_activity", *["squats"] * 5, "squats"]
    assert table["rep"].to_list() == [None, 1, 1, None, 2, None, None]
    assert table["p_lunges"].to_list() == [0, 0, 1, 0, 0, 0, 0]


def test_reps_of_two_sets_are_numbered_each_from_one():
    sets = [workout_set([rep(1, 0.0, 2.0)]), workout_set([rep(1, 4.0, 6.0)], exercise="lunges")]
    table = frame_table([report(float(time)) for time in range(7)], sets)
    assert table["rep"].to_list() == [1, 1, None, None, 1, 1, None]
    assert table["exercise"].to_list() == [*["squats"] * 3, "non_activity", *["lunges"] * 3]


def test_within_a_set_angles_are_seen_in_the_light_of_what_is_done():
    measured = np.full(len(MEASURES), 90, np.float32)
    measured[MEASURES.index("knee_squatting_left")] = 80
    table = frame_table([replace(report(float(time)), measured=measured) for time in range(7)], [workout_set()])
    assert table["knee_left_deg"].to_list() == [90, 80, 80, 80, 80, 80, 90]
