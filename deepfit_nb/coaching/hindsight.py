"""What is known of each frame once the stream is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching.report import FrameReport, WorkoutSet
from deepfit_nb.kinematics import smoothed
from deepfit_nb.kinematics.measures import MEASURES, angle_columns
from deepfit_nb.kinematics.movements import MOVEMENT_OF
from deepfit_nb.recognition import EXERCISES, NON_ACTIVITY

#: An exercise that is said for less than this, and of which no rep is counted, was a mistake. Of rendered strangers at
#: rest 2 % more frames are right with it; of those who exercise 0.4 % fewer, of real recordings none.
_GLIMPSE_S: Final = 3.0
#: The recogniser lags behind: so long after a rep it may still be said.
_LAG_S: Final = 2.0
#: Another exercise than the chosen one was done where it is named so surely, for so long in all, in this part of the
#: time in which any is.
_SURE: Final = 0.6
_MOSTLY: Final = 0.75
_LONG_S: Final = 4.0
#: Two frames further apart than this tell nothing of the time between.
_BLINK_S: Final = 1.0


def angles_in_hindsight(reports: Sequence[FrameReport], sets: Sequence[WorkoutSet]) -> NDArray[np.float64]:
    """(T, 9) degrees in the order of `ANGLES`: the angles of successive frames, smoothed both ways.

    They do not lag as the live ones do, and a body that is lost for up to 0.3 s is bridged; elsewhere NaN. All through
    each of `sets`, of an exercise that is not a taught one, they are seen in the light of what was done.
    """
    time_s = _times(reports)
    measured = np.array([report.measured for report in reports], float).reshape(-1, len(MEASURES))
    angles = smoothed(time_s, measured[:, angle_columns()])
    for movement in {MOVEMENT_OF.get(workout_set.exercise) for workout_set in sets} - {None}:
        seen = smoothed(time_s, measured[:, angle_columns(movement)])
        for workout_set in sets:
            if MOVEMENT_OF.get(workout_set.exercise) == movement:
                during = _within(workout_set, time_s)
                angles[during] = seen[during]
    return angles


def exercises_in_hindsight(reports: Sequence[FrameReport], sets: Sequence[WorkoutSet]) -> NDArray[np.object_]:
    """(T,) names, or ``non_activity``.

    The recogniser needs a second or two before it names an exercise, but a finished set knows when it truly began:
    within one of `sets` it is the set's exercise. Elsewhere it is the live label, unless that was said for less than
    3 s, before the last frame, without a rep of it: then it was a mistake.
    """
    time_s = _times(reports)
    exercise = np.array([report.recognition.label for report in reports], object)
    changes = np.flatnonzero(exercise[1:] != exercise[:-1]) + 1
    for first, end in pairwise([0, *changes]):  # what is said last may only have begun
        start_s, end_s = time_s[first], time_s[end - 1]
        if end_s - start_s < _GLIMPSE_S and not _counted(exercise[first], start_s, end_s, sets):
            exercise[first:end] = NON_ACTIVITY
    for workout_set in sets:
        exercise[_within(workout_set, time_s)] = workout_set.exercise
    return exercise


def other_exercise(reports: Sequence[FrameReport], chosen: str) -> str | None:
    """The exercise that was plainly done instead of the chosen one; None where there is a doubt.

    A taught exercise may look like any of those that are recognised, so of that nothing is said.
    """
    if chosen not in EXERCISES:
        return None
    said: defaultdict[str | None, float] = defaultdict(float)
    for report, after in pairwise(reports):
        if report.recognition.label != NON_ACTIVITY:
            label = report.recognition.label if report.recognition.confidence >= _SURE else None
            said[label] += min(after.time_s - report.time_s, _BLINK_S)
    if not said:
        return None
    label, for_s = max(said.items(), key=itemgetter(1))
    plain = for_s >= max(_LONG_S, _MOSTLY * sum(said.values()))
    return label if label != chosen and plain else None


def reps_in_hindsight(reports: Sequence[FrameReport], sets: Sequence[WorkoutSet]) -> NDArray[np.int32]:
    """(T,) the number of the rep, counted in its set, to which each frame belongs; 0 between reps."""
    time_s = _times(reports)
    numbers = np.zeros(len(time_s), np.int32)
    for workout_set in sets:
        for rep in workout_set.reps:
            numbers[(time_s >= rep.start_s) & (time_s < rep.end_s)] = rep.number
    return numbers


def _within(workout_set: WorkoutSet, time_s: NDArray[np.floating]) -> NDArray[np.bool_]:
    return (time_s >= workout_set.start_s) & (time_s <= workout_set.end_s)


def _counted(exercise: str, start_s: float, end_s: float, sets: Sequence[WorkoutSet]) -> bool:
    """Whether a rep was counted of what was said between these times."""
    return any(
        rep.start_s <= end_s and start_s <= rep.end_s + _LAG_S
        for workout_set in sets
        if workout_set.exercise == exercise
        for rep in workout_set.reps
    )


def _times(reports: Sequence[FrameReport]) -> NDArray[np.float64]:
    return np.array([report.time_s for report in reports], float)
