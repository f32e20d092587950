"""Help with the camera: is all of the body to be seen that the exercise needs?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from deepfit_nb.coaching.report import Cue
from deepfit_nb.pose import Landmark as L
from deepfit_nb.pose import Pose

#: What an exercise can need to see, and the landmarks of either side that show it.
PARTS: Final[dict[str, tuple[L, L]]] = {
    "shoulders": (L.LEFT_SHOULDER, L.RIGHT_SHOULDER),
    "elbows": (L.LEFT_ELBOW, L.RIGHT_ELBOW),
    "wrists": (L.LEFT_WRIST, L.RIGHT_WRIST),
    "hips": (L.LEFT_HIP, L.RIGHT_HIP),
    "knees": (L.LEFT_KNEE, L.RIGHT_KNEE),
    "ankles": (L.LEFT_ANKLE, L.RIGHT_ANKLE),
}

#: A hint must hold this long before it is shown, and be gone this long before it goes.
_SETTLE_S = 0.7
#: Mean brightness (0..255) below which the landmarks cannot be trusted.
_DARK = 35.0
#: The body's height or width over the frame's, beyond which it is too far.
_FAR = 0.22
#: A landmark is cut off when it lies this far, in parts of the frame, outside it.
_MARGIN = 0.02


class FramingCoach:
    """Watches how the body stands in the frame and says what to change."""

    def __init__(self) -> None:
        self._shown: Cue | None = None
        self._seen: Cue | None = None
        self._since_s = -math.inf

    def update(
        self,
        time_s: float,
        pose: Pose | None,
        needs: Sequence[str],
        brightness: float | None = None,
        people: int = 1,
    ) -> Cue | None:
        """Take in one frame.

        Parameters
        ----------
        needs
            Names of `PARTS` that the exercise must see; one side of each is enough.
        brightness
            Mean grey level of the frame, 0..255, where known.
        people
            How many people are in view.
        """
        seen = _look(pose, needs, brightness, people)
        if (seen and seen.id) != (self._seen and self._seen.id):
            self._seen, self._since_s = seen, time_s
        if time_s - self._since_s >= _SETTLE_S:
            self._shown = self._seen
        return self._shown


def _look(pose: Pose | None, needs: Sequence[str], brightness: float | None, people: int) -> Cue | None:
    if brightness is not None and brightness < _DARK:
        return Cue("too_dark", "It is too dark: turn on a light", "major")
    if pose is None:
        return Cue("nobody", "Step into the picture", "major")
    width, height = pose.size
    scaled = pose.xy / np.array([width, height], np.float32)
    missing = [part for part in needs if not _in_frame(scaled, PARTS[part])]
    if missing:
        body = scaled[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP]]
        trunk = float(np.linalg.norm((body[:2].mean(0) - body[2:].mean(0)) * [width, height])) / height
        names = " and ".join(missing[-2:])
        if trunk > 0.45:
            return Cue("too_near", f"Step back: I cannot see your {names}", "major")
        return Cue("cut_off", f"I cannot see your {names}", "major")
    spread = np.ptp(scaled[[0, *range(11, 17), *range(23, 29)]], axis=0)
    if max(spread) < _FAR:
        return Cue("too_far", "Come closer", "minor")
    if people > 1:
        return Cue("others_in_view", "I follow the person in the middle", "info")
    return None


def _in_frame(scaled: np.ndarray, pair: tuple[L, L]) -> bool:
    points = scaled[list(pair)]
    inside = (points > -_MARGIN) & (points < 1 + _MARGIN)
    return bool(inside.all(1).any())
