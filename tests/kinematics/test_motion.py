"""Measures over a stream."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.kinematics.measures import INDEX
from deepfit_nb.kinematics.motion import MotionTracker
from deepfit_nb.pose import PoseRecording
from tests.factories import cosine, film, pose_of, squat

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


def test_limb_lengths_forget_a_body_shrunk_for_a_moment() -> None:
    """MediaPipe makes a crouching body smaller; heights must not jump with it."""
    tracker = MotionTracker()
    for frame in range(100):
        tracker.update(pose_of(squat(0.0), frame / 25, azimuth_deg=0))
    before = tracker.update(pose_of(squat(0.0), 4.0, azimuth_deg=0)).values[INDEX["hip_height"]]
    shrunk = pose_of(squat(0.0), 4.04, azimuth_deg=0)
    shrunk.world[:] *= 1.3
    after = tracker.update(shrunk).values[INDEX["hip_height"]]
    assert after == pytest.approx(before, abs=0.02)
