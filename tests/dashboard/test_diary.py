from __future__ import annotations

from pathlib import Path

import pytest

from deepfit_nb.dashboard.diary import Diary
from deepfit_nb.storage import History
from tests.storage.workouts import DEEP, rep, workout_set


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def test_each_set_is_written_once_when_it_ends(path: Path) -> None:
    diary = Diary(path)
    diary.begin("webcam")
    squats, curls = workout_set(), workout_set(exercise="bicep_curls")
    for ended in ((), (squats,), (squats,), (squats, curls)):
        diary.keep(ended)
        with History(path) as other:  # what would be there if the kernel were killed now
            written = [one.exercise for workout in other.workouts() for one in workout.sets]
        assert written == [one.exercise for one in ended]
    diary.close()


def test_a_set_in_progress_is_written_as_it_stands(path: Path) -> None:
    diary = Diary(path)
    diary.begin("webcam")
    squats, lunges = workout_set(), workout_set([rep(1)], "lunges")
    steps = [
        ((), (workout_set([rep(1)]),), [("squats", 1)]),
        ((), (squats,), [("squats", 2)]),
        ((squats,), (lunges,), [("squats", 2), ("lunges", 1)]),
        ((squats,), (), [("squats", 2)]),  # it was no rep in hindsight
        ((squats, lunges), (), [("squats", 2), ("lunges", 1)]),
    ]
    for ended, standing, kept in steps:
        diary.keep(ended, standing)
        with History(path) as other:
            (workout,) = other.workouts()
            assert [(one.exercise, one.count) for one in workout.sets] == kept
    diary.close()


def test_an_earlier_workout_can_be_deleted(path: Path) -> None:
    diary = Diary(path)
    for source in ("webcam", "squats.mp4"):
        diary.begin(source)
        diary.keep((workout_set(),))
    diary.begin("webcam")
    latest, first = diary.past()
    diary.delete(latest["id"])
    assert diary.past() == [first]
    diary.close()


def test_past_is_what_was_before_this_workout(path: Path) -> None:
    diary = Diary(path)
    faulty = workout_set([rep(1, faults=[DEEP]), rep(2, partial=True), rep(3, faults=[DEEP])])
    diary.begin("webcam")
    diary.keep((faulty, workout_set(exercise="lunges"), workout_set()))
    diary.begin("squats.mp4")
    diary.keep((workout_set(),))
    (entry,) = diary.past()
    assert entry["exercises"] == [{"title": "Squats", "reps": 4}, {"title": "Lunges", "reps": 2}]
    assert entry["faults"] == [{"title": "Shallow depth", "count": 4}]
    assert entry["source"] == ""
    diary.begin("webcam")
    assert [one["source"] for one in diary.past()] == ["squats.mp4", ""]
    assert [one["source"] for one in diary.past(limit=1)] == ["squats.mp4"]
    diary.close()


def test_workout_without_sets_leaves_no_trace(path: Path) -> None:
    diary = Diary(path)
    diary.begin("webcam")
    diary.keep(())
    assert diary.past() == []
    with History(path) as history:
        assert history.begin("next") == 1
    diary.close()


def test_a_workout_that_was_deleted_meanwhile_begins_anew_with_what_comes_after(path: Path) -> None:
    diary = Diary(path)
    diary.begin("webcam")
    squats, curls, lunges = (workout_set(exercise=name) for name in ("squats", "bicep_curls", "lunges"))
    diary.keep((squats,))
    with History(path) as other:
        other.delete(other.workouts()[0].id)
        for ended, standing in (((squats,), (curls,)), ((squats, curls), ()), ((squats, curls, lunges), ())):
            diary.keep(ended, standing)
        assert [[one.exercise for one in workout.sets] for workout in other.workouts()] == [["bicep_curls", "lunges"]]
    assert diary.past() == []
    diary.close()
