"""Trackers after each frame of a movement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.tracker import RepTracker
from deepfit_nb.kinematics.motion import MotionTracker
from deepfit_nb.pose import Landmark as L
from deepfit_nb.pose import Pose
from tests.factories import Figure, pose_of

FAR_ARM = (L.RIGHT_ELBOW, L.RIGHT_WRIST)
REPS, FPS = 4, 15.0


def follow(exercise: str, poses: Iterable[Pose]) -> Iterator[RepTracker]:
    """One tracker, after each pose."""
    motion, memory = MotionTracker(), MotionMemory()
    tracker = RepTracker(builtin_exercises()[exercise], memory)
    for pose in poses:
        moved = motion.update(pose)
        memory.add(moved)
        tracker.follow(moved.time_s)
        yield tracker


def track(exercise: str, poses: Iterable[Pose]) -> RepTracker:
    """The tracker after all poses."""
    *_, last = follow(exercise, poses)
    return last


def stages(
    exercise: str, motion: Callable[[float], Figure], times: np.ndarray, amounts: np.ndarray
) -> Iterator[RepTracker]:
    """One tracker, after each frame of a motion seen from the side."""
    return follow(exercise, (pose_of(motion(a), t, azimuth_deg=80) for t, a in zip(times, amounts, strict=True)))


def turns(amounts: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The amounts of `cosine`, with the even reps on the left and the odd ones on the right."""
    rep = np.clip(np.floor((times - 1) / 2), 0, REPS - 1)
    return np.where(rep % 2 == 0, amounts, 0), np.where(rep % 2 == 1, amounts, 0)
