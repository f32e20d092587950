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
    elif change == "an archive":
        with path.open("wb") as file:
            np.savez(file, poses=np.zeros(3))
    elif change == "text":
        np.save(path, np.load(path).astype(str))
    elif change == "all NaN":
        poses = np.load(path)
        poses[..., 1:] = np.nan
        np.save(path, poses)
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


@pytest.mark.parametrize("kind", ["2d", "3d"])
def test_frames_with_nan_are_left_out_and_named(data: Path, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    path = data / "w00" / f"w00_pose_{kind}.npy"
    poses = np.load(path)
    poses[:, 5:8, 3] = np.nan
    np.save(path, poses)
    _, _, ok = load_workout(data, "w00").landmarks(slice(0, 20))
    assert np.flatnonzero(~ok).tolist() == [5, 6, 7]
    assert "w00: 3 frames hold NaN" in caplog.text
    assert "105" in caplog.text


@pytest.mark.parametrize(("kind", "frames"), [("2d", 10), ("3d", 0)])
def test_joints_at_0_0_were_not_found(data: Path, kind: str, frames: int) -> None:
    """Of 2D: the pelvis of 3D poses may be at the origin."""
    before, _, _ = load_workout(data, "w00").landmarks(slice(0, 60))
    path = data / "w00" / f"w00_pose_{kind}.npy"
    poses = np.load(path)
    poses[:, 20:30, 1 + 4] = 0  # the right wrist
    np.save(path, poses)
    image, _, ok = load_workout(data, "w00").landmarks(slice(0, 60))
    assert ok.all()
    assert (image[20:30, L.RIGHT_WRIST, 3] == 0).sum() == frames
    assert image[:, [L.LEFT_WRIST, L.RIGHT_ELBOW], 3].all()
    # Nobody's wrist jumps to the corner of the picture and back.
    np.testing.assert_allclose(image[..., :2], before[..., :2], atol=5)


def test_a_frame_of_nan_tells_nothing_of_a_joint_that_is_not_found_beside_it(data: Path) -> None:
    path = data / "w00" / "w00_pose_2d.npy"
    poses = np.load(path)
    poses[:, 20, 1:], poses[:, 21, 1 + 4] = np.nan, 0
    np.save(path, poses)
    image, _, ok = load_workout(data, "w00").landmarks(slice(0, 60))
    assert np.flatnonzero(~ok).tolist() == [20]
    assert np.isfinite(image[ok]).all()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_labels_with_a_byte_order_mark_are_read(data: Path, encoding: str) -> None:
    path = data / "w00" / "w00_labels.csv"
    path.write_text(path.read_text(), encoding=encoding)
    assert [one.activity for one in load_workout(data, "w00").sets] == ["squats", "pushups"]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_labels_in_another_encoding_are_refused(data: Path, encoding: str) -> None:
    (data / "w00" / "w00_labels.csv").write_bytes("100,180,3,squäts\n".encode(encoding))
    with pytest.raises(MediaError, match=r"w00_labels\.csv: is not text in UTF-8"):
        load_workout(data, "w00")


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("w00_pose_2d.npy", "cut off", "damaged or cut off"),
        ("w00_pose_3d.npy", "missing", "missing"),
        ("w00_pose_2d.npy", "a joint short", r"\(2, frames, 19\)"),
        ("w00_pose_2d.npy", "an archive", "is no array of numbers"),
        ("w00_pose_3d.npy", "text", "is no array of numbers"),
        ("", "all NaN", "every frame holds NaN"),
        ("w00_labels.csv", "", "holds no set"),
        ("w00_labels.csv", "100,180,3,non_activity\n", "holds no set"),
        ("w00_labels.csv", "missing", "cannot be read"),
        ("w00_labels.csv", "100,180,3\n", "row 1 .100,180,3.: needs"),
        ("w00_labels.csv", "100,180,3,squats\n200,x,3,squats\n", "row 2"),
        ("w00_labels.csv", "100,180,3,yoga\n", "unknown activity 'yoga'"),
        ("w00_labels.csv", "180,100,3,squats\n", "must increase"),
        ("w00_labels.csv", "100,9999999,3,squats\n", "end at frame"),
    ],
)
def test_what_is_wrong_is_named(data: Path, file: str, change: str, message: str) -> None:
    spoil(data / "w00" / (file or "w00_pose_3d.npy"), change)
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
