"""The camera's azimuth of bodies turned by a known angle."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from deepfit_nb.kinematics import UNKNOWN_VIEW, ViewEstimator
from deepfit_nb.kinematics.view import azimuth_deg, named_view
from deepfit_nb.pose import Pose
from tests.factories import Figure, pose_of, squat


def flattened(pose: Pose, part: float) -> Pose:
    """As MediaPipe sees it: with a part of its depth."""
    return replace(pose, world=pose.world * np.array([1, 1, part], np.float32))


@pytest.mark.parametrize("azimuth", [0, 25, -60, 90, -90, 150, -179])
@pytest.mark.parametrize(
    ("figure", "depth", "tolerance"),
    [(Figure(), 1 / 1.45, 0.1), (squat(1.0), 1 / 1.3, 3), (Figure(trunk_lean=85), 1, 0.5)],
    ids=["standing", "squat", "prone"],
)
def test_azimuth_of_a_turned_body(azimuth: float, figure: Figure, depth: float, tolerance: float) -> None:
    seen = flattened(pose_of(figure, azimuth_deg=azimuth), depth)
    assert azimuth_deg(seen.world) == pytest.approx(azimuth, abs=tolerance)


@pytest.mark.parametrize("azimuth", [30, -75, 170])
def test_a_mirror_turns_the_azimuth_round(azimuth: float) -> None:
    pose = pose_of(Figure(), azimuth_deg=azimuth)
    assert azimuth_deg(pose.mirrored().world) == pytest.approx(-azimuth_deg(pose.world), abs=1e-3)


@pytest.mark.parametrize(
    ("azimuth", "name"),
    [(0, "front"), (-25, "front"), (26, "oblique"), (-59, "oblique"), (60, "side"), (90, "side"), (-120, "side"),
     (121, "oblique"), (-149, "oblique"), (150, "behind"), (180, "behind"), (-180, "behind")],
)  # fmt: skip
def test_names_of_views(azimuth: float, name: str) -> None:
    assert named_view(azimuth).name == name


def test_an_azimuth_that_is_not_known_has_no_name() -> None:
    assert named_view(math.nan) == UNKNOWN_VIEW


def test_an_unknown_view_claims_nothing() -> None:
    assert math.isnan(UNKNOWN_VIEW.azimuth_deg)
    assert (UNKNOWN_VIEW.name, UNKNOWN_VIEW.confidence) == ("unknown", 0.0)


def test_the_first_frame_already_has_a_view() -> None:
    view = ViewEstimator().update(flattened(pose_of(Figure(), 0.0, azimuth_deg=70), 1 / 1.45))
    assert (view.name, round(view.azimuth_deg), view.confidence) == ("side", 70, pytest.approx(1.0))


def test_the_mean_goes_the_short_way_round_behind() -> None:
    estimator = ViewEstimator()
    for frame in range(50):
        view = estimator.update(pose_of(Figure(), frame / 25, azimuth_deg=178 if frame % 2 else -178))
    assert view.name == "behind"
    assert abs(view.azimuth_deg) == pytest.approx(180, abs=1)
    assert view.confidence > 0.95


@pytest.mark.parametrize("fps", [10, 25, 60])
def test_it_follows_a_body_that_turns_at_the_same_pace_at_any_frame_rate(fps: int) -> None:
    estimator = ViewEstimator()
    prone = Figure(trunk_lean=90)
    estimator.update(pose_of(prone, 0.0, azimuth_deg=0))
    for frame in range(1, fps + 1):
        view = estimator.update(pose_of(prone, frame / fps, azimuth_deg=90))
    # After one time constant the axis has gone 1 - 1/e of the way from (1, 0) to (0, 1).
    assert view.azimuth_deg == pytest.approx(np.degrees(np.arctan2(1 - np.exp(-1), np.exp(-1))), abs=0.5)


def test_confidence_falls_while_frames_contradict_each_other_and_recovers() -> None:
    estimator = ViewEstimator()
    for frame in range(50):
        doubtful = estimator.update(pose_of(Figure(), frame / 25, azimuth_deg=80 if frame % 2 else -80))
    for frame in range(50, 150):
        sure = estimator.update(pose_of(Figure(), frame / 25, azimuth_deg=80))
    assert doubtful.confidence < 0.5 < 0.95 < sure.confidence


def test_after_a_long_absence_it_begins_anew() -> None:
    estimator = ViewEstimator()
    estimator.update(pose_of(Figure(), 0.0, azimuth_deg=0))
    assert estimator.update(pose_of(Figure(), 10.0, azimuth_deg=90)).azimuth_deg == pytest.approx(90, abs=1e-3)
