from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deepfit_nb.coaching import FrameReport, WorkoutSet
from deepfit_nb.dashboard.live_session import LiveSession, OtherExercise
from deepfit_nb.errors import MediaError
from tests.dashboard.stand_ins import ScriptedCoach, ScriptedDetector, jpeg
from tests.storage.workouts import DEEP, rep, report, workout_set


def session_of(*coaches: ScriptedCoach, exercise: str | None = None) -> LiveSession:
    waiting = list(coaches)
    return LiveSession(ScriptedDetector(), lambda exercise: waiting.pop(0), exercise)


def test_frames_are_decoded_and_timed_from_the_first() -> None:
    detector, coach = ScriptedDetector(), ScriptedCoach()
    session = LiveSession(detector, lambda exercise: coach)
    for time_s in (7000.5, 7000.54, 7000.6):
        session.process(jpeg(80, 60, colour=(200, 100, 50)), time_s)
    assert coach.times == pytest.approx([0, 0.04, 0.1])
    rgb, time_s = detector.frames[-1]
    assert (rgb.shape, rgb.dtype) == ((60, 80, 3), np.uint8)
    np.testing.assert_allclose(rgb.mean((0, 1)), (200, 100, 50), atol=3)
    assert (session.frames, session.detected) == (3, 3)
    assert session.pose is not None
    assert session.pose.time_s == pytest.approx(0.1)
    assert session.time_s == time_s == pytest.approx(0.1)


def test_a_page_that_is_loaded_again_and_has_another_clock_goes_on() -> None:
    coach = ScriptedCoach()
    session = session_of(coach)
    for time_s in (100.0, 130.0, 2.0, 2.1, 500.0):
        session.process(jpeg(), time_s)
    assert coach.times == pytest.approx([0, 30, 30.04, 30.14, 528.04])


def test_a_frame_that_is_no_image_is_refused() -> None:
    with pytest.raises(MediaError, match="no JPEG"):
        session_of(ScriptedCoach()).process(b"not an image", 0.0)


def step(
    *sets: tuple[str, int], counted: bool = False, exercise: str | None = None
) -> tuple[FrameReport, tuple[WorkoutSet, ...]]:
    """A report, and the sets by exercise and number of reps; the last is open if it is of the ``exercise``."""
    latest = sets[-1][1] if sets else 0
    told = replace(report(0), exercise=exercise, sets=len(sets), reps=latest, counted=(rep(latest),) if counted else ())
    return told, tuple(workout_set([rep(n + 1) for n in range(reps)], name) for name, reps in sets if reps)


SQUATS, CURLS = "squats", "bicep_curls"


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param(
            [
                step(),
                step((SQUATS, 0), exercise=SQUATS),
                step((SQUATS, 1), exercise=SQUATS, counted=True),
                step((SQUATS, 2), exercise=SQUATS, counted=True),
                step((SQUATS, 2)),
                step((SQUATS, 2), (CURLS, 0), exercise=CURLS),
                step((SQUATS, 2), (CURLS, 1), exercise=CURLS, counted=True),
            ],
            id="one set after another",
        ),
        pytest.param(
            [
                step((SQUATS, 1), exercise=SQUATS, counted=True),
                step((SQUATS, 2), exercise=SQUATS, counted=True),
                step((SQUATS, 1), exercise=SQUATS),
            ],
            id="a rep that was none in hindsight",
        ),
        pytest.param(
            [
                step((SQUATS, 1), exercise=SQUATS, counted=True),
                step((SQUATS, 0), exercise=SQUATS),
                step((SQUATS, 3), exercise=SQUATS, counted=True),
            ],
            id="and that comes back with others",
        ),
        pytest.param(
            [
                step((SQUATS, 0), exercise=SQUATS),
                step(),
                step((CURLS, 0), exercise=CURLS),
                step((CURLS, 1), exercise=CURLS, counted=True),
            ],
            id="a set after one that came to nothing",
        ),
        pytest.param(
            [
                step((SQUATS, 4), exercise=SQUATS, counted=True),
                step((SQUATS, 3), (CURLS, 0), exercise=CURLS),
                step((SQUATS, 3), (CURLS, 1), exercise=CURLS, counted=True),
            ],
            id="a rep that is taken back as the next set opens",
        ),
    ],
)
def test_what_is_done_is_what_the_coach_knows(steps: list[tuple[FrameReport, tuple[WorkoutSet, ...]]]) -> None:
    session = session_of(ScriptedCoach(steps))
    for time_s, (_, sets) in enumerate(steps):
        session.process(jpeg(), time_s)
        assert session.done == session.at_work == sets


def test_a_workout_ends_with_what_the_coach_says() -> None:
    final = (workout_set([rep(1), rep(2, faults=[DEEP])]), workout_set([rep(1)], CURLS))
    session = session_of(ScriptedCoach([step((SQUATS, 1), exercise=SQUATS, counted=True)], final))
    session.process(jpeg(), 0)
    assert session.finish() == final
    assert (session.done, session.at_work) == (final, ())


