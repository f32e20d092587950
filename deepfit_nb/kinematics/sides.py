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
_BOTH: Final = [*_LEFT, *(landmark + 1 for landmark in _LEFT)]
_SWAPPED: Final = [*(landmark + 1 for landmark in _LEFT), *_LEFT]
#: A body has jumped if its landmarks moved by this part of its trunk on the average, and changed sides if it would have
#: moved by less than that part of it with the sides exchanged.
_JUMP: Final = 0.15
_BETTER: Final = 0.6
#: Frames further apart than this are not compared.
_NEAR_S: Final = 0.3
#: What is seen for so long is right: the body has turned round.
_BELIEVED_S: Final = 2.0


class SideKeeper:
    """Exchanges the sides of a body back while the detector has them wrong.

    From one frame to the next a body hardly moves. One that jumps, but would hardly have moved with left and right
    exchanged, has had them exchanged, until it jumps back or has been seen so for two seconds.
    """

    def __init__(self) -> None:
        self._last: Pose | None = None
        self._since_s = math.inf

    def update(self, pose: Pose) -> Pose:
        """The body with its left and right as they were before."""
        last = self._last
        kept = pose
        if last is not None and pose.time_s - last.time_s <= _NEAR_S:
            trunk = np.linalg.norm(_middle(pose, L.LEFT_SHOULDER) - _middle(pose, L.LEFT_HIP))
            here, there = last.xy[_BOTH], pose.xy
            as_seen = np.linalg.norm(there[_BOTH] - here, axis=1).mean()
            exchanged = np.linalg.norm(there[_SWAPPED] - here, axis=1).mean()
            if as_seen > _JUMP * trunk and exchanged < _BETTER * as_seen:
                self._since_s = min(self._since_s, pose.time_s)
                kept = Pose(pose.image[MIRRORED], pose.world[MIRRORED], pose.time_s, pose.size)
        if kept is pose or pose.time_s - self._since_s > _BELIEVED_S:
            kept, self._since_s = pose, math.inf
        self._last = kept
        return kept


def _middle(pose: Pose, left: L) -> np.ndarray:
    return np.asarray(pose.xy[[left, left + 1]].mean(axis=0))
