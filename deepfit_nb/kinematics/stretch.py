"""Measures over a stretch of time, those of two sides together or of one."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.measures import INDEX

Side = Literal["both", "left", "right"]


class Stretch(NamedTuple):
    """Measures over a stretch of time: ``times`` (N,), ``values`` and ``errors`` (N, 62)."""

    times: NDArray[np.float64]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]

    def between(self, start_s: float, end_s: float) -> Stretch:
        """The part of it from one moment to another, both included."""
        during = (self.times >= start_s) & (self.times <= end_s)
        return Stretch(self.times[during], self.values[during], self.errors[during])


def columns(measure: str, side: Side = "both") -> tuple[int, ...]:
    """Columns of `MEASURES` that a name stands for: left and right, or one where a side is named or asked for."""
    if measure in INDEX:
        return (INDEX[measure],)
    left, right = INDEX[f"{measure}_left"], INDEX[f"{measure}_right"]
    return {"both": (left, right), "left": (left,), "right": (right,)}[side]


def combined(measure: str, stretch: Stretch, side: Side) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A measure over a stretch and its expected error: one side's, or the mean of both weighted by 1 / error²."""
    picked = list(columns(measure, side))
    values, errors = stretch.values[:, picked], stretch.errors[:, picked]
    weights = np.where(np.isfinite(values), 1 / np.maximum(errors, 1e-3) ** 2, 0.0)
    total = weights.sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, np.nansum(values * weights, 1) / total, np.nan), total**-0.5
