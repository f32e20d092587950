"""Stretches of time in which nothing of a rep was seen, and what may have happened in them."""

from __future__ import annotations

import math
from typing import Final

from deepfit_nb.coaching.excursion import Excursion
from deepfit_nb.coaching.points import Point

#: A turning point may lie hidden where nothing was seen for this long …
_HIDDEN_S: Final = 0.5
#: … if after it the rep has fallen by this part of its rise, and then rises by as much.
_SWING: Final = 0.2
#: Where nothing was seen for this part of a usual rep, it turned too, whatever was seen before and after.
_CYCLE: Final = 0.75


class GapWatch:
    """Tells whether the rep in progress was down, unseen, while nothing was seen of it."""

    def __init__(self) -> None:
        self._gap: tuple[float, float] | None = None  # when nothing was seen on the way back of the rep in progress
        self._lowest = math.inf  # the lowest progress since

    @property
    def gap(self) -> tuple[float, float] | None:
        """Begin and end of the last gap that may hide a turning point, in seconds."""
        return self._gap

    def forget(self) -> None:
        """No rep is in progress, or the gap has been accounted for."""
        self._gap = None

    def add(self, before: Point, now: Point, out: Excursion, usual_s: float) -> None:
        """Take in two frames that follow one another, in the middle of a rep.

        Parameters
        ----------
        before, now
            The signal in either.
        out
            The rep in progress, as it was before.
        usual_s
            Seconds of a usual rep; infinite where that is not known.
        """
        progress, unseen_s = now.progress, now.time_s - before.time_s
        if unseen_s >= _HIDDEN_S:
            fell = out.fall(min(before.progress, progress)) >= _SWING * out.rise
            if unseen_s >= _CYCLE * usual_s:
                fell, progress = True, out.low.progress
            self._gap, self._lowest = ((before.time_s, now.time_s) if fell else None), progress
        self._lowest = min(self._lowest, progress)

    def hid_a_turn(self, progress: float, out: Excursion) -> bool:
        """The rep was falling about a gap and rises after it: it was down in between, and the next one has begun."""
        return self._gap is not None and progress - self._lowest >= _SWING * out.rise
