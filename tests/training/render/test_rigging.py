"""The rig must do what the posture says: limbs point where they should, and the skin goes with them."""

import numpy as np
import pytest

from deepfit_nb.recognition import EXERCISES
from deepfit_nb.training.exercises import MOTIONS
from deepfit_nb.training.geometry import unit
from deepfit_nb.training.norms import plain_style
from deepfit_nb.training.render.character import BUILDS, Character, make_character
from deepfit_nb.training.render.rigging import Grip, pose_character


@pytest.fixture(scope="module")
def who() -> Character:
    return make_character("female", {"african": 1.0}, {BUILDS[0]: 1.0}, 1.68)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_limbs_point_where_the_posture_says(who: Character, exercise: str) -> None:
    amount = np.repeat(np.linspace(0, 1, 5)[:, None], 2, 1)
    posture = MOTIONS[exercise](who.body(), amount, np.zeros(5, np.intp), plain_style(exercise))
    skeleton = pose_character(who, posture, Grip(fist=1.0, twist_deg=40, flat=exercise == "pushups"))
    joints = skeleton.joints()
    for first, wanted in ((0, posture.upper_arm), (1, posture.forearm), (3, posture.thigh), (4, posture.shin)):
        np.testing.assert_allclose(unit(joints[:, first + 1] - joints[:, first]), wanted, atol=1e-6)
    np.testing.assert_allclose(joints[:, 3].mean(1), posture.pelvis, atol=1e-6)
    turns = skeleton.rotations
    np.testing.assert_allclose(turns @ turns.swapaxes(-1, -2), np.broadcast_to(np.eye(3), turns.shape), atol=1e-6)
    np.testing.assert_allclose(np.linalg.det(turns), 1, atol=1e-6)


def test_feet_stay_on_the_floor_in_a_squat(who: Character) -> None:
    amount = np.repeat(np.linspace(0, 1, 5)[:, None], 2, 1)
    posture = MOTIONS["squats"](who.body(), amount, np.zeros(5, np.intp), plain_style("squats"))
    skeleton = pose_character(who, posture, Grip())
    for frame in range(5):
        vertices, normals = skeleton.skin(frame)
        assert vertices[:, 1].min() == pytest.approx(0, abs=0.03)
        assert np.linalg.norm(normals, axis=1).min() > 0.5
    assert skeleton.skin(4)[0][:, 1].max() < 0.8 * skeleton.skin(0)[0][:, 1].max()
