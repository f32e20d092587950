"""The last seconds of motion, kept so that a rep can be judged after it has ended."""

from __future__ import annotations

from collections import deque
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching.definition import columns
from deepfit_nb.coaching.report import Side
from deepfit_nb.kinematics.measures import MEASURES
from deepfit_nb.kinematics.motion import Motion


class Stretch(NamedTuple):
    """Measures over a stretch of time: ``times`` (N,), ``values`` and ``errors`` (N, 20)."""

    times: NDArray[np.float64]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]

    def between(self, start_s: float, end_s: float) -> Stretch:
        """The part of it from one moment to another, both included."""
        during = (self.times >= start_s) & (self.times <= end_s)
        return Stretch(self.times[during], self.values[during], self.errors[during])


class MotionMemory:
    """Holds the motions of the last `keep_s` seconds."""

    def __init__(self, keep_s: float = 30.0) -> None:
        self._keep_s = keep_s
        self._motions: deque[Motion] = deque()

    def add(self, motion: Motion) -> None:
        """Append one frame and drop those that are too old."""
        self._motions.append(motion)
        while self._motions[0].time_s < motion.time_s - self._keep_s:
            self._motions.popleft()

    def remembers(self, time_s: float) -> bool:
        """Whether it still holds the frames from that moment on."""
        return bool(self._motions) and self._motions[0].time_s <= time_s

    def after(self, time_s: float) -> list[Motion]:
        """The motions later than that moment, in the order of time."""
        later = list(takewhile(lambda motion: motion.time_s > time_s, reversed(self._motions)))
        return later[::-1]

    def between(self, start_s: float, end_s: float) -> Stretch:
        """The frames from `start_s` to `end_s`, both included; at least the newest one before `end_s`."""
        picked: list[Motion] = []
        for motion in reversed(self._motions):
            if motion.time_s > end_s:
                continue
            if motion.time_s < start_s and picked:
                break
            picked.append(motion)
        picked.reverse()
        return Stretch(
            np.array([motion.time_s for motion in picked]),
            np.array([motion.values for motion in picked]).reshape(len(picked), len(MEASURES)),
            np.array([motion.errors for motion in picked]).reshape(len(picked), len(MEASURES)),
        )


def combined(measure: str, stretch: Stretch, side: Side) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A measure over a stretch and its expected error: one side's, or the mean of both weighted by 1 / error²."""
    picked = list(columns(measure))
    if side != "both" and len(picked) == 2:
        picked = [picked[("left", "right").index(side)]]
    values, errors = stretch.values[:, picked], stretch.errors[:, picked]
    weights = np.where(np.isfinite(values), 1 / np.maximum(errors, 1e-3) ** 2, 0.0)
    total = weights.sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, np.nansum(values * weights, 1) / total, np.nan), total**-0.5
