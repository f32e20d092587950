"""What to say, and when to keep quiet."""

from __future__ import annotations

from collections import deque

from deepfit_nb.coaching.definition import Exercise, FaultRule
from deepfit_nb.coaching.report import Cue, Rep, Severity

_WEIGHT: dict[Severity, int] = {"info": 0, "minor": 1, "major": 2}
#: A fault is clear when it exceeds its limit by this many margins; below that it is slight.
_CLEAR = 2.0
#: How long praise stays on the screen.
_PRAISE_S = 2.0
_PRAISES = ("Good rep", "Clean", "That's it", "Nice and steady")


class CueKeeper:
    """Turns the faults of reps into at most one cue at a time.

    A cue comes after one clear or two slight occurrences within three reps, the most important first, stays until the
    rep that mends it, and goes. A clean rep is praised when there is nothing to mend.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._rules: dict[str, FaultRule] = {rule.id: rule for rule in exercise.faults}
        self._recent: deque[dict[str, float]] = deque(maxlen=3)
        self._cue: Cue | None = None
        self._until_s: float | None = None
        self._praised = 0

    def add(self, rep: Rep) -> None:
        """Take in a finished rep."""
        excesses = {fault.id: fault.excess for fault in rep.faults}
        self._recent.append(excesses)
        due = [
            fault
            for fault, excess in excesses.items()
            if excess >= _CLEAR or sum(fault in earlier for earlier in self._recent) >= 2
        ]
        if due:
            worst = max(due, key=lambda fault: (_WEIGHT[self._rules[fault].severity], excesses[fault]))
            rule = self._rules[worst]
            self._cue, self._until_s = Cue(worst, rule.cue, rule.severity), None
        elif not excesses and not rep.partial:
            self._cue = Cue("praise", _PRAISES[self._praised % len(_PRAISES)], "info")
            self._until_s = rep.end_s + _PRAISE_S
            self._praised += 1
        elif self._cue is not None and self._cue.id not in excesses:
            self._cue = None

    def current(self, time_s: float) -> Cue | None:
        """The cue to show now."""
        if self._until_s is not None and time_s > self._until_s:
            self._cue, self._until_s = None, None
        return self._cue
