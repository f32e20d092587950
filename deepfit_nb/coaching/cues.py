"""What to say, and when to keep quiet."""

from __future__ import annotations

from collections import deque

from deepfit_nb.coaching.definition import Exercise
from deepfit_nb.coaching.report import Cue, Rep, Severity

_WEIGHT: dict[Severity, int] = {"info": 0, "minor": 1, "major": 2}
#: A fault this large is clear; a smaller one is slight.
_CLEAR = 2.0
#: How long praise stays on the screen.
_PRAISE_S = 2.0
_PRAISES = ("Good rep", "Clean", "That's it", "Nice and steady")


class CueKeeper:
    """Turns the faults of reps into at most one cue at a time.

    A cue comes after one clear or two slight occurrences within three reps, the most important first, stays until the
    rep that mends it, and goes. A clean rep is praised when there is nothing to mend. Partial reps change nothing:
    their form is not judged.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._severity: dict[str, Severity] = {rule.id: rule.severity for rule in exercise.faults}
        self._recent: deque[set[tuple[str, str]]] = deque(maxlen=3)  # faults by id and cue
        self._cue: Cue | None = None
        self._until_s: float | None = None
        self._praised = 0

    def add(self, rep: Rep) -> None:
        """Take in a finished rep."""
        if rep.partial:
            return
        found = {(fault.id, fault.cue) for fault in rep.faults}
        self._recent.append(found)
        due = [
            fault
            for fault in rep.faults
            if fault.excess >= _CLEAR or sum((fault.id, fault.cue) in earlier for earlier in self._recent) >= 2
        ]
        if due:
            worst = max(due, key=lambda fault: (_WEIGHT[self._severity[fault.id]], fault.excess))
            self._cue, self._until_s = Cue(worst.id, worst.cue, self._severity[worst.id]), None
        elif not found:
            self._cue = Cue("praise", _PRAISES[self._praised % len(_PRAISES)], "info")
            self._until_s = rep.end_s + _PRAISE_S
            self._praised += 1
        elif self._cue is not None and (self._cue.id, self._cue.text) not in found:
            self._cue = None

    def current(self, time_s: float) -> Cue | None:
        """The cue to show now."""
        if self._until_s is not None and time_s > self._until_s:
            self._cue, self._until_s = None, None
        return self._cue
