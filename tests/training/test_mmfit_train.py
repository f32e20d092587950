"""What is learnt from MM-Fit; that its training runs through, `test_train` says."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
pytest.importorskip("tensorflow", reason="training needs TensorFlow")

from deepfit_nb.errors import MediaError
from deepfit_nb.recognition import CLASSES, NON_ACTIVITY, SequenceClassifier
from deepfit_nb.recognition.window import SPAN_S
from deepfit_nb.training.mmfit import FPS, SPLITS, Workout, load_workout
from deepfit_nb.training.mmfit_train import work_folder, workout_windows
from deepfit_nb.training.plan import Plan
from tests.training.mmfit_files import write_workout


@pytest.fixture
def workout(tmp_path: Path) -> Workout:
    write_workout(tmp_path, "w00", ["squats", "lateral_shoulder_raises"], seed=1)
    return load_workout(tmp_path, "w00")


def test_windows_of_mmfit_look_like_those_of_a_camera(workout: Workout) -> None:
    """To the classifier that learnt from others they do."""
    data = workout_windows(workout, seed=0)
    exercises = data.y != CLASSES.index(NON_ACTIVITY)
    classifier = SequenceClassifier()
    said = np.array([classifier.probabilities(x).argmax() for x in data.x[exercises]])
    assert (said == data.y[exercises]).mean() > 0.85


def spoilt(workout: Workout, part: slice) -> Workout:
    pose_3d = np.array(workout.pose_3d)
    pose_3d[:, part, 1:] = np.nan
    return replace(workout, pose_3d=pose_3d)


def shortened(workout: Workout) -> Workout:
    few = slice(0, int(SPAN_S * FPS))
    return replace(workout, frames=workout.frames[few], rows_2d=workout.rows_2d[few], rows_3d=workout.rows_3d[few])


def test_windows_that_are_mostly_nan_are_not_learnt_from(workout: Workout) -> None:
    one = workout.sets[0]
    first, last = (int(np.searchsorted(workout.frames, frame)) for frame in (one.start, one.end))
    data = workout_windows(spoilt(workout, slice(first - 60, last + 60)), seed=0)
    assert CLASSES.index("squats") not in data.y
    assert CLASSES.index("lateral_shoulder_raises") in data.y


@pytest.mark.parametrize(
    ("change", "message"),
    [(shortened, "too short for a single window"), (lambda workout: spoilt(workout, slice(40, None)), "hold NaN")],
)
def test_why_there_is_no_window_is_said(workout: Workout, change: Callable[[Workout], Workout], message: str) -> None:
    with pytest.raises(MediaError, match=f"w00: .*{message}"):
        workout_windows(change(workout), seed=0)


def mend_labels(folder: Path) -> None:
    path = folder / "w00_labels.csv"
    path.write_text(path.read_text().replace("squats", "lunges"))


def fetch_again(folder: Path) -> None:
    os.utime(folder / "w00_pose_3d.npy", (1, 1))


def fetch_the_rest(folder: Path) -> None:
    path = folder / "w00_pose_2d.npy"
    time = path.stat().st_mtime_ns
    np.save(path, np.load(path)[:, :-1])
    os.utime(path, ns=(time, time))


@pytest.mark.parametrize(
    ("change", "same"),
    [(lambda folder: None, True), (mend_labels, False), (fetch_again, False), (fetch_the_rest, False)],
)
def test_a_killed_run_goes_on_only_with_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], same: bool
) -> None:
    write_workout(tmp_path, "w00", ["squats"], seed=1, reps=1)
    shutil.copytree(tmp_path / "w00", tmp_path / "w01")
    for path in (tmp_path / "w01").iterdir():
        path.rename(path.with_name(path.name.replace("w00", "w01")))
    monkeypatch.setitem(SPLITS, "small", (("w01",), (), ("w00",)))
    before = work_folder(tmp_path, tmp_path, "small", Plan())
    change(tmp_path / "w00")
    assert (work_folder(tmp_path, tmp_path, "small", Plan()) == before) is same
    assert work_folder(tmp_path, tmp_path, "small", Plan(seed=1)) != before
