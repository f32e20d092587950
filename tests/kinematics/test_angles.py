"""Joint angles of bodies whose angles are known exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deepfit_nb.kinematics import ANGLES, TRIPLES, joint_angles
from deepfit_nb.pose import Landmark as L
from tests.factories import Figure, pose_of

UNEVEN = Figure(trunk_lean=20, hip=(100, 150), knee=(80, 120), shoulder=(30, 60), elbow=(45, 100))


def named(angles: np.ndarray) -> dict[str, float]:
    return dict(zip(ANGLES, angles.tolist(), strict=True))


@pytest.mark.parametrize("azimuth", [0, 35, 90, -90, 180])
@pytest.mark.parametrize("abducted", [False, True])
def test_world_angles_are_exact_from_everywhere(azimuth: float, abducted: bool) -> None:
    figure = replace(UNEVEN, abducted=abducted)
    assert named(joint_angles(pose_of(figure, azimuth_deg=azimuth).world)) == pytest.approx(
        {
            "knee_left": 80, "knee_right": 120, "hip_left": 100, "hip_right": 150, "elbow_left": 45,
            "elbow_right": 100, "shoulder_left": 30, "shoulder_right": 60, "trunk_lean": 20,
        },
        abs=1e-3,
    )  # fmt: skip


@pytest.mark.parametrize("azimuth", [90, -90])
def test_image_angles_are_exact_from_the_side(azimuth: float) -> None:
    pose = pose_of(UNEVEN, azimuth_deg=azimuth)
    np.testing.assert_allclose(joint_angles(pose.xy), joint_angles(pose.world), atol=1e-2)


@pytest.mark.parametrize(("lean", "expected"), [(0, 0), (45, 45), (90, 90), (-30, 30), (180, 180)])
def test_trunk_lean_is_0_upright_and_90_lying_whichever_way(lean: float, expected: float) -> None:
    angles = named(joint_angles(pose_of(Figure(trunk_lean=lean)).world))
    assert angles["trunk_lean"] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("degrees", [0.01, 179.99])
def test_nearly_straight_and_nearly_folded_limbs_keep_their_digits(degrees: float) -> None:
    points = np.zeros((33, 3))
    points[L.LEFT_HIP] = (0, 1, 0)
    points[L.LEFT_ANKLE] = (np.sin(np.radians(degrees)), np.cos(np.radians(degrees)), 0)
    assert named(joint_angles(points))["knee_left"] == pytest.approx(degrees, abs=1e-9)


def test_many_bodies_at_once_are_as_each_alone() -> None:
    poses = np.stack([pose_of(Figure(knee=(k, k)), azimuth_deg=40).world for k in (60, 90, 170)]).reshape(3, 1, 33, 3)
    together = joint_angles(poses)
    assert together.shape == (3, 1, 9)
    np.testing.assert_allclose(together[1, 0], joint_angles(poses[1, 0]))


def test_a_limb_without_length_or_a_missing_landmark_has_no_angle() -> None:
    points = pose_of(UNEVEN).world.copy()
    points[L.LEFT_ANKLE] = points[L.LEFT_KNEE]
    points[L.RIGHT_WRIST] = np.nan
    unknown = {name for name, value in named(joint_angles(points)).items() if np.isnan(value)}
    assert unknown == {"knee_left", "elbow_right"}


@pytest.mark.parametrize("shape", [(33, 4), (18, 2), (2, 33)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="joint_angles needs"):
        joint_angles(np.zeros(shape))


def test_every_triple_lies_on_one_side() -> None:
    for name, triple in TRIPLES.items():
        assert all(landmark.name.startswith(name.rpartition("_")[2].upper()) for landmark in triple)
