"""A body independent of where it stands, how tall it appears and how many pixels the camera has.

After "Classification of a two-dimensional pose using a human skeleton" (doi 10.1051/matecconf/201713205016): keypoints
are taken relative to their centre of gravity and divided by the length of the body, both of the keypoints present.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose.keypoints import MMFIT_KEYPOINTS

# The chain of segments that adds up to the length of a body, each with its share of it: the shares fill in for
# segments that are absent. They are those of the rig in `deepfit_nb.training.body`, standing straight.
_SEGMENTS: Final[tuple[tuple[tuple[str, str], tuple[str, str], float], ...]] = (
    (("nose", "neck"), ("nose", "neck"), 0.12),
    (("neck", "right_hip"), ("neck", "left_hip"), 0.34),
    (("right_hip", "right_knee"), ("left_hip", "left_knee"), 0.27),
    (("right_knee", "right_ankle"), ("left_knee", "left_ankle"), 0.27),
)


def centre_of_gravity(keypoints: NDArray[np.floating]) -> NDArray[np.floating]:
    """Mean (..., 2) of the keypoints (..., 18, 2) that are present (not NaN); NaN where none is."""
    present = np.isfinite(keypoints).all(-1, keepdims=True)
    count = present.sum(-2)
    total = np.where(present, keypoints, 0).sum(-2)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def body_length(keypoints: NDArray[np.floating]) -> NDArray[np.floating]:
    """Length (...) from head to ankles along the body, in the unit of ``keypoints`` (..., 18, 2).

    The sum of head, trunk, thigh and shin, each the mean of the sides present. Segments with no side present are taken
    in proportion to the others; NaN where no segment is present, or those present have no length.
    """
    total = np.zeros(keypoints.shape[:-2])
    share = np.zeros(keypoints.shape[:-2])
    for first, second, part in _SEGMENTS:
        sides = np.stack([_distance(keypoints, *first), _distance(keypoints, *second)])
        present = np.isfinite(sides)
        count = present.sum(0)
        total += np.where(present, sides, 0).sum(0) / np.maximum(count, 1)
        share += part * (count > 0)
    return np.where(total > 0, total / np.where(share > 0, share, 1), np.nan)


def normalise(keypoints: NDArray[np.floating]) -> NDArray[np.floating]:
    """The 18 keypoints about their centre of gravity, in body lengths.

    The result does not change when the body moves in the picture, comes nearer, or is filmed with more pixels.

    Parameters
    ----------
    keypoints
        (..., 18, 2) pixels in the order of `MMFIT_KEYPOINTS`, x right and y down; NaN where a keypoint is absent.

    Returns
    -------
    (..., 18, 2); absent keypoints lie at the centre of gravity, (0, 0), which says the least about the pose. All are
    there where nothing is present, or the body has no length.
    """
    if keypoints.shape[-2:] != (18, 2):
        raise ValueError(f"normalise needs (..., 18, 2) keypoints, not {keypoints.shape}")
    centred = keypoints - centre_of_gravity(keypoints)[..., None, :]
    with np.errstate(invalid="ignore"):
        scaled = centred / body_length(keypoints)[..., None, None]
    whole = np.isfinite(scaled).all(-1, keepdims=True)
    return np.where(whole, scaled, 0.0)


def to_vector(keypoints: NDArray[np.floating]) -> NDArray[np.floating]:
    """The frame classifier's 36 numbers: the x of the 18 keypoints and then the y. (..., 18, 2) to (..., 36)."""
    return np.concatenate([keypoints[..., 0], keypoints[..., 1]], axis=-1)


def from_vector(x36: NDArray[np.floating]) -> NDArray[np.floating]:
    """The inverse of `to_vector`: (..., 36) to (..., 18, 2)."""
    return np.stack([x36[..., :18], x36[..., 18:]], axis=-1)


def _distance(keypoints: NDArray[np.floating], first: str, second: str) -> NDArray[np.floating]:
    a, b = MMFIT_KEYPOINTS.index(first), MMFIT_KEYPOINTS.index(second)
    return np.linalg.norm(keypoints[..., a, :] - keypoints[..., b, :], axis=-1)
