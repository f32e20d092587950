"""The angle of each elbow, for somebody of whom is known what the arms are doing.

`deepfit_nb.kinematics.estimator` judges any body, and where an elbow is hidden it can only guess. Who is known to row
has the upper arm along the trunk when the elbow is bent; who extends the arms overhead keeps it upright: so what is
seen of shoulder, trunk and the other arm tells of the elbow as well. A small network (`deepfit_nb.training.elbows`)
has learned that from rendered bodies with exact truth, for each of `MOVEMENTS`. It corrects the other estimate. What it
says of an arm that does something else means nothing: an exercise asks for its own movement only.

Left and right are judged by the same weights, the right arm in a mirror.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.dense import Layers, forward, layers_in, named_layers, read_model, standardised
from deepfit_nb.kinematics.estimator import FEATURES as OF_JOINT
from deepfit_nb.kinematics.estimator import JOINTS, LOG_ERROR_RANGE, UNIT_DEG
from deepfit_nb.pose import Landmark as L
from deepfit_nb.resources import resource

Array = NDArray[np.floating]

#: What arms may be known to do, and the exercise that is learned from.
MOVEMENTS: Final[dict[str, str]] = {
    "curling": "bicep_curls",
    "rowing": "dumbbell_rows",
    "extending": "tricep_extensions",
    "pressing": "dumbbell_shoulder_press",
}
#: Goes up when `elbow_features` changes; a model fits one version only.
FEATURE_VERSION: Final = 1

#: What is looked at of an arm, of both arms each, in the order of `ARM`.
ARM: Final = ("elbow", "shoulder", "hip", "hand_height", "elbow_height", "forearm_height")
_ARM_UNIT: Final = np.array([90.0, 90.0, 90.0, 1.0, 1.0, 1.0])
_TRUNK_UNIT: Final = 60.0
_SEEN: Final = np.array(
    [
        [L.LEFT_SHOULDER, L.LEFT_ELBOW, L.LEFT_WRIST, L.LEFT_HIP],
        [L.RIGHT_SHOULDER, L.RIGHT_ELBOW, L.RIGHT_WRIST, L.RIGHT_HIP],
    ]
)
#: Of the estimator's features, those that say which joint it is tell nothing here, and the other arm matters less.
_OWN: Final = OF_JOINT - len(JOINTS)
_OTHER: Final = 21
#: Numbers in a row of `elbow_features`.
FEATURES: Final = 2 * _OWN + _OTHER + 2 * len(ARM) + 4 + 2 + 2 * _SEEN.shape[1]

_ELBOW, _SHOULDER = JOINTS.index("elbow"), JOINTS.index("shoulder")
_RETRAIN: Final = "Take the model that comes with this version, or make one: 'deepfit train --angles --out models'."


def elbow_features(joints: Array, arms: Array, errors: Array, trunk: Array, visibility: Array) -> Array:
    """What the network sees of each arm: (..., 2, 117), NaN where it is not known.

    Parameters
    ----------
    joints
        (..., 2, 4, 39) of `deepfit_nb.kinematics.estimator.features`.
    arms
        (..., 2, 6) of left and right `ARM`: degrees, and heights as `deepfit_nb.kinematics.measures` has them.
    errors
        (..., 2, 2) expected errors of elbow and shoulder in degrees.
    trunk
        (..., 2) degrees of ``trunk_lean`` and ``trunk_pitch``.
    visibility
        (..., 33) of the landmarks, 0 to 1.
    """
    elbow, shoulder = joints[..., _ELBOW, :_OWN], joints[..., _SHOULDER, :_OWN]
    of_arm, of_error, seen = arms / _ARM_UNIT, np.log(errors / UNIT_DEG), visibility[..., _SEEN]
    parts = (
        elbow, shoulder, elbow[..., ::-1, :_OTHER],
        of_arm, of_arm[..., ::-1, :], of_error, of_error[..., ::-1, :],
        np.repeat(trunk[..., None, :] / _TRUNK_UNIT, 2, axis=-2), seen, seen[..., ::-1, :],
    )  # fmt: skip
    return np.concatenate(parts, axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class ElbowReader:
    """A trained network: pure, without state; `shipped_elbows` is the one that comes with the package.

    Attributes
    ----------
    mean, scale
        (FEATURES,) of the training data.
    layers
        The last gives, for each of `MOVEMENTS`, a correction of the elbow's angle, and then for each the logarithm of
        the expected error (both in units of 40°).
    error_factor
        (movements,): makes 68 % of the errors smaller than expected, in clips not learned from and by fair cameras.
    """

    mean: Array
    scale: Array
    layers: Layers
    error_factor: Array

    def __call__(self, features: Array, elbows: Array) -> tuple[Array, Array]:
        """Angles and expected errors in degrees, (..., 2, movements) each, from `elbow_features` and (..., 2) angles.

        NaN where the angle that is to be corrected is.
        """
        output = forward(standardised(features, self.mean, self.scale), self.layers)
        correction, log_error = output[..., : len(MOVEMENTS)], output[..., len(MOVEMENTS) :]
        angles = np.clip(elbows[..., None] + UNIT_DEG * correction, 0.0, 180.0)
        errors = UNIT_DEG * np.exp(np.clip(log_error, *LOG_ERROR_RANGE)) * self.error_factor
        return angles, np.where(np.isfinite(angles), errors, np.nan)

    def save(self, path: str | Path) -> None:
        """Write an ``.npz`` that `load` reads back."""
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file, feature_version=FEATURE_VERSION, mean=self.mean, scale=self.scale,
                error_factor=self.error_factor, **named_layers(self.layers),
            )  # fmt: skip

    @classmethod
    def load(cls, path: str | Path) -> ElbowReader:
        """Read a model file; raises `ModelError` where it is absent, damaged, or made for other features."""
        path = Path(path)
        arrays = read_model(path, "error_factor", what="elbows", version=FEATURE_VERSION, remedy=_RETRAIN)
        layers = layers_in(arrays, path, inputs=FEATURES, outputs=2 * len(MOVEMENTS), remedy=_RETRAIN)
        return cls(arrays["mean"], arrays["scale"], layers, arrays["error_factor"])


@cache
def shipped_elbows() -> ElbowReader:
    """The model that comes with the package; its arrays cannot be written to."""
    return ElbowReader.load(resource("models", "elbows.npz"))
