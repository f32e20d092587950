"""Which way the axes of MM-Fit's 3D poses point, told by the 2D poses of the same frames.

Nothing in the data set states it. In the files that were released the third axis is vertical and points up; whoever
makes the poses anew may have another. The 2D poses are OpenPose's: pixels, y down, left and right the person's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import MediaError

Array = NDArray[np.floating]

#: Shoulders, elbows, wrists, hips, knees and ankles: right and left joint in 2D, and the same in Human3.6M's order.
_PAIRS: Final = np.array(
    [(2, 5, 14, 11), (3, 6, 15, 12), (4, 7, 16, 13), (8, 11, 1, 4), (9, 12, 2, 5), (10, 13, 3, 6)], np.intp
)
_RIGHT, _LEFT, _RIGHT_3D, _LEFT_3D = _PAIRS.T
_SHOULDERS, _HIPS, _KNEES, _ANKLES = 0, 3, 4, 5
_PELVIS: Final = 0
_JOINTS_3D: Final = 17
#: Frames looked at, evenly spread over the workout.
_LOOKED_AT: Final = 4_000
#: How well 2D and 3D must agree, from 0 (chance) to 1. Who lies half of the time agrees to 0.7 with the vertical.
_AGREES: Final = 0.4
#: How much of the vertical one axis must carry: it lies within 30 degrees of it.
_CARRIES: Final = 0.87
#: Knees that bend so much more backwards than forwards (-1: only backwards) are those of a mirrored body.
_BACKWARDS: Final = -0.5


@dataclass(frozen=True, eq=False)
class Axes:
    """How to turn 3D poses to MediaPipe's world: x to the right of the picture, y down, z away from the camera.

    Attributes
    ----------
    turn
        (3, 3) rotation, of determinant +1: left and right stay what they are.
    joints
        (17,) where each of Human3.6M's joints is found in the file, whose sides may be the other way round.
    """

    turn: NDArray[np.float32]
    joints: NDArray[np.intp]

    def apply(self, solid: Array) -> NDArray[np.float32]:
        """Poses (T, 17, 3) of the file as Human3.6M's joints relative to the pelvis, turned; the unit stays."""
        named = solid[:, self.joints]
        return np.asarray((named - named[:, :1]) @ self.turn.T, np.float32)


def find_axes(flat: Array, solid: Array, where: str) -> Axes:
    """Compare the poses of a whole workout.

    Parameters
    ----------
    flat, solid
        (T, 18, 2) pixels and (T, 17, 3) in any unit, of the same frames, without NaN; there must be one.
    where
        Names the workout in `MediaError`, which is raised where the 2D poses agree with no axis.
    """
    step = max(1, len(flat) // _LOOKED_AT)
    flat, solid = flat[::step].astype(np.float64), solid[::step].astype(np.float64)
    # Joints that OpenPose did not find are at 0, 0.
    whole = (flat[:, _PAIRS[:, :2].ravel()] != 0).any(-1).all(-1)
    flat, solid = flat[whole], solid[whole]
    if not len(flat):
        raise MediaError(f"{where}: arms and legs are never all found in the 2D poses; download them again")
    down = _vertical(flat, solid, where)
    joints = np.arange(_JOINTS_3D)
    if _sides_differ(flat, solid, down):
        joints[np.r_[_RIGHT_3D, _LEFT_3D]] = np.r_[_LEFT_3D, _RIGHT_3D]
    right = _rightwards(flat, solid[:, joints], down, where)
    axes = Axes(np.array([right, down, np.cross(right, down)], np.float32), joints)
    _check_knees(axes.apply(solid), where)
    return axes


def _vertical(flat: Array, solid: Array, where: str) -> NDArray[np.float64]:
    """(3,) unit vector that points down: the axis along which trunk and legs reach as far as they do in the picture."""
    height, reach = [], []
    for upper, lower in ((_SHOULDERS, _HIPS), (_HIPS, _ANKLES)):
        height.append(_middle(flat, lower)[:, 1] - _middle(flat, upper)[:, 1])
        reach.append(_middle_3d(solid, lower) - _middle_3d(solid, upper))
    y, along = np.concatenate(height), np.concatenate(reach)
    shared = y @ along / max(np.sqrt((y**2).sum() * (along**2).sum()), 1e-9)
    axis, strength = int(np.abs(shared).argmax()), float(np.linalg.norm(shared))
    if strength < _AGREES or abs(shared[axis]) < _CARRIES * strength:
        raise MediaError(
            f"{where}: no axis of the 3D poses is the vertical of the 2D poses (agreement of the three, from -1 to 1: "
            f"{', '.join(f'{value:.2f}' for value in shared)}). They are not of the same workout, or damaged"
        )
    down = np.zeros(3)
    down[axis] = np.sign(shared[axis])
    return down


def _sides_differ(flat: Array, solid: Array, down: NDArray[np.float64]) -> bool:
    """Whether the limb that is higher in 2D is the lower one in 3D: then the file calls left what is right.

    Heights, and not what lies to the right, since it is by left and right that the horizontal axes are found.
    """
    y = flat[:, _LEFT, 1] - flat[:, _RIGHT, 1]
    along = (solid[:, _LEFT_3D] - solid[:, _RIGHT_3D]) @ down
    # Who always moves both alike tells nothing; then the order is taken to be Human3.6M's.
    return bool((y * along).sum() < -_AGREES * np.sqrt((y**2).sum() * (along**2).sum()))


def _rightwards(flat: Array, solid: Array, down: NDArray[np.float64], where: str) -> NDArray[np.float64]:
    """(3,) horizontal unit vector along which joints lie as they do from left to right in the picture."""
    joints, joints_3d = _PAIRS[:, :2].ravel(), _PAIRS[:, 2:].ravel()
    x = (flat[:, joints, 0] - _middle(flat, _HIPS)[:, None, 0]).ravel()
    level = np.flatnonzero(down == 0)
    along = (solid[:, joints_3d] - solid[:, _PELVIS, None])[..., level].reshape(-1, 2)
    slope = np.linalg.lstsq(along, x)[0]
    agreement = float(x @ (along @ slope)) / max(float(np.sqrt((x**2).sum() * ((along @ slope) ** 2).sum())), 1e-9)
    if agreement < _AGREES:
        raise MediaError(
            f"{where}: left and right of the 2D and of the 3D poses do not agree ({agreement:.2f} of 1). "
            "They are not of the same workout, or damaged"
        )
    right = np.zeros(3)
    right[level] = slope / np.linalg.norm(slope)
    return right


def _check_knees(world: NDArray[np.float32], where: str) -> None:
    """Raise `MediaError` where knees bend backwards: no rotation makes a body of its mirror image."""
    hips, knees, ankles = (world[:, _PAIRS[pair, [3, 2]]] for pair in (_HIPS, _KNEES, _ANKLES))
    across = hips[:, 0] - hips[:, 1]
    forwards = np.cross(across, _middle_3d(world, _SHOULDERS) - world[:, _PELVIS])
    bend = ((knees - (hips + ankles) / 2) * forwards[:, None]).sum(-1)
    if bend.sum() < _BACKWARDS * np.abs(bend).sum():
        raise MediaError(f"{where}: the knees of the 3D poses bend backwards, as in a mirror; one axis is reversed")


def _middle(flat: Array, pair: int) -> Array:
    """(T, 2) pixels half-way between a joint of the right and of the left."""
    return flat[:, _PAIRS[pair, :2]].mean(1)


def _middle_3d(solid: Array, pair: int) -> Array:
    """(T, 3) the same of a 3D pose."""
    return solid[:, _PAIRS[pair, 2:]].mean(1)
