"""`MotionTracker`: from a stream of poses to smoothed measures and the camera's view."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.filters import OneEuro
from deepfit_nb.kinematics.measures import DEGREES, MEASURES, limb_lengths_px, measure
from deepfit_nb.kinematics.view import View, ViewEstimator
from deepfit_nb.pose import Pose


class Motion(NamedTuple):
    """One frame, measured: ``values`` and ``errors`` (20,) in the order of `MEASURES`, and the camera's view."""

    time_s: float
    values: NDArray[np.float64]
    errors: NDArray[np.floating]
    view: View


class LimbLengths:
    """Limb lengths in pixels: the mean of all frames at first, then of about the last few seconds."""

    def __init__(self, time_constant_s: float = 4.0) -> None:
        self._tau = time_constant_s
        self._lengths: NDArray[np.floating] | None = None
        self._weight = 0.0
        self._time_s = -math.inf

    def update(self, pose: Pose) -> NDArray[np.floating]:
        """Take in one body; (4,) as `limb_lengths_px`."""
        lengths = limb_lengths_px(pose.image, pose.world)
        gap = min(pose.time_s - self._time_s, 1.0)
        self._time_s = pose.time_s
        if self._lengths is None:
            self._lengths, self._weight = lengths, 0.1
        else:
            self._weight = min(self._weight + gap, self._tau)
            self._lengths = self._lengths + (lengths - self._lengths) * min(1.0, gap / self._weight)
        return self._lengths


class MotionTracker:
    """Measures a body over time.

    Limb lengths are averaged over some seconds, and each measure passes a One-Euro filter whose lag in a movement of
    normal speed is about two frames.
    """

    def __init__(self) -> None:
        self._lengths = LimbLengths()
        self._view = ViewEstimator()
        # One unit of beta for one full range of motion: about 100 degrees, or 1 as a ratio.
        self._filter = OneEuro(min_cutoff_hz=2.5, beta=np.where(np.arange(len(MEASURES)) < DEGREES, 0.04, 4.0))

    def update(self, pose: Pose) -> Motion:
        """Measure one body; the times must not go backwards."""
        values, errors = measure(pose.image, pose.world, self._lengths.update(pose))
        return Motion(pose.time_s, self._filter.update(pose.time_s, values), errors, self._view.update(pose))
