"""How a person's latest reps were, by which the next ones are told from smaller and quicker movements."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

from deepfit_nb.coaching.counted import CountedRep

#: So many reps show it …
_LATEST: Final = 5
#: … and after a rest this long somebody else may come, or another weight.
_REST_S: Final = 8.0


class Habit:
    """Range and duration of the latest reps, of both arms together where each has its counter."""

    def __init__(self) -> None:
        self._reps: deque[CountedRep] = deque(maxlen=_LATEST)

    def __len__(self) -> int:
        """Number of reps that it rests on."""
        return len(self._reps)

    def add(self, rep: CountedRep) -> None:
        """Learn from a rep whose range and end are final; one that was none teaches nothing."""
        if rep.valid:
            self._reps.append(rep)

    def rest(self, time_s: float) -> None:
        """Forget all where nothing has been done for a while at this time."""
        if self._reps and time_s - self._reps[-1].end_s > _REST_S:
            self._reps.clear()

    @property
    def span(self) -> float:
        """Usual range in units of progress; 0 where nothing is known."""
        return median(rep.span for rep in self._reps) if self._reps else 0.0

    @property
    def length_s(self) -> float:
        """Usual duration in seconds; 0 where nothing is known."""
        return median(rep.end_s - rep.start_s for rep in self._reps) if self._reps else 0.0
