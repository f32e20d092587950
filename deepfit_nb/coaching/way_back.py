"""The way back of a rep that has been counted, until its end is known."""

from __future__ import annotations

from typing import Final

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.edges import crossings
from deepfit_nb.coaching.points import Point

#: A rep's end is settled once the signal has not fallen for this long, or this long after it was counted.
_STILL_S: Final = 0.5
_SETTLED_S: Final = 1.5
#: A way back that was not seen for this long is not followed any further.
_LOST_S: Final = 1.5


class WayBack:
    """Refines the range and the end of a counted rep, while its signal still falls.

    Parameters
    ----------
    path
        The signal from the far end to the moment at which it was counted.
    """

    def __init__(self, rep: CountedRep, path: list[Point]) -> None:
        self.rep = rep
        self._path = path
        self._counted_s = path[-1].time_s

    def follow(self, now: Point, low: Point) -> bool:
        """Take in where the signal is now, with its lowest point since; whether the rep is settled."""
        if self.rep.settled:  # by the other arm, that went on with it
            return True
        self._path.append(now)
        peak = self._path[0].progress
        self.rep.span = max(self.rep.span, peak - low.progress)
        self.rep.down_s, end_s = crossings(self._path, low.progress, peak)
        self.rep.end_s = min(now.time_s, end_s)
        return now.time_s > min(low.time_s + _STILL_S, self._counted_s + _SETTLED_S)

    def lost(self, time_s: float) -> bool:
        """Whether at this time it has not been seen for too long."""
        return time_s - self._path[-1].time_s > _LOST_S
