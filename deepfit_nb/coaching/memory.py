"""The last seconds of motion, kept so that a rep can be judged after it has ended."""

from __future__ import annotations

from collections import deque
from itertools import takewhile

import numpy as np

from deepfit_nb.kinematics.measures import MEASURES
from deepfit_nb.kinematics.motion import Motion
from deepfit_nb.kinematics.stretch import Stretch


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
