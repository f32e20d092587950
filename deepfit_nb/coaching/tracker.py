"""Reps of one exercise, both sides together or each on its own."""

from __future__ import annotations

import math

from deepfit_nb.coaching.counter import CountedRep, RepCounter
from deepfit_nb.coaching.definition import Exercise
from deepfit_nb.coaching.form import in_posture
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.progress import Progress, ProgressSignal
from deepfit_nb.coaching.report import Phase, Side
from deepfit_nb.kinematics.motion import Motion

#: Reps whose progress was known no better than this are not counted: the arm was hidden.
_MAX_ERROR = 0.45
#: Progress known no better than this belongs to an arm that is hardly seen; it makes no reps beside those that the
#: other arm has made within this time.
_HARDLY_SEEN = 0.15
_AT_WORK_S = 10.0
#: Reps of the two sides that share more than this part of the shorter one are one rep.
_SAME = 0.4
#: … unless the one that was first has less than this part of the other's range.
_ALIKE = 0.5


class RepTracker:
    """Follows one exercise over a stream of motions.

    For exercises that a side can do alone, each side has its own counter. The side that is seen better leads: the
    other one adds a rep only where the leading side made none at that time. A hidden arm whose landmarks jump about
    can so never count twice what the visible arm does once.
    """

    def __init__(self, exercise: Exercise, memory: MotionMemory) -> None:
        self.exercise = exercise
        self._memory = memory
        sides: tuple[Side, ...] = ("left", "right") if exercise.signal.sides == "each" else ("both",)
        self._signals = {side: ProgressSignal(exercise.signal, side) for side in sides}
        self._counters = {side: RepCounter(exercise.min_rep_s, exercise.max_rep_s, side) for side in sides}
        self._errors = dict.fromkeys(sides, 0.3)
        self._leader: Side = sides[0]
        self._waiting: list[CountedRep] = []
        self.progress = Progress(math.nan, math.inf)
        self.reps: list[CountedRep] = []

    @property
    def phase(self) -> Phase:
        """Which part of a rep is being done."""
        counter = self._counters[self._leader]
        if not counter.rising:
            counter = next((c for c in self._counters.values() if c.rising), counter)
            if not counter.rising:
                return "idle"
        back = counter.past_peak
        return "concentric" if (self.exercise.signal.first == "concentric") != back else "eccentric"

    @property
    def start_s(self) -> float:
        """When the rep in progress began, roughly; NaN between reps."""
        return self._counters[self._leader].start_s

    @property
    def ahead(self) -> list[CountedRep]:
        """Reps past their far end that are not among `reps` yet: on the way back, or waiting for the other side."""
        leader_start_s = self._counters[self._leader].start_s
        turned = [rep for counter in self._counters.values() if (rep := counter.turned) and self._valid(rep)]
        return [
            rep
            for rep in [*self._waiting, *turned]
            # A leading side that set out before the other one turned back speaks for both.
            if (rep.side == self._leader or not leader_start_s < rep.peak_s)
            and not any(self._same(rep, other) for other in self.reps[-3:])
        ]

    def update(self, motion: Motion) -> CountedRep | None:
        """Take in one frame; returns the rep that it completes."""
        for side, signal in self._signals.items():
            progress = signal(motion.values, motion.errors)
            if math.isfinite(progress.value):
                self._errors[side] += 0.02 * (min(progress.error, 1.0) - self._errors[side])
            rep = self._counters[side].update(motion.time_s, *progress)
            if rep is not None and self._valid(rep):
                self._waiting.append(rep)
            if side == self._leader:
                self.progress = progress
        self._choose_leader()
        return self._accept()

    def _choose_leader(self) -> None:
        """The side seen better; it changes between reps only, and not for a hair."""
        best = min(self._errors, key=lambda side: self._errors[side])
        if self._errors[best] < 0.8 * self._errors[self._leader] and not self._counters[self._leader].rising:
            self._leader = best

    def _accept(self) -> CountedRep | None:
        for rep in sorted(self._waiting, key=lambda rep: rep.side != self._leader):
            leader = self._counters[self._leader]
            if rep.side != self._leader and rep.end_s > leader.start_s and leader.span > _ALIKE * rep.span:
                continue  # the leading side is moving too: wait for its rep
            self._waiting.remove(rep)
            if any(self._same(rep, other) for other in self.reps[-3:]) or self._doubtful(rep):
                continue
            self.reps.append(rep)
            return rep
        return None

    def _doubtful(self, rep: CountedRep) -> bool:
        """A lone rep of an arm that is hardly seen, while the other arm is at work."""
        lately = (other for other in self.reps[-8:] if other.end_s > rep.start_s - _AT_WORK_S)
        return rep.error > _HARDLY_SEEN and any(other.side != rep.side for other in lately)

    @staticmethod
    def _same(rep: CountedRep, other: CountedRep) -> bool:
        """Whether two sides made one rep together; a side that only sways makes none."""
        return rep.side != other.side and rep.overlap(other) > _SAME and other.span > _ALIKE * rep.span

    def _valid(self, rep: CountedRep) -> bool:
        """It was seen well enough, and the body was where the exercise has it."""
        if rep.error > _MAX_ERROR:
            return False
        return in_posture(self.exercise, self._memory.between(rep.start_s, rep.end_s), rep.side)
