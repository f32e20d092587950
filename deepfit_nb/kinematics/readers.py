"""Angles of a body of which is known what it does: `JointReader`, a small network that corrects the general estimate.

`deepfit_nb.kinematics.estimator` judges any body, and where a joint is hidden it can only guess. What is seen of the
rest of the body tells of it as well, once the movement is known. Networks (`deepfit_nb.training.readers`) have learned
that from rendered bodies with exact truth, one for each `Subject`: `deepfit_nb.kinematics.elbows` and
`deepfit_nb.kinematics.limbs` say what they look at.

Left and right are judged by the same weights, the right side in a mirror.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.dense import Layers, forward, layers_in, named_layers, read_model, standardised
from deepfit_nb.kinematics.estimator import LOG_ERROR_RANGE, UNIT_DEG
from deepfit_nb.kinematics.general import Body, sided_columns
from deepfit_nb.kinematics.movements import Reading
from deepfit_nb.resources import resource

Array = NDArray[np.floating]

_RETRAIN = "Take the model that comes with this version, or make one: 'deepfit train --angles --out models'."


@dataclass(frozen=True, slots=True)
class Subject:
    """What a network reads, and what it looks at.

    Attributes
    ----------
    name
        Of the model's file.
    readings
        In the order of the network's outputs.
    features
        Gives what the network sees of each side, (..., 2, width), NaN where it is not known.
    width
        How many numbers that are.
    version
        Goes up when ``readings`` or ``features`` change; a model fits one version only.
    """

    name: str
    readings: tuple[Reading, ...]
    features: Callable[[Body], Array]
    width: int
    version: int = 1

    def corrected(self, body: Body) -> Array:
        """(..., 2, readings) degrees, left and right: the general estimates that are to be corrected."""
        return body.measures.values[..., _columns(self.readings)]


@dataclass(frozen=True, slots=True, eq=False)
class JointReader:
    """A trained network: pure, without state; `shipped_reader` is the one that comes with the package.

    Attributes
    ----------
    mean, scale
        (width,) of the training data.
    layers
        The last gives, for each reading of the `Subject`, a correction of the angle, and then for each the logarithm
        of the expected error (both in units of 40°).
    error_factor
        (readings,): makes 68 % of the errors smaller than expected, in clips not learned from and by fair cameras.
    """

    mean: Array
    scale: Array
    layers: Layers
    error_factor: Array

    def __call__(self, features: Array, angles: Array) -> tuple[Array, Array]:
        """Angles and expected errors in degrees, (..., 2, readings) each, from those of the `Subject`.

        NaN where the angle that is to be corrected is.
        """
        output = forward(standardised(features, self.mean, self.scale), self.layers)
        correction, log_error = np.split(output, 2, axis=-1)
        angles = np.clip(angles + UNIT_DEG * correction, 0.0, 180.0)
        errors = UNIT_DEG * np.exp(np.clip(log_error, *LOG_ERROR_RANGE)) * self.error_factor
        return angles, np.where(np.isfinite(angles), errors, np.nan)

    def save(self, path: str | Path, subject: Subject) -> None:
        """Write an ``.npz`` that `load` reads back."""
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file, feature_version=subject.version, mean=self.mean, scale=self.scale,
                error_factor=self.error_factor, **named_layers(self.layers),
            )  # fmt: skip

    @classmethod
    def load(cls, path: str | Path, subject: Subject) -> JointReader:
        """Read a model file; raises `ModelError` where it is absent, damaged, or made for another subject."""
        path = Path(path)
        arrays = read_model(path, "error_factor", what=subject.name, version=subject.version, remedy=_RETRAIN)
        outputs = 2 * len(subject.readings)
        layers = layers_in(arrays, path, inputs=subject.width, outputs=outputs, remedy=_RETRAIN)
        return cls(arrays["mean"], arrays["scale"], layers, arrays["error_factor"])


@cache
def _columns(readings: tuple[Reading, ...]) -> NDArray[np.intp]:
    return sided_columns(*(joint for joint, _ in readings))


@cache
def shipped_reader(subject: Subject) -> JointReader:
    """The model that comes with the package; its arrays cannot be written to."""
    return JointReader.load(resource("models", f"{subject.name}.npz"), subject)
