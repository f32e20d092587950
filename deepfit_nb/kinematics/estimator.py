"""The eight included joint angles from 2D and world landmarks together, learned, each with its expected error.

MediaPipe's 2D angle of a limb that points at the camera is useless, its world angle bends every elbow towards a right
angle, and which of the two is how wrong depends on the view and on what hides what. A small network
(`deepfit_nb.training.angles`) has learned that from rendered bodies with exact truth. For each joint it mixes the two
angles and adds a correction: where it knows nothing better, the result still lies between what was measured.

All joints are judged by the same weights, those of the right side in a mirror, and only directions and proportions are
looked at: the estimate is the same wherever the body stands, however large it is and whichever side is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.dense import Layers, forward, layers_in, named_layers, read_model, sigmoid, standardised
from deepfit_nb.kinematics.view import lateral_axis
from deepfit_nb.resources import resource

Array = NDArray[np.floating]

#: The joints of a side, in the order in which `TRIPLES` has them.
JOINTS: Final[tuple[str, ...]] = ("knee", "hip", "elbow", "shoulder")
#: The landmarks that are looked at: shoulder, elbow, wrist, hip, knee, ankle of the left side, then of the right.
LANDMARKS: Final[tuple[int, ...]] = (11, 13, 15, 23, 25, 27, 12, 14, 16, 24, 26, 28)
#: Goes up when `features` changes; a model fits one version only.
FEATURE_VERSION: Final = 1
#: Numbers in a row of `features`.
FEATURES: Final = 39
#: The first of them, but for the last that say which joint it is.
OF_ANY_JOINT: Final = FEATURES - len(JOINTS)

#: Bounds of the logarithm of an expected error: 1.2° and 109°, before the error factor.
LOG_ERROR_RANGE: Final = (-3.5, 1.0)
#: Unit of the network's correction and of its expected error.
UNIT_DEG: Final = 40.0
_RETRAIN: Final = "Take the model that comes with this version, or make one: 'deepfit train --angles --out models'."

# Places in LANDMARKS, the judged side first: for the right side the halves change places.
_SIDES = np.array([LANDMARKS, LANDMARKS[6:] + LANDMARKS[:6]])
_MIRROR = np.array([1.0, -1.0])[:, None]
# Segments: upper arm, forearm, thigh, shin and trunk of the judged side, then thigh, shin and trunk of the other.
_FROM, _TO = np.array([0, 1, 3, 4, 3, 9, 10, 9]), np.array([1, 2, 4, 5, 0, 10, 11, 6])
# By which limb length (leg, upper arm, forearm) each of the first five is divided, and what part of it it is.
_LENGTH, _PART = np.array([1, 2, 0, 0, 0]), np.array([1, 1, 0.5, 0.5, 0.7])
# The segments that meet in each joint; the first is turned round where it ends there.
_FIRST, _SECOND = np.array([2, 4, 0, 4]), np.array([3, 2, 1, 0])
_TURN = np.array([-1.0, 1.0, -1.0, -1.0])[:, None]
# From one end of each joint's chain to the other: hip to ankle, shoulder to knee, shoulder to wrist, hip to elbow.
_CHAIN = np.array([[0, 0, 1, 1, 0], [0, 0, 1, 0, 1.4], [1, 1, 0, 0, 0], [1, 0, 0, 0, 1.4]]) / 2
_NEEDED = np.array([[3, 4, 5], [0, 3, 4], [0, 1, 2], [3, 0, 1]])


def features(image: Array, world: Array, lengths: Array) -> tuple[Array, Array, Array]:
    """What the network sees: (..., 2, 4, 39), and the 2D and the world angles in degrees, (..., 2, 4) each.

    The last axes are sides (left, right) and `JOINTS`. Arguments as in `deepfit_nb.kinematics.general.measure_any`.
    """
    flat, deep = image[..., _SIDES, :2], world[..., _SIDES, :]
    flat = flat[..., _TO[:5], :] - flat[..., _FROM[:5], :]
    flat /= (lengths[..., None, _LENGTH] * _PART)[..., None]
    flat[..., 0] *= _MIRROR
    deep = deep[..., _TO, :] - deep[..., _FROM, :]
    legs_and_trunk = _norm(deep[..., 2:, :]).mean((-1, -2))
    deep /= np.maximum(1.25 * legs_and_trunk, 1e-9)[..., None, None, None]
    deep[..., 0] *= _MIRROR

    first, second = flat[..., _FIRST, :] * _TURN, flat[..., _SECOND, :]
    first_deep, second_deep = deep[..., _FIRST, :] * _TURN, deep[..., _SECOND, :]
    length, length_second = _norm(first), _norm(second)
    in_plane = _dot(first, second)
    cosine = _cosine(in_plane, length * length_second)
    cosine_deep = _cosine(_dot(first_deep, second_deep), _norm(first_deep) * _norm(second_deep))
    angle, angle_deep = np.degrees(np.arccos(cosine)), np.degrees(np.arccos(cosine_deep))
    # Foreshortening tells how far each segment leans out of the image, but not whether towards the camera or away.
    out_of_plane = np.sqrt(np.maximum(1 - length**2, 0) * np.maximum(1 - length_second**2, 0))
    ends = _CHAIN @ flat
    axis = lateral_axis(world)
    visibility = image[..., _SIDES, 3]
    seen = visibility[..., _NEEDED]

    x = np.empty((*angle.shape, FEATURES))
    x[..., 0], x[..., 1] = angle / 90 - 1, angle_deep / 90 - 1
    x[..., 2], x[..., 3] = cosine, cosine_deep
    x[..., 4:6], x[..., 6:8] = first, second
    x[..., 8:11], x[..., 11:14] = first_deep, second_deep
    x[..., 14], x[..., 15] = length, length_second
    x[..., 16:18], x[..., 18:21] = flat[..., 4:5, :], deep[..., 4:5, :]
    across = np.maximum(np.hypot(axis[..., 0], axis[..., 2]), 1e-6)
    x[..., 21] = (axis[..., 0] / across)[..., None, None]
    x[..., 22] = (-axis[..., 2] / across)[..., None, None] * _MIRROR
    x[..., 23], x[..., 24:27] = seen.min(-1), seen
    x[..., 27], x[..., 28] = np.maximum(in_plane - out_of_plane, -1.2), np.minimum(in_plane + out_of_plane, 1.2)
    x[..., 29:31] = x[..., ::-1, :, 0:2]
    x[..., 31] = x[..., ::-1, :, 23]
    x[..., 32:34], x[..., 34] = ends, _norm(ends)
    x[..., 35:] = np.eye(4)
    return x, angle, angle_deep


def _dot(u: Array, v: Array) -> Array:
    return np.einsum("...i,...i->...", u, v)


def _norm(u: Array) -> Array:
    return np.sqrt(_dot(u, u))


def _cosine(dot: Array, lengths: Array) -> Array:
    """Of the angle between two segments; NaN where one has no length."""
    return np.clip(np.divide(dot, lengths, out=np.full_like(dot, np.nan), where=lengths > 0), -1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class AngleEstimator:
    """A trained network: pure, without state; `shipped_estimator` is the one that comes with the package.

    Attributes
    ----------
    mean, scale
        (FEATURES,) of the training data.
    layers
        Weights (in, out) and bias (out,) of each layer. The last gives, for each joint: how much of the 2D angle is
        mixed with the world angle (logit), a correction, and the logarithm of the expected error (units of 40°).
    error_factor
        (4,) of `JOINTS`: makes 68 % of the errors in clips of strangers smaller than expected.
    offset_deg
        (4,) of `JOINTS`: what was added to the true angles of the rendered bodies, whose joints do not lie where
        MediaPipe puts them: 8° at the knee, 9° at the hip, 3° at the elbow, -5° at the shoulder in the shipped model.
        Straight limbs and hanging arms thus read as in MediaPipe's 2D angle where that can be trusted.
    """

    mean: Array
    scale: Array
    layers: Layers
    error_factor: Array
    offset_deg: Array

    def __call__(self, image: Array, world: Array, lengths: Array) -> tuple[Array, Array]:
        """Angles and expected errors in degrees, (..., 8) each in the order of `TRIPLES`.

        In two cases of three the error should be smaller than expected. NaN where a limb has no length.
        """
        return self.judge(*features(image, world, lengths))

    def judge(self, x: Array, flat: Array, deep: Array) -> tuple[Array, Array]:
        """The same from what `features` gives."""
        # A limb of the other side that has no length tells nothing: the mean.
        x = forward(standardised(x, self.mean, self.scale), self.layers)
        share = sigmoid(x[..., 0])
        angles = np.clip(share * flat + (1 - share) * deep + UNIT_DEG * x[..., 1], 0.0, 180.0)
        errors = UNIT_DEG * np.exp(np.clip(x[..., 2], *LOG_ERROR_RANGE)) * self.error_factor
        return _by_joint(angles), _by_joint(np.where(np.isfinite(angles), errors, np.nan))

    def save(self, path: str | Path) -> None:
        """Write an ``.npz`` that `load` reads back."""
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file, feature_version=FEATURE_VERSION, mean=self.mean, scale=self.scale,
                error_factor=self.error_factor, offset_deg=self.offset_deg, **named_layers(self.layers),
            )  # fmt: skip

    @classmethod
    def load(cls, path: str | Path) -> AngleEstimator:
        """Read a model file; raises `ModelError` where it is absent, damaged, or made for other features."""
        path = Path(path)
        own = ("error_factor", "offset_deg")
        arrays = read_model(path, *own, what="joint angles", version=FEATURE_VERSION, remedy=_RETRAIN)
        layers = layers_in(arrays, path, inputs=FEATURES, outputs=3, remedy=_RETRAIN)
        return cls(arrays["mean"], arrays["scale"], layers, arrays["error_factor"], arrays["offset_deg"])


@cache
def shipped_estimator() -> AngleEstimator:
    """The model that comes with the package; its arrays cannot be written to."""
    return AngleEstimator.load(resource("models", "angles.npz"))


def _by_joint(values: Array) -> Array:
    """(..., 2, 4) by side and joint to (..., 8) in the order of `TRIPLES`."""
    return values.swapaxes(-1, -2).reshape(*values.shape[:-2], 8)
