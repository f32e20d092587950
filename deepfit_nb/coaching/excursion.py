"""`Excursion`: a rep while it is in progress."""

from __future__ import annotations

from dataclasses import dataclass

from deepfit_nb.coaching.points import Point


@dataclass(slots=True)
class Excursion:
    """A rise of the progress from a low turning point, and whatever it does until it has come back.

    ``low`` is where it rose from, ``high`` its far end so far, ``dip`` the lowest point since that; ``noticed_s`` is
    when it had risen far enough to be noticed. ``turned`` says that it has gone far enough for a rep, and has been on
    its way back at least once.
    """

    low: Point
    high: Point
    dip: Point
    noticed_s: float
    turned: bool = False

    @property
    def rise(self) -> float:
        """Its range so far."""
        return self.high.progress - self.low.progress

    def fall(self, progress: float) -> float:
        """By how much it has come back when it is there."""
        return self.high.progress - progress

    def follow(self, now: Point) -> None:
        """Take in where it is now."""
        if now.progress > self.high.progress:
            self.high = self.dip = now
        if now.progress < self.dip.progress:
            self.dip = now
