"""Left stays left: MediaPipe now and then takes a body's front for its back, and its left arm for its right one."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from deepfit_nb.pose import Landmark as L
from deepfit_nb.pose import Pose
from deepfit_nb.pose.keypoints import MIRRORED

#: The landmarks of the left side that are watched; their right twins are the next ones.
_LEFT: Final = [L.LEFT_SHOULDER, L.LEFT_ELBOW, L.LEFT_WRIST, L.LEFT_HIP, L.LEFT_KNEE, L.LEFT_ANKLE]
_RIGHT: Final = [landmark + 1 for landmark in _LEFT]
_BOTH: Final = [*_LEFT, *_RIGHT]
_SWAPPED: Final = [*_RIGHT, *_LEFT]
#: A body has jumped if its landmarks moved by this part of its trunk on the average, and changed sides if it would have
#: moved by less than that part of it with the sides exchanged.
_JUMP: Final = 0.15
_BETTER: Final = 0.6
#: The detector smooths its landmarks: where it changes its mind, a body is seen for a frame or two with left and right
#: on the way to each other. Shoulders, and all pairs together, are nearer than the first part of their distance before
#: (but for the second part of it), while the shoulders were as far apart as the third part of the trunk. A body that
#: turns takes longer than the last for that.
_NEARER: Final = 0.6
_ALIKE: Final = 0.35
_APART: Final = 0.3
_BETWEEN_S: Final = 0.25
#: Frames further apart than this are not compared.
_NEAR_S: Final = 0.5
#: What is seen for so long is right: the body has turned round. Or for as long as it was seen otherwise before, if that
#: is less: of a body that has just come into view nothing is certain.
_BELIEVED_S: Final = 2.0


class SideKeeper:
    """Exchanges the sides of a body back while the detector has them wrong.

    From one frame to the next a body hardly moves. One that jumps, but would hardly have moved with left and right
    exchanged, has had them exchanged, until it jumps back or has been seen so for two seconds, or for longer than it
    had been seen otherwise.
    """

    def __init__(self) -> None:
        self._last: Pose | None = None  # the last one whose sides were clear, as it was given out
        self._began_s = math.nan  # when left and right were first seen where they are
        self._since_s = math.inf  # when they were first seen exchanged, if they are

    def update(self, pose: Pose) -> Pose | None:
        """The body with its left and right as they were before; None where they are half-way between the two."""
        if self._last is None or pose.time_s - self._last.time_s > _NEAR_S:
            self._began_s, self._since_s = pose.time_s, math.inf
            self._last = pose
            return pose
        if _half_way(self._last, pose):
            return None
        self._since_s = min(self._since_s, pose.time_s) if _exchanged(self._last, pose) else math.inf
        if pose.time_s - self._since_s > min(_BELIEVED_S, self._since_s - self._began_s):
            self._began_s, self._since_s = self._since_s, math.inf
        if self._since_s < math.inf:
            pose = Pose(pose.image[MIRRORED], pose.world[MIRRORED], pose.time_s, pose.size)
        self._last = pose
        return pose


def _exchanged(before: Pose, pose: Pose) -> bool:
    """A body has jumped from one frame to the next, and would hardly have with its left and right exchanged."""
    straight = np.linalg.norm(pose.xy[_BOTH] - before.xy[_BOTH], axis=1).mean()
    crossed = np.linalg.norm(pose.xy[_SWAPPED] - before.xy[_BOTH], axis=1).mean()
    return bool(straight > _JUMP * _trunk(pose) and crossed < _BETTER * straight)


def _half_way(before: Pose, pose: Pose) -> bool:
    """All left landmarks have come nearer to their right twins at once, and by the same part of their distance."""
    old, new = before.xy[_LEFT] - before.xy[_RIGHT], pose.xy[_LEFT] - pose.xy[_RIGHT]
    if pose.time_s - before.time_s > _BETWEEN_S or np.linalg.norm(old[0]) <= _APART * _trunk(pose):
        return False
    kept, shoulders = (float((old[of] * new[of]).sum() / (old[of] * old[of]).sum()) for of in (slice(None), 0))
    other_ways = float(np.linalg.norm(new - kept * old) / np.linalg.norm(old))
    return max(abs(kept), abs(shoulders)) < _NEARER and other_ways < _ALIKE


def _trunk(pose: Pose) -> float:
    return float(np.linalg.norm(_middle(pose, L.LEFT_SHOULDER) - _middle(pose, L.LEFT_HIP)))


def _middle(pose: Pose, left: L) -> np.ndarray:
    return np.asarray(pose.xy[[left, left + 1]].mean(axis=0))
