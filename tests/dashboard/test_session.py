from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deepfit_nb.dashboard.session import LiveSession
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
    assert session.time_s == time_s == pytest.approx(0.1)


def test_a_frame_that_is_no_image_is_refused() -> None:
    with pytest.raises(MediaError, match="no JPEG"):
        session_of(ScriptedCoach()).process(b"not an image", 0.0)


def test_log_follows_the_sets_and_ends_as_the_coach_says() -> None:
    squats = replace(report(0), exercise="squats", sets=1)
    curls = replace(report(0), exercise="bicep_curls", sets=2)
    final = (workout_set([rep(1), rep(2, faults=[DEEP])]), workout_set([rep(1)], "bicep_curls"))
    coach = ScriptedCoach(
        [
            report(0),
            squats,
            replace(squats, reps=1, finished=rep(1)),
            replace(squats, reps=1, partial_reps=1, finished=rep(2, partial=True)),
            replace(report(0), sets=1, reps=1, partial_reps=1),
            curls,
            replace(curls, reps=1, finished=rep(1)),
        ],
        final,
    )
    session = session_of(coach)
    for time_s in range(7):
        session.process(jpeg(), time_s)
    assert [(one.exercise, one.count, len(one.reps)) for one in session.log] == [
        ("squats", 1, 2),
        ("bicep_curls", 1, 1),
    ]
    assert session.finish() == final
    assert [(one.exercise, one.count) for one in session.log] == [("squats", 2), ("bicep_curls", 1)]


def test_a_rep_that_was_none_in_hindsight_leaves_the_log() -> None:
    squats = replace(report(0), exercise="squats", sets=1)
    coach = ScriptedCoach([replace(squats, reps=1, finished=rep(1)), replace(squats, reps=2, finished=rep(2)), squats])
    session = session_of(coach)
    for time_s in range(2):
        session.process(jpeg(), time_s)
    assert [one.count for one in session.log] == [2]
    coach.sets, coach.reports = (workout_set([rep(1)]),), [replace(squats, reps=1)]
    session.process(jpeg(), 2)
    assert [one.count for one in session.log] == [1]


def test_reps_after_the_only_one_was_taken_back_are_in_the_log_and_so_is_one_that_comes_back() -> None:
    squats = replace(report(0), exercise="squats", sets=1)
    coach = ScriptedCoach([replace(squats, reps=1, finished=rep(1)), squats, replace(squats, reps=1, finished=rep(1))])
    session = session_of(coach)
    for time_s, count in enumerate((1, 0, 1)):
        session.process(jpeg(), time_s)
        assert [(one.exercise, one.count) for one in session.log] == [("squats", count)]
    coach.sets = (workout_set([rep(1), rep(2), rep(3)]),)
    coach.reports = [replace(squats, reps=3, finished=rep(3))]
    session.process(jpeg(), 3)
    assert [one.count for one in session.log] == [3]


def test_a_set_after_one_that_came_to_nothing_is_a_set_of_its_own() -> None:
    squats, curls = (replace(report(0), exercise=name, sets=1) for name in ("squats", "bicep_curls"))
    session = session_of(ScriptedCoach([squats, report(0), curls, replace(curls, reps=1, finished=rep(1))]))
    for time_s in range(4):
        session.process(jpeg(), time_s)
    assert [(one.exercise, one.count) for one in session.log] == [("bicep_curls", 1)]


def test_ended_sets_are_told_once_as_they_end() -> None:
    squats, curls, lunges = workout_set(), workout_set(exercise="bicep_curls"), workout_set(exercise="lunges")
    first, second = ScriptedCoach(sets=(squats, curls)), ScriptedCoach(sets=(lunges,))
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
    squats = replace(report(0), exercise="squats", sets=1)
    curls = replace(report(0), exercise="bicep_curls", sets=1)
    first = ScriptedCoach([squats], (workout_set(),))
    second = ScriptedCoach([curls], (workout_set([rep(1)], "bicep_curls"),))
    session = session_of(first, second)
    session.process(jpeg(), 0)
    session.follow("bicep_curls")
    assert session.exercise == "bicep_curls"
    session.process(jpeg(), 1)
    assert [one.exercise for one in session.log] == ["squats", "bicep_curls"]
    assert session.finish() == (*first.sets, *second.sets)
