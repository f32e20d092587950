"""Measures over a stream."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.kinematics.measures import INDEX
from deepfit_nb.kinematics.motion import LimbLengths, MotionTracker
from deepfit_nb.pose import Pose, PoseRecording
from tests.factories import SCALE, cosine, exchanged, film, pose_of, squat

KNEE = INDEX["knee_left"]


def track(recording: PoseRecording) -> np.ndarray:
    """(T, 20) values of a recording."""
    tracker = MotionTracker()
    return np.array([tracker.update(pose).values for _, pose in recording if pose is not None])


def test_a_body_at_rest_is_measured_alike_from_the_first_frame() -> None:
    tracker = MotionTracker()
    first = tracker.update(pose_of(squat(0.5), -1 / 25, azimuth_deg=90)).values[KNEE]
    assert first == pytest.approx(squat(0.5).knee[0], abs=8)
    for frame in range(10):
        motion = tracker.update(pose_of(squat(0.5), frame / 25, azimuth_deg=90))
        assert motion.values[KNEE] == pytest.approx(first, abs=1e-2)
        assert motion.view.name == "side"


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_the_knee_of_a_squat_is_followed_to_its_depth(fps: int) -> None:
    times, amounts = cosine(3, fps=fps)
    measured = track(film(squat, times, amounts, azimuth_deg=90))[:, KNEE]
    truth = np.array([squat(amount).knee[0] for amount in amounts])
    assert measured.min() == pytest.approx(truth.min(), abs=8)
    assert np.abs(measured - truth).max() < 25  # most of it the lag, at the fastest
    assert np.median(np.abs(measured - truth)) < 8


def test_jitter_is_smoothed_without_losing_the_range() -> None:
    times, amounts = cosine(3)
    recording = film(squat, times, amounts, azimuth_deg=90)
    rng = np.random.default_rng(0)
    shaky = PoseRecording(
        recording.image + np.array([2, 2, 2, 0]) * rng.normal(size=recording.image.shape).astype(np.float32),
        recording.world + rng.normal(0, 0.01, recording.world.shape).astype(np.float32),
        recording.ok, recording.time_s, recording.fps, recording.size,
    )  # fmt: skip
    clean, smooth = track(recording)[:, KNEE], track(shaky)[:, KNEE]
    assert np.ptp(smooth) == pytest.approx(np.ptp(clean), rel=0.1)
    rest = times < 1
    assert smooth[rest].std() < 2


def lengths_after(*stretches: tuple[float, float]) -> float:
    """Leg length, over that of a body seen at its full size, after stretches of (size, seconds)."""
    limbs, time_s, full = LimbLengths(), 0.0, float(LimbLengths().update(pose_of(squat(0.5)))[0])
    for size, seconds in stretches:
        for _ in range(max(1, round(seconds * 25))):
            time_s += 1 / 25
            found = limbs.update(pose_of(squat(0.5), time_s, scale=size * SCALE))
    return float(found[0]) / full


def test_limb_lengths_outlast_the_crouch_in_which_the_detector_shrinks_a_body() -> None:
    assert lengths_after((1.0, 2), (0.6, 3), (1.0, 2), (0.6, 3)) == pytest.approx(1, abs=0.02)


def test_limb_lengths_are_not_those_of_a_bad_frame() -> None:
    assert lengths_after((1.0, 1), (1.6, 0.04), (1.0, 0.2)) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("away_s", "found"), [(0.5, 1.0), (1.5, 0.6)])
def test_who_comes_after_nobody_was_seen_is_measured_anew(away_s: float, found: float) -> None:
    limbs, full = LimbLengths(), float(LimbLengths().update(pose_of(squat(0.5)))[0])
    for frame in range(50):
        limbs.update(pose_of(squat(0.5), frame / 25))
    lengths = limbs.update(pose_of(squat(0.5), 2 + away_s, scale=0.6 * SCALE))
    assert float(lengths[0]) / full == pytest.approx(found, rel=0.02)


@pytest.mark.parametrize("size", [0.6, 1.6])
def test_limb_lengths_follow_somebody_who_walks_off_or_comes_nearer(size: float) -> None:
    assert lengths_after((1.0, 4), (size, 7)) == pytest.approx(size, rel=0.02)


def test_a_body_half_way_between_its_sides_is_not_measured() -> None:
    tracker = MotionTracker()
    first = tracker.update(pose_of(squat(0.0), 0.0))
    true = pose_of(squat(0.0), 0.08)
    other = exchanged(true)
    between = Pose((true.image + other.image) / 2, (true.world + other.world) / 2, true.time_s, true.size)
    motion = tracker.update(between)
    assert np.isnan(motion.values).all()
    assert motion.view == first.view
    assert np.isfinite(tracker.update(pose_of(squat(0.0), 0.16)).values[KNEE])
