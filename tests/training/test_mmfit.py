import csv
from pathlib import Path

import numpy as np
import pytest

from deepfit_nb.errors import MediaError
from deepfit_nb.pose.keypoints import Landmark as L
from deepfit_nb.training.mmfit import SPLITS, load_workout
from tests.training.mmfit_files import write_workout


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_workout(tmp_path, "w00", ["squats", "pushups"], seed=1)
    return tmp_path


def spoil(path: Path, change: str) -> None:
    """Damage a file of the data set in the way that ``change`` names."""
    if change == "cut off":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif change == "missing":
        path.unlink()
    elif change == "a joint short":
        np.save(path, np.load(path)[..., :-1])
    else:
        path.write_text(change)


def test_labels_and_landmarks(data: Path) -> None:
    workout = load_workout(data, "w00")
    assert [(one.activity, one.reps) for one in workout.sets] == [("squats", 3), ("pushups", 3)]
    labels = workout.labels()
    image, world, ok = workout.landmarks(slice(None))
    assert len(labels) == len(image) == len(world) == len(workout.frames)
    assert ok.all()
    # Metres, y down: hips about half a metre below the shoulders when standing.
    trunk = world[0, L.LEFT_HIP, 1] - world[0, L.LEFT_SHOULDER, 1]
    assert trunk == pytest.approx(0.5, abs=0.08)
    assert image[0, L.LEFT_ANKLE, 1] > image[0, L.NOSE, 1]


def test_frames_with_nan_are_left_out_and_named(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = data / "w00" / "w00_pose_2d.npy"
    poses = np.load(path)
    poses[:, 5:8, 3] = np.nan
    np.save(path, poses)
    _, _, ok = load_workout(data, "w00").landmarks(slice(0, 20))
    assert np.flatnonzero(~ok).tolist() == [5, 6, 7]
    assert "w00: 3 frames hold NaN" in caplog.text
    assert "105" in caplog.text


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("w00_pose_2d.npy", "cut off", "damaged or cut off"),
        ("w00_pose_3d.npy", "missing", "missing"),
        ("w00_pose_2d.npy", "a joint short", r"\(2, frames, 19\)"),
        ("w00_labels.csv", "missing", "cannot be read"),
        ("w00_labels.csv", "100,180,3\n", "row 1 .100,180,3.: needs"),
        ("w00_labels.csv", "100,180,3,squats\n200,x,3,squats\n", "row 2"),
        ("w00_labels.csv", "100,180,3,yoga\n", "unknown activity 'yoga'"),
        ("w00_labels.csv", "180,100,3,squats\n", "must increase"),
        ("w00_labels.csv", "100,9999999,3,squats\n", "end at frame"),
    ],
)
def test_what_is_wrong_is_named(data: Path, file: str, change: str, message: str) -> None:
    spoil(data / "w00" / file, change)
    with pytest.raises(MediaError, match=message) as caught:
        load_workout(data, "w00")
    assert file in str(caught.value)


def test_a_missing_workout_is_named(data: Path) -> None:
    with pytest.raises(MediaError, match="w07"):
        load_workout(data, "w07")


def test_splits_do_not_overlap_and_know_all_workouts() -> None:
    everything = {f"w{number:02d}" for number in range(21)}
    for train, validation, test in SPLITS.values():
        assert not (set(train) & set(validation))
        assert not (set(train) & set(test))
        assert not (set(validation) & set(test))
        assert {*train, *validation, *test} <= everything
    train, _, seen = SPLITS["paper"]
    assert {*train, *SPLITS["paper"][1], *seen, *SPLITS["unseen"][2]} == everything


def test_the_real_label_files_can_be_read(tmp_path: Path) -> None:
    """The 21 label files of MM-Fit, where they are at hand, hold the 616 sets that the paper counts."""
    folder = Path(__file__).parents[3] / "shared" / "data" / "mmfit_labels"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    from deepfit_nb.training.mmfit import _read_labels

    sets = [one for path in sorted(folder.glob("*.csv")) for one in _read_labels(path, 10**9)]
    assert len(sets) == 616
    assert sum(one.reps for one in sets) == 6160
    assert sum(1 for path in folder.glob("*.csv") for _ in csv.reader(path.read_text().splitlines())) == 616
