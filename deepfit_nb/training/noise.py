"""Random processes in time: the building blocks of unsteady people, cameras and detectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.training.geometry import Array


def wander(rng: np.random.Generator, time_s: Array, period_s: float, shape: tuple[int, ...] = ()) -> Array:
    """Smooth noise (T, *shape) with standard deviation 1 that forgets itself in about ``period_s`` seconds.

    Gaussian knots joined by straight lines, so that it does not depend on the frame rate.
    """
    place = (time_s - time_s[0]) / period_s + rng.random()
    first = place.astype(np.intp)
    knots = rng.standard_normal((int(first[-1]) + 2, *shape))
    share = (place - first).reshape(-1, *(1,) * len(shape))
    # A straight line between two independent knots has on average 2/3 of their variance.
    return np.asarray((knots[first] * (1 - share) + knots[first + 1] * share) * np.sqrt(1.5))


def episodes(
    rng: np.random.Generator, time_s: Array, per_minute: float, shortest: float, longest: float
) -> NDArray[np.bool_]:
    """(T,) True during random episodes that begin ``per_minute`` times a minute and last as long as the bounds say."""
    during = np.zeros(len(time_s), bool)
    span = time_s[-1] - time_s[0] + 1e-6
    for start in rng.uniform(time_s[0], time_s[-1], rng.poisson(per_minute * span / 60)):
        during |= (time_s >= start) & (time_s < start + rng.uniform(shortest, longest))
    return during
