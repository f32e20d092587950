"""Which way 3D poses look, whatever axes the file has."""

import numpy as np
import pytest

from deepfit_nb.errors import MediaError
from deepfit_nb.pose.keypoints import to_mmfit
from deepfit_nb.training.mmfit_axes import find_axes
from deepfit_nb.training.synthesis import EXACT, make_workout
from tests.training.mmfit_files import Y_UP, Z_UP, to_h36m

#: The file's axes for a camera that looked at the room's x at 70 degrees.
ASLANT = np.array([[0.34, 0, -0.94], [0.94, 0, 0.34], [0, -1, 0]])
#: Where each joint of Human3.6M's stands in a file that calls left what is right.
SWAPPED = [0, 4, 5, 6, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 11, 12, 13]
IN_ORDER = list(range(17))


@pytest.fixture(scope="module")
def poses() -> tuple[np.ndarray, np.ndarray]:
    """Somebody who stands and lies down: 2D poses (T, 18, 2), and 3D ones (T, 17, 3) in MediaPipe's axes."""
    recording, _ = make_workout(["lunges", "pushups"], reps=2, rest_s=2, seed=3, detector=EXACT, fps=10)
    solid = to_h36m(recording.world)
    return to_mmfit(recording.image[..., :2]), solid - solid[:, :1]


@pytest.mark.parametrize("order", [IN_ORDER, SWAPPED], ids=["in order", "sides swapped"])
@pytest.mark.parametrize("axes", [Z_UP, Y_UP, ASLANT, np.eye(3)], ids=["z up", "y up", "aslant", "as MediaPipe"])
def test_poses_are_turned_to_mediapipes_world(poses: tuple, axes: np.ndarray, order: list[int]) -> None:
    flat, solid = poses
    noise = np.random.default_rng(0).normal(0, 0.02, solid.shape)
    written = 1000 * ((solid + noise) @ axes.T)[:, order]
    found = find_axes(flat, written, "w00")
    assert np.linalg.det(found.turn) == pytest.approx(1)
    assert found.joints.tolist() == order
    # Seven degrees at the most: the picture is taken from near by, the axes are compared as if from far away.
    assert np.trace(found.turn @ axes) > 1 + 2 * np.cos(np.radians(7))
    np.testing.assert_allclose(found.apply(written) / 1000, solid, atol=0.25)


def test_frames_in_which_a_limb_was_not_found_tell_nothing(poses: tuple) -> None:
    flat, solid = poses
    spoilt = flat.copy()
    spoilt[::2, [8, 9, 10]] = 0
    found = find_axes(spoilt, solid @ Z_UP.T, "w00")
    assert np.trace(found.turn @ Z_UP) == pytest.approx(3, abs=0.02)
    with pytest.raises(MediaError, match="w00: arms and legs are never all found"):
        find_axes(np.zeros_like(flat), solid, "w00")


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        (np.diag([1, -1, 1]), "as in a mirror"),
        (Z_UP * [[1], [1], [0]], "no axis of the 3D poses is the vertical"),
        (Z_UP * [[0], [0], [1]], "left and right"),
        # Aslant to all three axes.
        (np.array([[1, 0, 0], [0, 0.7, -0.7], [0, 0.7, 0.7]]), "no axis of the 3D poses is the vertical"),
    ],
    ids=["mirrored", "flat", "a line", "pitched"],
)
def test_poses_that_agree_with_no_axis_are_refused(poses: tuple, axes: np.ndarray, message: str) -> None:
    flat, solid = poses
    with pytest.raises(MediaError, match=message) as caught:
        find_axes(flat, solid @ axes.T, "mm-fit/w00")
    assert str(caught.value).startswith("mm-fit/w00: ")


def test_poses_of_another_workout_are_refused(poses: tuple) -> None:
    flat, solid = poses
    with pytest.raises(MediaError, match="not of the same workout"):
        find_axes(flat, np.random.default_rng(0).normal(size=solid.shape), "w00")
