"""`LeapWatch`: a progress that leaps is not believed at once, for no body moves so."""

from __future__ import annotations

import math
from typing import Final

from deepfit_nb.coaching.points import Frame

#: A body's progress changes by no more than the first from one frame to the next, and so much more for each second
#: between them: a quick rep, half a second long, rises by six of its ranges a second at most.
_LEAP: Final = 0.35
_PER_S: Final = 5.0
#: It has come back when less than this part of the leap is left. One that lasts so long is real: the body was seen
#: wrongly before, or was lost for a while.
_BACK: Final = 0.5
_REAL_S: Final = 0.19
#: After a gap this long nothing is known of what it did meanwhile.
_GAP_S: Final = 1.0


class LeapWatch:
    """Keeps back the frames of a progress signal after a leap until it is known whether it was one.

    Where the detector takes an arm for something else for a few frames, the progress falls and is back at once; taken
    for a movement that would end a rep at its far end, and begin another one. Such frames are dropped. On rendered sets
    it matters from about 12 frames a second on; at fewer a quick body leaps.
    """

    def __init__(self) -> None:
        self._last: Frame | None = None  # the last one that was believed
        self._held: list[Frame] = []

    def __call__(self, frame: Frame) -> list[Frame]:
        """The frames to be taken in now, the oldest first: of one that leaps none until it is known what it was.

        A frame in which nothing is seen, whose progress is NaN, tells nothing of a leap.
        """
        if not math.isfinite(frame.progress):
            return [] if self._doubted(frame) else [*self.release(), frame]
        if self._held and self._back(frame):
            self._held = []
        elif self._doubted(frame):
            self._held.append(frame)
            return []
        self._held.append(frame)
        return self.release()

    def release(self) -> list[Frame]:
        """The frames kept back, which are believed now: no more come that could tell."""
        held, self._held = self._held, []
        if held:
            self._last = held[-1]
        return held

    def _back(self, frame: Frame) -> bool:
        """It is about where it was before the leap."""
        assert self._last is not None
        leap = abs(self._held[0].progress - self._last.progress)
        return abs(frame.progress - self._last.progress) <= max(_LEAP, _BACK * leap)

    def _doubted(self, frame: Frame) -> bool:
        """It leaps, or has leaped a moment ago."""
        if self._held:
            return frame.time_s - self._held[0].time_s < _REAL_S
        if self._last is None or frame.time_s - self._last.time_s > _GAP_S:
            return False
        return abs(frame.progress - self._last.progress) > _LEAP + _PER_S * (frame.time_s - self._last.time_s)
