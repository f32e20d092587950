"""Joint angles from keypoints.

Two kinds, both in degrees:

* *Included angles* of a joint, 0..180: knee (hip-knee-ankle), hip (shoulder-hip-knee), elbow (shoulder-elbow-wrist) and
  shoulder (hip-shoulder-elbow). A straight knee, hip or elbow is 180; an arm along the trunk has a shoulder angle of 0.
  They have no sign. (The clinical convention counts flexion from straight: flexion = 180 - included angle.)
* *Trunk lean*, 0..180: the angle between the trunk (mid-hip to mid-shoulder) and the upward vertical. Upright is 0,
  lying is 90. It has no sign and, unlike the joint angles, depends on the camera being level.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose.keypoints import Landmark as L

#: The three landmarks of each included angle; the joint is the middle one.
TRIPLES: Final[dict[str, tuple[L, L, L]]] = {
    "knee_left": (L.LEFT_HIP, L.LEFT_KNEE, L.LEFT_ANKLE),
    "knee_right": (L.RIGHT_HIP, L.RIGHT_KNEE, L.RIGHT_ANKLE),
    "hip_left": (L.LEFT_SHOULDER, L.LEFT_HIP, L.LEFT_KNEE),
    "hip_right": (L.RIGHT_SHOULDER, L.RIGHT_HIP, L.RIGHT_KNEE),
    "elbow_left": (L.LEFT_SHOULDER, L.LEFT_ELBOW, L.LEFT_WRIST),
    "elbow_right": (L.RIGHT_SHOULDER, L.RIGHT_ELBOW, L.RIGHT_WRIST),
    "shoulder_left": (L.LEFT_HIP, L.LEFT_SHOULDER, L.LEFT_ELBOW),
    "shoulder_right": (L.RIGHT_HIP, L.RIGHT_SHOULDER, L.RIGHT_ELBOW),
}

#: Order of the last axis of `joint_angles`; a table column is the name plus ``_deg``.
ANGLES: Final[tuple[str, ...]] = (*TRIPLES, "trunk_lean")

_A, _B, _C = (np.array([triple[i] for triple in TRIPLES.values()], dtype=np.intp) for i in range(3))


def without_side(name: str) -> str:
    """The name of an angle or measure without ``_left`` or ``_right``: ``knee`` of ``knee_left``."""
    return name.removesuffix("_left").removesuffix("_right")


def joint_angles(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """All angles of a body, or of many.

    Parameters
    ----------
    points
        (..., 33, 2) pixels or (..., 33, 3) metres; y points down. Only the first two or three columns may be given:
        pass ``pose.xy`` or ``pose.world``, not ``pose.image``.

    Returns
    -------
    (..., 9) degrees in the order of `ANGLES`; NaN where a limb has no length or a landmark is NaN.
    """
    if points.shape[-2] != 33 or points.shape[-1] not in (2, 3):
        raise ValueError(f"joint_angles needs (..., 33, 2) or (..., 33, 3), not {points.shape}")
    joint = points[..., _B, :]
    included = _angle_between(points[..., _A, :] - joint, points[..., _C, :] - joint)
    return np.concatenate([included, trunk_lean(points)[..., None]], axis=-1)


def trunk_lean(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """The last of `joint_angles` alone: (...) degrees of the trunk from the upward vertical."""
    trunk = (
        points[..., L.LEFT_SHOULDER, :] + points[..., L.RIGHT_SHOULDER, :]
        - points[..., L.LEFT_HIP, :] - points[..., L.RIGHT_HIP, :]
    )  # fmt: skip
    up = np.zeros_like(trunk)
    up[..., 1] = -1
    return _angle_between(trunk, up)


def _angle_between(u: NDArray[np.floating], v: NDArray[np.floating]) -> NDArray[np.floating]:
    """Angle in degrees between vectors on the last axis; NaN where one has no length.

    atan2 of |u x v| and u.v rather than arccos of the normalised product: arccos loses half its digits near 0 and 180,
    which is where straight limbs live.
    """
    dot = (u * v).sum(-1)
    square = (u * u).sum(-1) * (v * v).sum(-1)
    if u.shape[-1] == 2:
        cross = np.abs(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])
    else:
        cross = np.linalg.norm(np.cross(u, v), axis=-1)
    return np.where(square > 0, np.degrees(np.arctan2(cross, dot)), np.nan)
