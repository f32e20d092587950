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

#: The landmarks without which nothing is seen of a joint's movement, either side of them: the joint's own.
_JOINTS: Final[dict[str, tuple[L, L]]] = {name.removesuffix("s"): pair for name, pair in PARTS.items()}

#: A hint must hold this long before it is shown, and be gone this long before it goes.
_SETTLE_S = 0.7
#: Where parts are cut off they must all be seen this long before the hint goes: at the top of a squat they often are.
_WHOLE_S = 1.5
#: Mean brightness (0..255) below which the landmarks cannot be trusted.
_DARK = 35.0
#: The body's height or width over the frame's, beyond which it is too far. The detector finds nobody below about 0.2.
_FAR = 0.26
#: Length of the trunk over the frame's height, beyond which somebody of whom parts are cut off is too near.
_NEAR = 0.45
#: A landmark is cut off when it lies this far, in parts of the frame, outside it.
_MARGIN = 0.02


def in_picture(pose: Pose, joint: str) -> bool:
    """Whether the joint of either side is in the picture.

    MediaPipe goes on guessing landmarks that are not, and what it guesses moves. Of a limb whose end alone is cut off
    enough is known: many people film themselves without feet. A measure that is no joint is always seen.
    """
    pair = _JOINTS.get(joint)
    return pair is None or _in_frame(pose.xy / np.array(pose.size, np.float32), pair)


class FramingCoach:
    """Watches how the body stands in the frame and says what to change."""

    def __init__(self) -> None:
        self._shown: Cue | None = None
        self._seen: Cue | None = None
        self._since_s = -math.inf
        self._missed: tuple[str, ...] = ()  # the parts that the hint is about

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
        seen, missing = self._look(pose, needs, brightness, people)
        if (seen and seen.id) != (self._seen and self._seen.id):
            self._since_s = time_s
        self._seen = seen
        whole_again = bool(self._missed) and pose is not None and not missing
        if time_s - self._since_s >= (_WHOLE_S if whole_again else _SETTLE_S):
            self._shown, self._missed = self._seen, missing
        elif missing:
            self._missed = missing
        return self._shown

    def _look(
        self, pose: Pose | None, needs: Sequence[str], brightness: float | None, people: int
    ) -> tuple[Cue | None, tuple[str, ...]]:
        """What is wrong in this frame, and the parts that are cut off."""
        if brightness is not None and brightness < _DARK:
            return Cue("too_dark", "It is too dark: turn on a light", "major"), ()
        if pose is None:
            return Cue("nobody", "I see nobody: step into the picture, or come closer", "major"), ()
        scaled = pose.xy / np.array(pose.size, np.float32)
        missing = tuple(part for part in needs if not _in_frame(scaled, PARTS[part]))
        if missing:
            # As long as parts are cut off the sentence may only grow: some come and go with each rep.
            missing = tuple(part for part in needs if part in missing or part in self._missed)
            near = _trunk(pose) > _NEAR or (self._shown is not None and self._shown.id == "too_near")
            return _cut_off(scaled, missing, near=near), missing
        spread = np.ptp(scaled[[0, *range(11, 17), *range(23, 29)]], axis=0)
        if max(spread) < _FAR:
            return Cue("too_far", "Come closer", "minor"), ()
        if people > 1:
            return Cue("others_in_view", "Several people in view: I follow one of them", "info"), ()
        return None, ()


def _cut_off(scaled: np.ndarray, missing: tuple[str, ...], *, near: bool) -> Cue:
    names = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
    if near:
        return Cue("too_near", f"Step back: I cannot see your {names}", "major")
    points = scaled[[landmark for part in missing for landmark in PARTS[part]]]
    aside = _outside(points[:, 0]).any() and not _outside(points[:, 1]).any()
    return Cue("cut_off", f"I cannot see your {names}: {'move to the middle' if aside else 'step back'}", "major")


def _trunk(pose: Pose) -> float:
    """Length of the trunk over the height of the frame."""
    body = pose.xy[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP]]
    return float(np.linalg.norm(body[:2].mean(0) - body[2:].mean(0))) / pose.size[1]


def _outside(places: np.ndarray) -> np.ndarray:
    return (places < -_MARGIN) | (places > 1 + _MARGIN)


def _in_frame(scaled: np.ndarray, pair: tuple[L, L]) -> bool:
    return not _outside(scaled[list(pair)]).any(1).all()
