"""What a rep looks like as a whole: how likely each form fault is, learned, as a second opinion on the rules.

A rule looks at one measure, where MediaPipe may be wrong by more than a fault amounts to. All measures of a rep
together tell more: an elbow that only seems to drift leaves the hand where it was. A small network
(`deepfit_nb.training.form`) has learned that from sets whose faults are known, rendered and synthetic. It claims
nothing by itself: its log-odds say by how much the margin of a rule may shrink, or should grow
(`deepfit_nb.coaching.rules.margin_factor`), and may bear out a rule where the view alone could not.

Left and right do not count, only which side is nearer to the camera: a rep and its mirror image look the same.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching.rules import END_PART, HALF_WAY
from deepfit_nb.errors import ModelError
from deepfit_nb.kinematics import without_side
from deepfit_nb.kinematics.dense import Layers, forward, layers_in, named_layers, read_model, standardised
from deepfit_nb.kinematics.general import GENERAL, SIDED
from deepfit_nb.kinematics.stretch import Side, Stretch, combined
from deepfit_nb.kinematics.view import View
from deepfit_nb.resources import resource

Array = NDArray[np.floating]

#: Goes up when `rep_features` changes; a model fits one version only.
FEATURE_VERSION: Final = 1

#: The measures of a rep; those that each side has are looked at for both sides together and for each.
_WHOLE: Final = tuple(dict.fromkeys(without_side(name) for name in GENERAL))
#: Of each: median at its near and far end, 5th and 95th percentile, median half-way, mean, median expected error.
_STATISTICS: Final = 7
#: A measure known in fewer frames of a rep than this is not known.
_FEWEST: Final = 3
#: Numbers that `rep_features` gives: all these, then five of the view and the rep.
FEATURES: Final = _STATISTICS * (len(_WHOLE) + 2 * len(SIDED)) + 5

_RETRAIN: Final = "Take the model that comes with this version, or make one with 'deepfit train --form --out models'."


def rep_features(stretch: Stretch, progress: Array, side: Side, view: View) -> Array:
    """What the network sees of a rep: (194,), NaN where nothing is known.

    Parameters
    ----------
    stretch, progress
        The rep's measures, and its progress (N,) in the same frames.
    side
        The side, or sides, that it is judged on.
    view
        From where it was seen; what is not known counts as from the front, the left side nearer.
    """
    azimuth = math.radians(view.azimuth_deg) if math.isfinite(view.azimuth_deg) else 0.0
    near: Side = "left" if math.sin(azimuth) >= 0 else "right"
    far: Side = "right" if near == "left" else "left"
    looked_at: list[tuple[str, Side]] = [(name, side) for name in _WHOLE]
    looked_at += [(name, one) for name in SIDED for one in (near, far)]
    seen = [combined(name, stretch, one) for name, one in looked_at]
    values, errors = (np.stack(part, 1) for part in zip(*seen, strict=True))
    found = _statistics(values, errors, progress)
    lasted_s = stretch.times[-1] - stretch.times[0] if len(stretch.times) else math.nan
    judged = 0.0 if side == "both" else 1.0 if side == near else -1.0
    of_rep = [math.cos(azimuth), abs(math.sin(azimuth)), view.confidence, lasted_s, judged]
    return np.concatenate([found.ravel(), of_rep])


def _statistics(values: Array, errors: Array, progress: Array) -> Array:
    """(M, 7) of M measures over a rep: (N, M) values and expected errors, (N,) progress."""
    known = np.isfinite(progress)
    if known.sum() < _FEWEST:
        return np.full((values.shape[1], _STATISTICS), np.nan)
    values, progress = values[known], progress[known]
    errors = np.where(np.isfinite(values), errors[known], np.nan)
    span = np.ptp(progress)
    near, far = progress <= progress.min() + END_PART * span, progress >= progress.max() - END_PART * span
    done = (progress - progress.min()) / max(span, 1e-9)
    half = (done >= HALF_WAY[0]) & (done <= HALF_WAY[1])
    low, middle, high = _quantiles(values, 0.05, 0.5, 0.95)
    (rest,), (peak,) = _quantiles(values[near], 0.5), _quantiles(values[far], 0.5)
    half_way = _quantiles(values[half], 0.5)[0] if half.any() else middle
    count = np.isfinite(values).sum(0)
    mean = np.nansum(values, 0) / np.maximum(count, 1)
    found = np.stack([rest, peak, low, high, half_way, mean, _quantiles(errors, 0.5)[0]], 1)
    return np.where((count >= _FEWEST)[:, None], found, np.nan)


def _quantiles(values: Array, *shares: float) -> list[Array]:
    """Quantiles (M,) of what is known in each column of (N, M); NaN where nothing is."""
    # NaN sorts to the end. NumPy's own nanquantile takes twenty times as long.
    ordered, columns = np.sort(values, axis=0), np.arange(values.shape[1])
    last = np.maximum(np.isfinite(values).sum(0) - 1, 0)
    found = []
    for share in shares:
        at = share * last
        below, above = np.floor(at).astype(int), np.ceil(at).astype(int)
        found.append(ordered[below, columns] + (at - below) * (ordered[above, columns] - ordered[below, columns]))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Impression:
    """A trained network: pure, without state; `shipped_impression` is the one that comes with the package.

    Attributes
    ----------
    mean, scale
        (FEATURES + exercises,) of the training data; the exercise joins the features as one of so many places.
    layers
        The last gives a log-odds for each of ``faults``.
    exercises
        Names of the exercises it knows.
    faults
        ``(exercise, fault id)`` of each output; of others it says nothing.
    """

    mean: Array
    scale: Array
    layers: Layers
    exercises: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]

    def __call__(self, exercise: str, features: Array) -> dict[str, float]:
        """Log-odds of each fault of an exercise, as likely as not beforehand; none of one that it does not know."""
        if exercise not in self.exercises:
            return {}
        place = np.eye(len(self.exercises))[self.exercises.index(exercise)]
        output = forward(standardised(np.concatenate([features, place]), self.mean, self.scale), self.layers)
        return {
            fault: float(odds) for (owner, fault), odds in zip(self.faults, output, strict=True) if owner == exercise
        }

    def only(self, faults: Collection[tuple[str, str]]) -> Impression:
        """The same without a word on other faults."""
        keep = [place for place, pair in enumerate(self.faults) if pair in faults]
        weights, bias = self.layers[-1]
        layers = (*self.layers[:-1], (weights[:, keep], bias[keep]))
        return replace(self, layers=layers, faults=tuple(self.faults[place] for place in keep))

    def save(self, path: str | Path) -> None:
        """Write an ``.npz`` that `load` reads back."""
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file, feature_version=FEATURE_VERSION, mean=self.mean, scale=self.scale,
                exercises=np.array(self.exercises), faults=np.array(self.faults), **named_layers(self.layers),
            )  # fmt: skip

    @classmethod
    def load(cls, path: str | Path) -> Impression:
        """Read a model file; raises `ModelError` where it is absent, damaged, or made for other features."""
        path = Path(path)
        arrays = read_model(path, "exercises", "faults", what="form", version=FEATURE_VERSION, remedy=_RETRAIN)
        exercises, faults = tuple(arrays["exercises"].tolist()), arrays["faults"]
        if faults.ndim != 2 or faults.shape[1] != 2:
            raise ModelError(f"{path}: its faults are not pairs of exercise and fault. {_RETRAIN}")
        layers = layers_in(arrays, path, inputs=FEATURES + len(exercises), outputs=len(faults), remedy=_RETRAIN)
        pairs = tuple((str(owner), str(fault)) for owner, fault in faults)
        return cls(arrays["mean"], arrays["scale"], layers, exercises, pairs)


@cache
def shipped_impression() -> Impression:
    """The model that comes with the package; its arrays cannot be written to."""
    return Impression.load(resource("models", "form.npz"))
