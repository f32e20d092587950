"""Smoothing that knows about time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


class OneEuro:
    """The One-Euro filter over a vector: smooth when still, quick when moving.

    Casiez, Roussel and Vogel 2012 (doi 10.1145/2207676.2208639). An element that is NaN gives NaN and keeps its state,
    so that a short drop-out is bridged; after `reset_s` without a value an element starts afresh.

    Parameters
    ----------
    min_cutoff_hz
        Cut-off frequency at rest. Lower is smoother and lags more: the lag of a slow movement is 1 / (2 pi f) seconds.
    beta
        How much the cut-off rises with speed, in Hz per (unit a second). The units are those of the values.
    derivative_cutoff_hz
        Smoothing of the speed itself.
    """

    def __init__(
        self,
        min_cutoff_hz: float | NDArray[np.floating] = 2.0,
        beta: float | NDArray[np.floating] = 0.02,
        derivative_cutoff_hz: float = 1.0,
        reset_s: float = 0.5,
    ) -> None:
        self._min_cutoff = min_cutoff_hz
        self._beta = beta
        self._derivative_cutoff = derivative_cutoff_hz
        self._reset_s = reset_s
        self._value: NDArray[np.float64] | None = None

    def update(self, time_s: float, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Filter one vector; the times must not go backwards."""
        values = np.asarray(values, np.float64)
        known = np.isfinite(values)
        if self._value is None:
            self._value = np.where(known, values, np.nan)
            self._speed = np.zeros_like(values)
            self._seen = np.where(known, time_s, -np.inf)
            return self._value.copy()
        gap = time_s - self._seen
        stale = ~np.isfinite(self._value) | (gap > self._reset_s)
        step = np.clip(gap, 1e-6, self._reset_s)
        with np.errstate(invalid="ignore"):
            speed = (values - self._value) / step
            speed = self._speed + _smoothing(self._derivative_cutoff, step) * (speed - self._speed)
            cutoff = self._min_cutoff + self._beta * np.abs(speed)
            value = self._value + _smoothing(cutoff, step) * (values - self._value)
        fresh = known & stale
        moved = known & ~stale
        self._speed = np.where(moved, speed, np.where(fresh, 0.0, self._speed))
        self._value = np.where(moved, value, np.where(fresh, values, self._value))
        self._seen = np.where(known, time_s, self._seen)
        return np.where(known, self._value, np.nan)


def _smoothing(cutoff_hz: float | NDArray[np.floating], step_s: NDArray[np.floating]) -> NDArray[np.floating]:
    """Weight of the new value in an exponential filter of that cut-off frequency."""
    radians = 2 * math.pi * cutoff_hz * step_s
    return radians / (radians + 1)
