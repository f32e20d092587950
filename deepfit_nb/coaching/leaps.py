"""`LeapWatch`: a progress that leaps is not believed at once, for no body moves so."""

from __future__ import annotations

import math
from typing import Final

from deepfit_nb.coaching.points import Frame

#: A body's progress changes by no more than the first from one frame to the next, and so much more for each second
#: between them: a quick rep, half a second long, rises by six of its ranges a second at most.
_LEAP: Final = 0.35
_PER_S: Final = 5.0
#: What lasts so long after a leap is real: the body was seen wrongly before, or was lost for a while.
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

        One in which nothing is seen, whose progress is NaN, is passed on.
        """
        if not math.isfinite(frame.progress):
            self.lose()
            return [frame]
        if self._held and frame.time_s - self._held[0].time_s < _REAL_S:
            if not self._back(frame):
                self._held.append(frame)
                return []
            self._held = []
        elif not self._held and self._leaps(frame):
            self._held = [frame]
            return []
        believed, self._held, self._last = [*self._held, frame], [], frame
        return believed

    def lose(self) -> None:
        """The body is not seen: one that is lost right after a leap was seen wrongly already."""
        self._held = []

    def _leaps(self, frame: Frame) -> bool:
        """No body moves from where it was last believed to this in the time between."""
        if self._last is None or frame.time_s - self._last.time_s > _GAP_S:
            return False
        return abs(frame.progress - self._last.progress) > _LEAP + _PER_S * (frame.time_s - self._last.time_s)

    def _back(self, frame: Frame) -> bool:
        """It is about where it was before the leap."""
        return self._last is not None and abs(frame.progress - self._last.progress) <= _LEAP