def test_ended_sets_are_told_once_as_they_end() -> None:
    squats, curls, lunges = workout_set(), workout_set(exercise="bicep_curls"), workout_set(exercise="lunges")
    first, second = ScriptedCoach(final=(squats, curls)), ScriptedCoach(final=(lunges,))
    session = session_of(first, second)
    session.process(jpeg(), 0)
    assert session.ended == ()
    first.over = (squats,)
    for time_s in (1, 2):
        session.process(jpeg(), time_s)
        assert session.ended == (squats,)
    session.follow("lunges")
    assert session.ended == (squats, curls)
    second.over = (lunges,)
    session.process(jpeg(), 3)
    assert session.ended == (squats, curls, lunges)
    assert session.finish() == session.ended


def test_change_of_exercise_keeps_what_was_done() -> None:
    first = ScriptedCoach([step((SQUATS, 0), exercise=SQUATS)], (workout_set(),))
    second = ScriptedCoach([step((CURLS, 0), exercise=CURLS)], (workout_set([rep(1)], CURLS),))
    session = session_of(first, second)
    session.process(jpeg(), 0)
    session.follow("bicep_curls")
    assert session.exercise == "bicep_curls"
    session.process(jpeg(), 1)
    assert session.done == first.final  # the next set has no rep yet
    assert session.finish() == (*first.final, *second.final)


def test_sets_stand_as_the_coach_has_them_until_they_end() -> None:
    first = ScriptedCoach([step((SQUATS, 1), exercise=SQUATS), step((SQUATS, 2), (CURLS, 1), exercise=CURLS)])
    second = ScriptedCoach([step((CURLS, 1), exercise=CURLS)])
    session = session_of(first, second)
    seen = []
    for time_s, over in enumerate([0, 1]):
        first.over = tuple(workout_set([rep(1), rep(2)]) for _ in range(over))
        before = session.changes
        session.process(jpeg(), time_s)
        assert session.changes > before
        seen.append([(one.exercise, one.count) for one in session.standing])
    assert seen == [[(SQUATS, 1)], [(CURLS, 1)]]
    before = session.changes
    session.process(jpeg(), 2)
    first.final = first.sets
    session.follow(CURLS)
    assert session.changes > before
    assert session.standing == ()
    session.process(jpeg(), 3)
    assert [one.exercise for one in session.standing] == [CURLS]
    session.finish()
    assert session.standing == ()


PUSHUPS = "pushups"


def looks(*labels: str, sure: float = 0.9) -> list[FrameReport]:
    """Reports of a second each."""
    return [
        replace(report(time_s, label), recognition=replace(report(0, label).recognition, confidence=sure))
        for time_s, label in enumerate(labels)
    ]


def test_another_exercise_than_the_chosen_one_is_noticed_and_forgotten_when_it_ends() -> None:
    mistake = OtherExercise(SQUATS)
    found = [mistake.look(one) for one in looks(*[PUSHUPS] * 7, "non_activity", PUSHUPS)]
    assert found == [None] * 5 + [PUSHUPS] * 2 + [None] * 2


@pytest.mark.parametrize(
    ("chosen", "reports"),
    [
        pytest.param(SQUATS, looks(*[SQUATS] * 9), id="the chosen one"),
        pytest.param(SQUATS, looks(*["non_activity"] * 9), id="nothing"),
        pytest.param(SQUATS, looks(*[PUSHUPS] * 9, sure=0.5), id="not so sure"),
        pytest.param(SQUATS, looks(*[PUSHUPS] * 4, *[CURLS] * 4), id="now this, now that"),
        pytest.param(SQUATS, [replace(one, counted=(rep(),)) for one in looks(*[PUSHUPS] * 9)], id="reps are counted"),
        pytest.param(None, looks(*[PUSHUPS] * 9), id="none is chosen"),
        pytest.param("sit_down", looks(*[PUSHUPS] * 9), id="one that cannot be recognised"),
    ],
)
def test_no_mistake_is_seen_where_there_is_none(chosen: str | None, reports: list[FrameReport]) -> None:
    mistake = OtherExercise(chosen)
    assert {mistake.look(one) for one in reports} == {None}


def test_a_session_says_what_is_done_in_place_of_the_chosen_exercise() -> None:
    steps = [(one, ()) for one in looks(*[PUSHUPS] * 7)]
    session = session_of(ScriptedCoach(steps), ScriptedCoach(), exercise=SQUATS)
    for time_s in range(7):
        session.process(jpeg(), time_s)
    assert session.other == PUSHUPS
    session.follow(PUSHUPS)
    session.process(jpeg(), 8)
    assert session.other is None
