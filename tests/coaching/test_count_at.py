"""When the live count rises, and that nothing else depends on it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import pytest

from deepfit_nb.coaching import Coach, WorkoutSet, builtin_exercises
from deepfit_nb.coaching.counter import RepCounter
from deepfit_nb.pose import Pose
from deepfit_nb.training.synthesis import make_recording

LOWERING = ("squats", "lunges", "pushups")


def rises(
    frames: Iterable[tuple[float, Pose | None]], exercise: str, count_at: str
) -> tuple[list[tuple[float, int]], tuple[WorkoutSet, ...]]:
    """Each change of the live count with its time, and the finished sets."""
    coach = Coach(exercise, count_at=count_at)
    changes, shown = [], 0
    for time_s, pose in frames:
        reps = coach.update(pose, time_s=time_s).reps
        if reps != shown:
            shown = reps
            changes.append((time_s, reps))
    return changes, coach.finish()


@cache
def done(exercise: str, count_at: str) -> tuple[list[tuple[float, int]], tuple[WorkoutSet, ...]]:
    """`rises` of four reps of an exercise: many tests look at the same."""
    return rises(make_recording(exercise, reps=4, seed=3)[0], exercise, count_at)


of_some_exercises = pytest.mark.parametrize(
    "exercise", ["squats", "pushups", "bicep_curls", "dumbbell_shoulder_press", "jumping_jacks"]
)


@of_some_exercises
def test_the_count_rises_once_a_rep_between_its_far_end_and_its_return(exercise: str) -> None:
    early, (one,) = done(exercise, "peak")
    late, _ = done(exercise, "return")
    assert [reps for _, reps in early] == [reps for _, reps in late] == [1, 2, 3, 4]
    for rep, (early_s, _), (late_s, _) in zip(one.reps, early, late, strict=True):
        assert rep.peak_s < early_s < late_s
        assert early_s - rep.peak_s < 0.5 * (rep.end_s - rep.peak_s)


@of_some_exercises
def test_the_finished_reps_do_not_depend_on_it(exercise: str) -> None:
    early, late = (done(exercise, count_at)[1] for count_at in ("peak", "return"))
    assert [[rep.end_s for rep in one.reps] for one in early] == [[rep.end_s for rep in one.reps] for one in late]
    assert [one.count for one in early] == [4]


@of_some_exercises
@pytest.mark.parametrize(("moment", "other"), [("bottom", "top"), ("top", "bottom")])
def test_top_and_bottom_depend_on_the_exercise(exercise: str, moment: str, other: str) -> None:
    lowered_first = exercise in LOWERING
    same_as = "peak" if (moment == "bottom") == lowered_first else "return"
    assert done(exercise, moment)[0] == done(exercise, same_as)[0]
    assert done(exercise, moment)[0] != done(exercise, other)[0]


@pytest.mark.parametrize("name", sorted(builtin_exercises()))
def test_every_exercise_has_one_far_end(name: str) -> None:
    signal = builtin_exercises()[name].signal
    assert signal.counts_at_peak("peak")
    assert not signal.counts_at_peak("return")
    assert signal.counts_at_peak("top") != signal.counts_at_peak("bottom")


def test_a_rep_that_never_comes_back_is_taken_back() -> None:
    recording, _ = make_recording("squats", reps=2, seed=3)
    (announced_s, _), *_ = rises(recording, "squats", "peak")[0]
    frames = [(time_s, pose) for time_s, pose in recording if time_s <= announced_s]
    held = next(pose for _, pose in reversed(frames) if pose is not None)
    later = np.arange(announced_s + 0.1, announced_s + 15, 0.1)
    frames += [(time_s, Pose(held.image, held.world, time_s, held.size)) for time_s in later.tolist()]
    changes, sets = rises(frames, "squats", "peak")
    assert [reps for _, reps in changes] == [1, 0]
    assert not sets


@pytest.mark.parametrize(("height", "known"), [(1.0, True), (0.6, True), (0.3, False)])
def test_a_first_rep_is_announced_only_when_it_goes_far(height: float, known: bool) -> None:
    counter = RepCounter(min_rep_s=0.4, max_rep_s=12.0)
    announced = []
    for time_s in np.arange(0, 3, 0.04):
        phase = np.clip((time_s - 0.5) / 2, 0, 1)
        counter.update(time_s, height * (1 - np.cos(2 * np.pi * phase)) / 2, 0.05)
        if counter.turned is not None:
            announced.append(counter.turned.span)
    assert bool(announced) == known
    assert announced == pytest.approx([height] * len(announced), rel=0.05)
