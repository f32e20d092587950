"""What a demonstration shows: the reps of a movement nobody has described, and which measures follow them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching.coach import Coach
from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.counter import RepCounter
from deepfit_nb.coaching.definition import Exercise
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.progress import ProgressSignal
from deepfit_nb.coaching.report import Rep, WorkoutSet
from deepfit_nb.kinematics.general import SIDED
from deepfit_nb.kinematics.motion import MotionTracker
from deepfit_nb.kinematics.stretch import Side, Stretch, combined
from deepfit_nb.pose import Landmark, PoseRecording

Array = NDArray[np.float64]

#: Measures that a signal can be made of, beside those of a side: those of the whole body.
WHOLE: Final = ("trunk_lean", "hip_height", "feet_apart")

#: The person is taken to be at rest this long at either end of the recording.
_REST_S: Final = 0.4
#: Range of the movement, in expected errors, below which nothing was shown.
_CLEAR: Final = 5.0
#: Up to this part of a recording is cut off at either end, in at most so many steps, and so much is kept.
_TRIM, _STEPS, _LEAST = 0.5, 12, 0.3
#: A measure as clear as this, in expected errors, could not be clearer.
_SURE: Final = 8.0
#: A movement there and back within these times can be a rep.
_SHORTEST_S, _LONGEST_S = 0.35, 15.0
#: Share of the body's mass that moves with each pair of landmarks, roughly; what the hands hold is counted in.
_MASS: Final = {
    Landmark.LEFT_SHOULDER: 0.40,
    Landmark.LEFT_HIP: 0.35,
    Landmark.LEFT_KNEE: 0.10,
    Landmark.LEFT_ELBOW: 0.05,
    Landmark.LEFT_WRIST: 0.10,
}


class Follower(NamedTuple):
    """A measure that follows the reps: its typical value at rest and at the far end, and how clearly it tells them.

    ``clarity`` is the range over the expected error and the spread from rep to rep together.
    """

    measure: str
    rest: float
    peak: float
    clarity: float


@dataclass(frozen=True, eq=False)
class Demonstration:
    """Reps found in a recording, of both sides together or of each side; ``followers``, the clearest first."""

    stretch: Stretch
    reps: tuple[CountedRep, ...]
    followers: tuple[Follower, ...]

    @property
    def worth(self) -> float:
        """The more reps, the more alike, and the less beside them, the better."""
        if not self.reps:
            return 0.0
        times = self.stretch.times
        busy = np.zeros(len(times), bool)
        for rep in self.reps:
            busy |= (times >= rep.start_s) & (times <= rep.end_s)
        return len(self.reps) * float(busy.mean()) * min(self.followers[0].clarity, _SURE) / _SURE


def observe(recording: PoseRecording) -> Stretch:
    """All measures of a recording, measured as the coach does it."""
    tracker, memory = MotionTracker(), MotionMemory(keep_s=math.inf)
    for _, pose in recording:
        if pose is not None:
            memory.add(tracker.update(pose))
    return memory.between(-math.inf, math.inf)


def during(rep: Rep, exercise: Exercise, motions: Stretch) -> tuple[Stretch, Array]:
    """The part of a recording's measures in which a rep was done, and its progress (N,) on the side it is judged on."""
    stretch = motions.between(rep.start_s, rep.end_s)
    progress, _ = ProgressSignal(exercise.signal, rep.judged_on).over(stretch)
    return stretch, progress


def coached(exercise: Exercise, recording: PoseRecording) -> tuple[WorkoutSet, ...]:
    """The sets of a recording in which nothing but this exercise is done."""
    coach = Coach(exercise.name, exercises={exercise.name: exercise})
    for time_s, pose in recording:
        coach.update(pose, time_s=time_s)
    return coach.finish()


def find_demonstration(stretch: Stretch, *, together: bool) -> Demonstration:
    """Find the part of a recording in which a movement is repeated, between walking in and walking out.

    Of all parts that begin and end at steps of about a second, the one is taken that is filled best with the most reps
    that are the most alike.
    """
    first_s, last_s = float(stretch.times[0]), float(stretch.times[-1])
    step_s = max(1.0, (last_s - first_s) / _STEPS)
    edges = np.arange(0, _TRIM * (last_s - first_s) + 1e-9, step_s).tolist()
    best, most = Demonstration(stretch, (), ()), 0.0
    for lead_s, tail_s in product(edges, edges):
        start_s, end_s = first_s + lead_s, last_s - tail_s
        if end_s - start_s < _LEAST * (last_s - first_s):
            continue
        part = stretch.between(start_s, end_s)
        if len(part.times) < 2:  # nobody was seen
            continue
        found = find_reps(part, together=together)
        if found.worth > most:
            best, most = found, found.worth
    return best


