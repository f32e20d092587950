"""Reps of one exercise, both sides together or each on its own."""

from __future__ import annotations

import math

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.counter import RepCounter
from deepfit_nb.coaching.definition import Exercise
from deepfit_nb.coaching.form import in_posture
from deepfit_nb.coaching.framing import in_picture
from deepfit_nb.coaching.habit import Habit
from deepfit_nb.coaching.leaps import LeapWatch
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.points import Frame
from deepfit_nb.coaching.progress import Progress, ProgressSignal
from deepfit_nb.coaching.report import Phase
from deepfit_nb.coaching.two_sides import TwoSides
from deepfit_nb.kinematics.motion import Motion
from deepfit_nb.kinematics.stretch import Side

#: Reps whose progress was known no better than this are not counted: the arm was hidden.
_MAX_ERROR = 0.45
#: How well a side is seen is averaged over this long; a frame after a gap speaks for no more than the second.
_LATELY_S = 1.7
_FRAME_S = 0.2


class RepTracker:
    """Follows one exercise over a stream of motions.

    For exercises that a side can do alone, each side has its own counter, and `TwoSides` makes one of what they count.
    """

    def __init__(self, exercise: Exercise, memory: MotionMemory) -> None:
        self.exercise = exercise
        self._memory = memory
        sides: tuple[Side, ...] = ("left", "right") if exercise.signal.sides == "each" else ("both",)
        self._signals = {side: ProgressSignal(exercise.signal, side) for side in sides}
        self.begin(-math.inf)

    def begin(self, since_s: float) -> None:
        """Forget all, and take up the movement from that moment on when it is followed next."""
        exercise, sides = self.exercise, list(self._signals)
        habit = Habit(arms=len(sides) == 2)
        self._counters = {side: RepCounter(exercise.min_rep_s, exercise.max_rep_s, side, habit) for side in sides}
        self._leaps = {side: LeapWatch() for side in sides}
        self._errors = dict.fromkeys(sides, 0.3)
        self._seen_s = -math.inf
        self._leader: Side = sides[0]
        self._sides = TwoSides(self._counters, self._errors, habit)
        self._until_s = since_s
        self.progress = Progress(math.nan, math.inf)

    @property
    def reps(self) -> list[CountedRep]:
        """The latest, in the order in which they were known."""
        return self._sides.reps

    @property
    def phase(self) -> Phase:
        """Which part of a rep is being done."""
        counter = self._counters[self._leader]
        if not counter.rising:
            counter = next((c for c in self._counters.values() if c.rising), counter)
            if not counter.rising:
                return "idle"
        back = counter.coming_back
        return "concentric" if (self.exercise.signal.first == "concentric") != back else "eccentric"

    @property
    def start_s(self) -> float:
        """When the rep in progress began, roughly; NaN between reps."""
        starts = [counter.start_s for counter in self._counters.values() if counter.rising]
        return max(starts, default=math.nan)

    @property
    def ahead(self) -> list[CountedRep]:
        """Reps past their far end that are not among `reps` yet: on the way back, or waiting for the other side."""
        turned = [rep for counter in self._counters.values() if (rep := counter.turned) and self._valid(rep)]
        return self._sides.ahead(turned)

    def follow(self, time_s: float) -> None:
        """Take in what has been remembered since the last time, up to now.

        Landmarks outside the picture are made up: where the exercise's joint is, nothing of the movement is seen.
        """
        if time_s <= self._until_s:
            return
        seen_s = -math.inf
        for motion in self._memory.after(self._until_s):
            if in_picture(motion.pose, self.exercise.signal.joint):
                seen_s = motion.time_s
                self._take(motion)
            else:
                self.lose(motion.time_s)
        if seen_s < time_s:
            self.lose(time_s)
        self._until_s = time_s

    def _take(self, motion: Motion) -> None:
        """Take in one frame."""
        share = min(motion.time_s - self._seen_s, _FRAME_S) / _LATELY_S
        self._seen_s = motion.time_s
        for side, signal in self._signals.items():
            progress = signal(motion.values, motion.errors)
            if math.isfinite(progress.value):
                self._errors[side] += share * (min(progress.error, 1.0) - self._errors[side])
            self._count(side, self._leaps[side](Frame(motion.time_s, *progress)))
            if side == self._leader:
                self.progress = progress
        self._choose_leader()
        self._sides.accept(motion.time_s)

    def _count(self, side: Side, frames: list[Frame]) -> None:
        """Count what a side does in these frames."""
        for frame in frames:
            rep = self._counters[side].update(*frame)
            for found in [rep] if rep is not None else self._overlooked(self._counters[side]):
                self._receive(found)

    def finish(self) -> None:
        """No more frames come: reps on their way back are done, and need not wait for the other side."""
        for counter in self._counters.values():
            rep = counter.finish()
            if rep is not None:
                self._receive(rep)
        while self._sides.accept(math.inf) is not None:
            pass

    def _overlooked(self, counter: RepCounter) -> list[CountedRep]:
        """Reps that a counter finds looking back. Not of a side that has been out for two reps: it may only be held."""
        lately = [rep.end_s for rep in self.reps[-2:]]
        if counter.rising and len(lately) == 2 and min(lately) > counter.start_s:
            return []
        return counter.recount(max(lately, default=-math.inf))

    def _receive(self, rep: CountedRep) -> None:
        """Take in what a counter has counted."""
        rep.valid = self._valid(rep)
        if rep.valid:
            self._sides.add(rep)

    def lose(self, time_s: float) -> None:
        """Nothing of the movement is seen at this moment."""
        self.progress = Progress(math.nan, math.inf)
        for side, counter in self._counters.items():
            self._leaps[side].lose()
            counter.lose(time_s)
        self._sides.accept(time_s)

    def _choose_leader(self) -> None:
        """The side that is shown: the one at work, or the one seen better; it changes between reps only."""
        if self._counters[self._leader].rising:
            return
        busy = [side for side, counter in self._counters.items() if counter.rising]
        best = busy[0] if busy else min(self._errors, key=lambda side: self._errors[side])
        if busy or self._errors[best] < 0.8 * self._errors[self._leader]:
            self._leader = best

    def _valid(self, rep: CountedRep) -> bool:
        """It was seen well enough, and the body was where the exercise has it."""
        if rep.error > _MAX_ERROR:
            return False
        return in_posture(self.exercise, self._memory.between(rep.start_s, rep.end_s), rep.side)
