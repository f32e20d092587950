"""Personal calibration: a few good reps show how far this person's body goes, and targets follow."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from statistics import median
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict

from deepfit_nb.coaching.definition import Exercise, FaultRule, SignalMeasure
from deepfit_nb.coaching.demonstration import coached, during, follower, observe
from deepfit_nb.coaching.report import Rep
from deepfit_nb.coaching.rules import measured
from deepfit_nb.errors import ExerciseError
from deepfit_nb.kinematics import ViewName
from deepfit_nb.kinematics.stretch import Stretch
from deepfit_nb.pose import PoseRecording

_log = logging.getLogger(__name__)

#: So many good reps are needed.
FEWEST_REPS: Final = 3
#: A measure that tells rest from far end less clearly than this, in expected errors, is not learned from.
_CLEAR: Final = 2.5
#: Start and far end of a rep may differ from the definition's by this part of its range ...
_MOST_SHIFT: Final = 0.3
#: ... and a limit for how far to go may be relaxed by this part. Beyond it the cue stays: whoever bends their knees
#: half as far as the exercise asks does another exercise.
_MOST_SHORTFALL: Final = 0.25


class Calibration(BaseModel):
    """What a set has shown of one person's range in one exercise.

    Attributes
    ----------
    exercise
        Name of the exercise.
    reps
        Number of good reps it was learned from.
    rom_deg
        Usual range of motion of the signal joint.
    rep_s
        Usual time of a rep in seconds.
    signal
        Usual values at the start and the far end of a rep of those signal measures that were seen well.
    shortfall
        By cue: how far the person usually stays short of the limit, in parts of the range that the definition gives the
        measure; 0 where the limit is reached. Not by fault: who cannot straighten their arms can still bend them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    exercise: str
    reps: int
    rom_deg: float
    rep_s: float
    signal: tuple[SignalMeasure, ...]
    shortfall: dict[str, float]

    def apply(self, exercise: Exercise) -> Exercise:
        """The exercise with this person's range as its own; all that is not a matter of range stays as it is.

        Only limits that ask to go further are changed, only towards what the person reaches, and only so far. Limits
        that protect, such as those for sagging hips or a leaning trunk, are never touched.
        """
        if exercise.name != self.exercise:
            raise ExerciseError(f"a calibration of {self.exercise} does not fit {exercise.name}; calibrate it too")
        learned = {one.measure: one for one in self.signal}
        if not learned.keys() <= {one.measure for one in exercise.signal.measures}:
            _log.warning(
                "the calibration of %s is of an earlier version and is not used; calibrate again", self.exercise
            )
            return exercise
        measures = tuple(_shifted(one, learned.get(one.measure, one)) for one in exercise.signal.measures)
        return exercise.model_copy(
            update={
                "signal": exercise.signal.model_copy(update={"measures": measures}),
                "faults": tuple(self._relaxed(rule, exercise) for rule in exercise.faults),
            }
        )

    def _relaxed(self, rule: FaultRule, exercise: Exercise) -> FaultRule:
        if not exercise.asks_for_range(rule):
            return rule
        short = self.shortfall.get(rule.cue, self.shortfall.get(rule.id, 0.0))  # by fault: as versions before 0.6.0 did
        by = min(short, _MOST_SHORTFALL) * _span(rule, exercise)
        relaxed = {"above": rule.limit + by} if rule.above is not None else {"below": rule.limit - by}
        return rule.model_copy(update={**relaxed, "personal": by > 0})


def calibrate(exercise: Exercise, recording: PoseRecording) -> Calibration:
    """Learn a person's range from a recorded set of about five reps.

    Good reps are full ones without a fault, other than not going far enough.

    Raises
    ------
    ExerciseError
        Where fewer than three good reps are seen.
    """
    stretch = observe(recording)
    longest = max(coached(exercise, recording), key=lambda one: one.count, default=None)
    range_ids = exercise.range_faults
    full = [rep for rep in longest.reps if not rep.partial] if longest is not None else []
    good = [rep for rep in full if {fault.id for fault in rep.faults} <= range_ids]
    if longest is None or len(good) < FEWEST_REPS:
        faulty = sorted({fault.id for rep in full for fault in rep.faults} - range_ids)
        raise ExerciseError(
            f"{exercise.title}: {len(good)} good reps are seen, {FEWEST_REPS} are needed"
            + (f" (of {len(full)} full reps, some have {', '.join(faulty).replace('_', ' ')})" if faulty else "")
            + ". Do five reps as far as is comfortable, with all of the body in view"
        )
    followed = [follower(one.measure, stretch, good) for one in exercise.signal.measures]
    return Calibration(
        exercise=exercise.name,
        reps=len(good),
        rom_deg=median(rep.rom_deg for rep in good),
        rep_s=median(rep.end_s - rep.start_s for rep in good),
        signal=tuple(
            SignalMeasure(measure=one.measure, rest=one.rest, peak=one.peak)
            for one in followed
            if one.clarity >= _CLEAR
        ),
        shortfall={
            cue: max(_shortfall(rule, exercise, stretch, good, longest.view) for rule in rules)
            for cue, rules in exercise.range_rules.items()
        },
    )


def _span(rule: FaultRule, exercise: Exercise) -> float:
    """Range that the definition gives the rule's measure."""
    one = next(one for one in exercise.signal.measures if one.measure == rule.measure)
    return abs(one.peak - one.rest)


def _shortfall(rule: FaultRule, exercise: Exercise, stretch: Stretch, reps: Sequence[Rep], view: ViewName) -> float:
    """How far the reps stay short of the rule's limit, in parts of the range; 0 where this view cannot tell."""
    if view not in rule.views or not exercise.asks_for_range(rule):
        return 0.0
    excesses = []
    for rep in reps:
        one, progress = during(rep, exercise, stretch)
        value, error, _ = measured(rule, one, progress, rep.judged_on)
        if error <= rule.max_error:
            excesses.append(rule.excess(value))
    return max(0.0, median(excesses) / _span(rule, exercise)) if excesses else 0.0


def _shifted(defined: SignalMeasure, learned: SignalMeasure) -> SignalMeasure:
    """The learned start and far end, but no further from the defined ones than is safe."""
    most = _MOST_SHIFT * abs(defined.peak - defined.rest)
    rest, peak = (
        float(np.clip(found, given - most, given + most))
        for found, given in ((learned.rest, defined.rest), (learned.peak, defined.peak))
    )
    return defined.model_copy(update={"rest": rest, "peak": peak})
