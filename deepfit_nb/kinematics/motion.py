"""`MotionTracker`: from a stream of poses to smoothed measures and the camera's view."""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.filters import OneEuro
from deepfit_nb.kinematics.general import limb_lengths_px
from deepfit_nb.kinematics.measures import DEGREES, MEASURES, measure
from deepfit_nb.kinematics.sides import SideKeeper
from deepfit_nb.kinematics.view import UNKNOWN_VIEW, View, ViewEstimator
from deepfit_nb.pose import Pose

#: Who comes after nobody was seen for longer than this may be somebody else.
_AWAY_S: Final = 1.0
_UNKNOWN: Final = np.full(len(MEASURES), np.nan)


class Motion(NamedTuple):
    """One frame, measured: ``values`` and ``errors`` (62,) in the order of `MEASURES`, and the camera's view.

    ``measured`` are the values before they were filtered, which do not lag. ``pose`` is the body that was measured,
    with its left and right as they were before. All measures are NaN where the body is half-way between its sides.
    """

    time_s: float
    values: NDArray[np.float64]
    errors: NDArray[np.floating]
    view: View
    pose: Pose
    measured: NDArray[np.floating]


class LimbLengths:
    """Limb lengths in pixels: a high percentile of those of the last few seconds.

    MediaPipe shrinks a body that crouches, by a third at the bottom of a squat seen from the front. So the longest of
    late are nearest to the truth, but for those that a single bad frame has stretched. Who comes after nobody was seen
    for a second may be somebody else, or stand elsewhere, and is measured anew.
    """

    def __init__(self, window_s: float = 6.0, percentile: float = 80.0) -> None:
        self._window_s = window_s
        self._percentile = percentile
        self._recent: deque[tuple[float, NDArray[np.floating]]] = deque()

    def update(self, pose: Pose) -> NDArray[np.floating]:
        """Take in one body; (4,) as `limb_lengths_px`."""
        if self._recent and pose.time_s - self._recent[-1][0] > _AWAY_S:
            self._recent.clear()
        self._recent.append((pose.time_s, limb_lengths_px(pose.image, pose.world)))
        while self._recent[0][0] < pose.time_s - self._window_s:
            self._recent.popleft()
        # The nearest rank: np.percentile interpolates, and takes three times as long.
        ranked = np.sort([lengths for _, lengths in self._recent], axis=0)
        return np.asarray(ranked[round((len(ranked) - 1) * self._percentile / 100)])


class MotionTracker:
    """Measures a body over time.

    Left and right are kept apart, limb lengths are those of some seconds, and each measure passes a One-Euro filter
    whose lag in a movement of normal speed is about a frame.
    """

    def __init__(self) -> None:
        self._sides = SideKeeper()
        self._lengths = LimbLengths()
        self._view = ViewEstimator()
        self._seen_from = UNKNOWN_VIEW
        # One unit of beta for one full range of motion: about 100 degrees, or 1 as a ratio.
        self._filter = OneEuro(min_cutoff_hz=4.0, beta=np.where(DEGREES, 0.06, 6.0))

    def update(self, pose: Pose) -> Motion:
        """Measure one body; the times must not go backwards."""
        kept = self._sides.update(pose)
        if kept is None:
            return Motion(pose.time_s, _UNKNOWN, _UNKNOWN, self._seen_from, pose, _UNKNOWN)
        values, errors = measure(kept.image, kept.world, self._lengths.update(kept))
        filtered = self._filter.update(kept.time_s, values)
        self._seen_from = self._view.update(kept)
        return Motion(kept.time_s, filtered, errors, self._seen_from, kept, values)
