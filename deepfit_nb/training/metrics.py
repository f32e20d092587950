"""Figures of classifiers: confusion, calibration, intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar


def softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """Probabilities over the last axis."""
    odds = np.exp(logits - logits.max(-1, keepdims=True))
    return odds / odds.sum(-1, keepdims=True)


def confusion(true: NDArray[np.intp], predicted: NDArray[np.intp], classes: int) -> NDArray[np.intp]:
    """(classes, classes) counts: rows are what was true, columns what was said."""
    table = np.zeros((classes, classes), np.intp)
    np.add.at(table, (true, predicted), 1)
    return table


def fit_temperature(logits: NDArray[np.floating], true: NDArray[np.intp]) -> float:
    """The temperature that makes softmax(logits / T) most likely (Guo et al. 2017, arXiv:1706.04599)."""

    def loss(log_temperature: float) -> float:
        probabilities = softmax(logits / np.exp(log_temperature))
        return float(-np.log(probabilities[np.arange(len(true)), true] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def expected_calibration_error(probabilities: NDArray[np.floating], true: NDArray[np.intp], bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over equal bins of confidence, weighted by their size."""
    confidence, right = probabilities.max(-1), probabilities.argmax(-1) == true
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    total = 0.0
    for index in np.unique(place):
        inside = place == index
        total += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(total)


def wilson_interval(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927): honest where the count is small or the share near 1."""
    if not total:
        return 0.0, 1.0
    share = right / total
    middle = share + z * z / (2 * total)
    spread = z * float(np.sqrt(share * (1 - share) / total + z * z / (4 * total * total)))
    scale = 1 + z * z / total
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)
