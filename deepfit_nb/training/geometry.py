"""Vectorised geometry of bodies: directions, rotations and two-bone inverse kinematics over many frames at once.

Axes of the body's world: x to the person's left, y up, z forward (where the person faces at rest). Metres and degrees.
Arrays carry time on the first axis and, where a limb comes in pairs, the side (0 left, 1 right) on the second.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

X: Final[Array] = np.array([1.0, 0.0, 0.0])
Y: Final[Array] = np.array([0.0, 1.0, 0.0])
Z: Final[Array] = np.array([0.0, 0.0, 1.0])
#: Sign of x on each side of the body.
SIDES: Final[Array] = np.array([1.0, -1.0])


def unit(vectors: ArrayLike) -> Array:
    """Vectors on the last axis scaled to length 1."""
    vectors = np.asarray(vectors, float)
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-12)


def lerp(start: ArrayLike, end: ArrayLike, amount: ArrayLike) -> Array:
    """Linear interpolation from ``start`` (amount 0) to ``end`` (amount 1)."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    return np.asarray(start + (end - start) * np.asarray(amount, float))


def smoothstep(amount: ArrayLike) -> Array:
    """S-curve from 0 to 1, flat at both ends; the input is clipped to 0..1."""
    clipped = np.clip(np.asarray(amount, float), 0, 1)
    return np.asarray(clipped * clipped * (3 - 2 * clipped))


def rotate_x(degrees: ArrayLike) -> Array:
    """(..., 3, 3) rotation about x: positive leans an upright body forward."""
    return _rotation(degrees, 1, 2)


def rotate_y(degrees: ArrayLike) -> Array:
    """(..., 3, 3) rotation about y: positive turns the body towards its left."""
    return _rotation(degrees, 2, 0)


def rotate_z(degrees: ArrayLike) -> Array:
    """(..., 3, 3) rotation about z: positive leans an upright body towards its right."""
    return _rotation(degrees, 0, 1)


def _rotation(degrees: ArrayLike, first: int, second: int) -> Array:
    angle = np.radians(np.asarray(degrees, float))
    matrix = np.zeros((*angle.shape, 3, 3))
    matrix[...] = np.eye(3)
    matrix[..., first, first] = matrix[..., second, second] = np.cos(angle)
    matrix[..., second, first] = np.sin(angle)
    matrix[..., first, second] = -np.sin(angle)
    return matrix


def apply(rotation: Array, vectors: ArrayLike) -> Array:
    """Rotate vectors (..., 3) by matrices (..., 3, 3); leading axes broadcast."""
    return np.einsum("...ij,...j->...i", rotation, np.asarray(vectors, float))


def orthonormal(matrices: Array) -> Array:
    """The rotation nearest in its first two columns to each (..., 3, 3) matrix, by Gram-Schmidt."""
    first = unit(matrices[..., :, 0])
    second = matrices[..., :, 1] - first * (matrices[..., :, 1] * first).sum(-1, keepdims=True)
    second = unit(second)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def direction(elevation: ArrayLike, plane: ArrayLike) -> Array:
    """Directions (T, 2, 3) of both upper arms (or thighs) in the frame of the trunk.

    ``elevation`` is 0 hanging down, 90 level, 180 straight up; ``plane`` is 0 in front, 90 out to the own side, 180
    behind, -90 across the body. Shapes broadcast to (T, 2).
    """
    up, around, sides = np.broadcast_arrays(np.radians(np.asarray(elevation)), np.radians(np.asarray(plane)), SIDES)
    return np.stack([sides * np.sin(up) * np.sin(around), -np.cos(up), np.sin(up) * np.cos(around)], axis=-1)


def bend(upper: Array, flexion: ArrayLike, towards: Array) -> Array:
    """Direction of the lower limb: ``upper`` turned by ``flexion`` degrees towards the direction ``towards``."""
    angle = np.radians(np.asarray(flexion, float))[..., None]
    sideways = unit(towards - upper * (towards * upper).sum(-1, keepdims=True))
    return np.asarray(np.cos(angle) * upper + np.sin(angle) * sideways)


def two_bone(start: Array, target: Array, upper: ArrayLike, lower: ArrayLike, hint: Array) -> tuple[Array, Array]:
    """Directions of two bones that lead from ``start`` to ``target``, the middle joint pushed towards ``hint``.

    A target out of reach is pointed at with an almost straight limb.
    """
    upper, lower = np.asarray(upper, float)[..., None], np.asarray(lower, float)[..., None]
    offset = target - start
    reach = np.linalg.norm(offset, axis=-1, keepdims=True) + 1e-9
    length = np.clip(reach, np.abs(upper - lower) * 1.02 + 1e-3, (upper + lower) * 0.9995)
    along = offset / reach
    x = (upper**2 - lower**2 + length**2) / (2 * length)
    y = np.sqrt(np.maximum(upper**2 - x**2, 0))
    side = unit(hint - along * (hint * along).sum(-1, keepdims=True))
    middle = along * x + side * y
    return unit(middle), unit(along * length - middle)
