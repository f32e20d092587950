"""`RepJudge`: what is said of counted reps, and of the sets that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from deepfit_nb.coaching.counted import CountedRep, borders
from deepfit_nb.coaching.definition import Exercise
from deepfit_nb.coaching.form import judge, timed
from deepfit_nb.coaching.impression import shipped_impression
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.report import Rep, WorkoutSet
from deepfit_nb.coaching.sets import CountedSet
from deepfit_nb.kinematics import View


class RepJudge:
    """Judges a rep when it becomes known, and once more when its end is.

    That is done on its frames, as long as they are remembered. Where the stream stood still for longer, what was said
    stays.
    """

    def __init__(self, exercises: Mapping[str, Exercise], memory: MotionMemory) -> None:
        self._exercises = exercises
        self._memory = memory
        self._impression = shipped_impression()  # now, not in the frame in which the first rep ends
        self._unsettled: list[tuple[CountedSet, CountedRep]] = []

    def take(self, one: CountedSet, counted: CountedRep, view: View) -> Rep:
        """Judge a rep that has come to belong to a set, seen from that view unless it was known before."""
        if counted.account is None:
            counted.view = view
        self._unsettled.append((one, counted))
        return self._judge(one, counted)

    def settle(self, finishing: bool = False) -> None:
        """Judge anew the reps whose way back has come to its end, long before their frames are forgotten."""
        # What has become part of another rep, or was none in hindsight, is in its set no longer.
        self._unsettled = [(one, rep) for one, rep in self._unsettled if not rep.merged and rep in one.reps]
        for one, rep in list(self._unsettled):
            if rep.settled or finishing:
                if self._memory.remembers(rep.start_s):
                    self._judge(one, rep)
                self._unsettled.remove((one, rep))

    def summary(self, one: CountedSet, began_s: float, ended_s: float) -> WorkoutSet:
        """The set as it is known; what is extrapolated of its reps does not leave the stream from then to then."""
        concentric_first = self._exercises[one.exercise].signal.first == "concentric"
        times = [(max(start_s, began_s), min(end_s, ended_s)) for start_s, end_s in borders(one.reps)]
        full_span = one.full_span
        reps = tuple(
            _as_reported(
                replace(timed(counted.account, start_s, end_s, concentric_first), number=number),
                counted.span < full_span,
            )
            for number, (counted, (start_s, end_s)) in enumerate(zip(one.reps, times, strict=True), 1)
            if counted.account is not None
        )
        views = [counted.view.name for counted in one.reps]
        return WorkoutSet(
            exercise=one.exercise,
            start_s=reps[0].start_s,
            end_s=reps[-1].end_s,
            confidence=float(np.mean(one.confidences)) if one.confidences else 1.0,
            view=max(set(views), key=views.count),
            reps=reps,
        )

    def _judge(self, one: CountedSet, counted: CountedRep) -> Rep:
        """As far as it has come."""
        exercise, number = self._exercises[one.exercise], one.reps.index(counted) + 1
        counted.account = judge(exercise, counted, number, self._memory, counted.view, self._impression)
        return _as_reported(counted.account, counted.span < one.full_span)


def _as_reported(rep: Rep, partial: bool) -> Rep:
    """The form of a partial rep is not judged."""
    return replace(rep, partial=True, faults=(), impression={}) if partial else rep