def find_reps(stretch: Stretch, *, together: bool) -> Demonstration:
    """Find the movement that is repeated all through a stretch that begins and ends at rest.

    The measures, each in units of its expected error and counted from its value at rest, are reduced to their first
    principal component: the direction in which the body moves most clearly. Along it the reps are counted. Where the
    sides take turns, left and right are two observations of one movement.
    """
    sides: tuple[Side, ...] = ("both",) if together else ("left", "right")
    measures = (*SIDED, *WHOLE) if together else SIDED
    scaled = {side: _scaled(stretch, measures, side) for side in sides}
    _, _, directions = np.linalg.svd(np.concatenate(list(scaled.values())), full_matrices=False)
    paths = {side: deviations @ directions[0] for side, deviations in scaled.items()}
    everything = np.concatenate(list(paths.values()))
    sign = 1.0 if abs(np.percentile(everything, 97)) > abs(np.percentile(everything, 3)) else -1.0
    height = float(np.percentile(sign * everything, 97))
    if height < _CLEAR:
        return Demonstration(stretch, (), ())
    reps: list[CountedRep] = []
    for side, path in paths.items():
        counter = RepCounter(_SHORTEST_S, _LONGEST_S, side)
        for time_s, value in zip(stretch.times.tolist(), (sign * path / height).tolist(), strict=True):
            if (rep := counter.update(time_s, value, 1 / height)) is not None:
                reps.append(rep)
    usual = max((rep.span for rep in reps), default=0.0)
    full = tuple(rep for rep in reps if rep.span > 0.5 * usual)
    followers = [follower(measure, stretch, full) for measure in measures] if full else []
    return Demonstration(stretch, full, tuple(sorted(followers, key=lambda one: -one.clarity)))


def rise(recording: PoseRecording, reps: Sequence[CountedRep | Rep]) -> float:
    """How far the body's centre of mass comes up from rest to the far end, in pixels; negative where it goes down."""
    heights = -sum(mass * recording.image[:, [left, left + 1], 1].mean(1).astype(float) for left, mass in _MASS.items())
    return float(np.median([np.subtract(*_ends(recording.time_s, heights, rep)) for rep in reps]))


def trunk_travel(recording: PoseRecording, reps: Sequence[CountedRep | Rep]) -> float:
    """How far shoulders or hips move in the image from rest to the far end, in lengths of the trunk."""
    shoulders, hips = (
        recording.image[:, [left, left + 1], :2].mean(1).astype(float)
        for left in (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP)
    )
    trunk = float(np.nanmedian(np.linalg.norm(shoulders - hips, axis=1)))
    moves = [
        math.hypot(*(np.subtract(*_ends(recording.time_s, points[:, axis], rep)) for axis in (0, 1)))
        for rep in reps
        for points in (shoulders, hips)
    ]
    return float(np.percentile(moves, 75)) / max(trunk, 1.0)


def _scaled(stretch: Stretch, measures: tuple[str, ...], side: Side) -> Array:
    """(T, M) deviations from rest in units of the expected error."""
    times = stretch.times
    at_rest = (times < times[0] + _REST_S) | (times > times[-1] - _REST_S)
    columns = []
    for measure in measures:
        values, errors = combined(measure, stretch, side)
        columns.append((values - np.nanmedian(values[at_rest])) / np.nanmedian(errors))
    return np.nan_to_num(np.stack(columns, -1))


def follower(measure: str, stretch: Stretch, reps: Sequence[CountedRep | Rep]) -> Follower:
    """How a measure follows given reps."""
    ends = []
    errors = []
    for rep in reps:
        values, expected = combined(measure, stretch, rep.side)
        ends.append(_ends(stretch.times, values, rep))
        during = (stretch.times >= rep.start_s) & (stretch.times <= rep.end_s)
        errors.append(float(np.median(expected[during])))
    peaks, rests = np.array(ends).T
    peak, rest = float(np.median(peaks)), float(np.median(rests))
    spread = float(np.median(np.abs(peaks - rests - (peak - rest))))
    return Follower(measure, rest, peak, abs(peak - rest) / math.hypot(float(np.median(errors)), spread))


def _ends(times: Array, values: Array, rep: CountedRep | Rep) -> tuple[float, float]:
    """A quantity at a rep's far end, and its mean at start and end."""
    known = np.isfinite(values)
    peak, start, end = np.interp([rep.peak_s, rep.start_s, rep.end_s], times[known], values[known])
    return float(peak), float(start + end) / 2
