"""From measures to the one number a rep is counted by."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching.definition import Signal
from deepfit_nb.kinematics.stretch import Side, Stretch, columns

#: Progress is cut off outside these: arms that hang before a press are no deeper start of it.
_LEAST: Final = -0.25
_MOST: Final = 1.5


class Progress(NamedTuple):
    """How far a rep has come: 0 at the start position, 1 at the far end; NaN when nothing of it is seen."""

    value: float
    error: float


class ProgressSignal:
    """The progress of an exercise, or of one side of it.

    Each measure gives an estimate of the progress with an expected error; their mean weighted by 1 / error² has the
    least error of all weighted means. So a hidden arm, or an angle that this view cannot show, hardly counts, and no
    rule has to say which measure to use from where.
    """

    def __init__(self, signal: Signal, side: Side = "both") -> None:
        picked = [(column, one) for one in signal.measures for column in columns(one.measure, side)]
        self._columns = np.array([column for column, _ in picked])
        self._rest = np.array([one.rest for _, one in picked])
        self._span = np.array([one.peak - one.rest for _, one in picked])
        self._error_unit = self._span / np.array([one.doubt for _, one in picked])

    def __call__(self, values: NDArray[np.floating], errors: NDArray[np.floating]) -> Progress:
        """Progress of one frame from its (62,) measures and their errors."""
        estimates = (values[self._columns] - self._rest) / self._span
        variances = (errors[self._columns] / self._error_unit) ** 2
        known = np.isfinite(estimates) & np.isfinite(variances)
        if not known.any():
            return Progress(float("nan"), float("inf"))
        weights = 1 / np.maximum(variances[known], 1e-6)
        total = float(weights.sum())
        value = float((weights * estimates[known]).sum()) / total
        return Progress(min(max(value, _LEAST), _MOST), total**-0.5)

    def over(self, stretch: Stretch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Progress of every frame of a stretch, and its expected error: (N,) each, as one call a frame gives them."""
        estimates = (stretch.values[:, self._columns] - self._rest) / self._span
        variances = (stretch.errors[:, self._columns] / self._error_unit) ** 2
        known = np.isfinite(estimates) & np.isfinite(variances)
        weights = np.where(known, 1 / np.maximum(variances, 1e-6), 0.0)
        total = weights.sum(1)
        seen = total > 0
        total = np.where(seen, total, 1.0)
        value = (weights * np.where(known, estimates, 0.0)).sum(1) / total
        return np.where(seen, np.clip(value, _LEAST, _MOST), np.nan), np.where(seen, total**-0.5, np.inf)
