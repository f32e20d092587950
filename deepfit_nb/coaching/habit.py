"""How a person's latest reps were, by which the next ones are told from smaller and quicker movements."""

from __future__ import annotations

import math
from collections import deque
from statistics import median, median_low
from typing import Final

from deepfit_nb.coaching.counted import CountedRep

#: So many reps show it, of somewhat more that are kept: some turn out to be none …
_LATEST: Final = 5
_KEPT: Final = 12
#: … and after a rest this long somebody else may come, or another weight.
_REST_S: Final = 8.0
#: So much of a single rep's range is taken for usual.
_ONE_TELLS: Final = 0.5
#: A rise of this much progress begins a rep, if it is also so many times the signal's jitter, and this part of the
#: usual range; more than the last is never asked for.
LEAST_RISE: Final = 0.15
TIMES_JITTER: Final = 6.0
_USUAL_RISE: Final = 0.4
_MOST_RISE: Final = 0.45
#: A rep has gone far enough to be one at this part of the usual range, the first at this much progress.
_FAR: Final = 0.7
_FIRST_FAR: Final = 0.5
#: Once so many reps have shown how the person's are, none is done in less than this part of a usual one's time.
_KNOWN: Final = 3
_HASTY: Final = 0.3


class Habit:
    """Range and duration of the latest reps; two ``arms`` with a counter each share one.

    A body seen wrongly as it comes into view makes a rep far too wide, by which no later one would be large enough. So
    a single rep tells half, and of two the smaller one; but not of arms, where the smaller one may be that of an arm
    which only sways while the other works.
    """

    def __init__(self, *, arms: bool = False) -> None:
        self._reps: deque[CountedRep] = deque(maxlen=_KEPT)
        self._busy_s = -math.inf
        self._arms = arms

    def __len__(self) -> int:
        """Number of reps that it rests on."""
        return len(self._telling)

    def add(self, rep: CountedRep) -> None:
        """Learn from a rep whose range and end are final; one that turns out to be none teaches nothing."""
        self._reps.append(rep)
        self.busy(rep.end_s)

    def busy(self, time_s: float) -> None:
        """A rep is in progress at this time."""
        self._busy_s = max(self._busy_s, time_s)

    def forget(self) -> None:
        """Nothing is known any longer."""
        self._reps.clear()

    def rest(self, time_s: float) -> None:
        """Forget all where nothing has been done for a while at this time."""
        if time_s - self._busy_s > _REST_S:
            self.forget()

    @property
    def _telling(self) -> list[CountedRep]:
        return [rep for rep in self._reps if rep.valid and not rep.merged][-_LATEST:]

    @property
    def span(self) -> float:
        """Usual range in units of progress; 0 where nothing is known."""
        spans = [rep.span for rep in self._telling]
        if not spans:
            return 0.0
        if self._arms:
            return median(spans)
        return median_low(spans) if len(spans) > 1 else _ONE_TELLS * spans[0]

    @property
    def length_s(self) -> float:
        """Usual duration in seconds; 0 where nothing is known."""
        lengths = [rep.end_s - rep.start_s for rep in self._telling]
        return median(lengths) if lengths else 0.0

    @property
    def known(self) -> bool:
        """Enough reps are known to say how far and how quickly the person moves."""
        return len(self) >= _KNOWN

    @property
    def hasty(self) -> list[CountedRep]:
        """Reps that took less time than `shortest_s`: from before it was known."""
        told = (rep for rep in self._reps if rep.valid and not rep.merged)
        return [rep for rep in told if rep.end_s - rep.start_s < self.shortest_s]

    @property
    def far(self) -> float:
        """The rise at which a rep is one, if it turns back."""
        return _FAR * self.span or _FIRST_FAR

    @property
    def shortest_s(self) -> float:
        """Less time than this none of the person's reps takes, in seconds."""
        return _HASTY * self.length_s if self.known else 0.0

    def rise(self, jitter: float) -> float:
        """The rise that begins a rep: above the signal's ``jitter``, and a good part of the usual range."""
        return max(LEAST_RISE, min(max(_USUAL_RISE * self.span, TIMES_JITTER * jitter), _MOST_RISE))
