"""What is kept of workouts while they go on, and shown of earlier ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.dashboard.app import Dashboard
from deepfit_nb.dashboard.diary import Diary
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.errors import DeepFitError
from deepfit_nb.storage import History
from deepfit_nb.storage.taught import TaughtExercises
from tests.dashboard.dashboards import StandInBackend, dashboard_with, feed, frame, settle
from tests.storage.workouts import rep, report, workout_set


def test_sets_are_kept_as_they_end_and_earlier_workouts_shown_when_idle(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    backend = StandInBackend()
    dashboard = dashboard_with(backend, Diary(path))
    board = dashboard.page.scoreboard
    for _ in range(2):
        dashboard.start()
        settle(dashboard)
        assert board.past == []
        backend.coaches[-1].final = backend.coaches[-1].over = (workout_set(),)
        feed(dashboard, frame(dashboard, 0.0))
        with History(path) as history:
            assert [one.exercise for one in history.workouts()[0].sets] == ["squats"]
        dashboard.stop()
        settle(dashboard)
    with History(path) as history:
        assert [len(workout.sets) for workout in history.workouts()] == [1, 1]
    assert [one["exercises"] for one in board.past] == [[{"title": "Squats", "reps": 2}]]  # the other is on the board
    dashboard.close()
    again = dashboard_with(StandInBackend(), Diary(path))
    assert len(again.page.scoreboard.past) == 2
    again.close()


def test_reps_of_a_set_in_progress_outlive_the_kernel(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    backend = StandInBackend()
    dashboard = dashboard_with(backend, Diary(path))
    dashboard.start()
    settle(dashboard)
    growing = [(workout_set([rep(n + 1) for n in range(count)]),) for count in (1, 2)]
    backend.coaches[-1].steps = [
        (replace(report(0), exercise="squats", sets=1, reps=one.count, counted=(rep(one.count),)), (one,))
        for (one,) in growing
    ]
    for time_s, count in ((0.0, 1), (1.0, 2)):
        feed(dashboard, frame(dashboard, time_s))
        with History(path) as history:  # what would be there if the kernel were killed now
            assert [one.count for workout in history.workouts() for one in workout.sets] == [count]
    dashboard.close()


def test_an_earlier_workout_can_be_deleted_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with History(path) as history:
        for source in ("webcam", "squats.mp4"):
            history.add(history.begin(source), workout_set())
    dashboard = dashboard_with(StandInBackend(), Diary(path))
    board = dashboard.page.scoreboard
    assert [one["source"] for one in board.past] == ["squats.mp4", ""]
    board._dispatch(None, {"kind": "delete", "workout": board.past[1]["id"]}, [])
    settle(dashboard)
    assert [one["source"] for one in board.past] == ["squats.mp4"]
    dashboard.close()


def test_a_page_that_loads_late_is_told_what_was_kept_meanwhile(tmp_path: Path) -> None:
    path, taught = tmp_path / "history.sqlite", TaughtExercises(tmp_path / "taught")
    waiting = Dashboard(StandInBackend(), Diary(path), Repertoire(taught, tmp_path))
    settle(waiting)
    waiting.page.exercise.value = "lunges"
    with History(path) as history:
        history.add(history.begin("webcam"), workout_set())
    taught.save(builtin_exercises()["squats"].model_copy(update={"name": "sit_down", "title": "Sit down"}))
    waiting.page.scoreboard._dispatch(None, {"kind": "hello"}, [])
    assert ("Sit down", "sit_down") in waiting.page.exercise.options  # whatever the thread of its own is at
    settle(waiting)
    assert len(waiting.page.scoreboard.past) == 1
    assert waiting.page.exercise.value == "lunges"
    waiting.close()


def test_a_dashboard_that_is_closed_keeps_the_set_in_progress(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    backend = StandInBackend()
    dashboard = dashboard_with(backend, Diary(path))
    dashboard.start()
    settle(dashboard)
    backend.coaches[-1].final = (workout_set(),)
    dashboard.close()
    dashboard._workouts._worker._executor.shutdown(wait=True)
    with History(path) as history:
        assert [len(workout.sets) for workout in history.workouts()] == [1]


def test_what_could_not_be_kept_at_first_is_no_longer_called_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    backend, diary = StandInBackend(), Diary(":memory:")
    dashboard = dashboard_with(backend, diary)
    dashboard.start()
    settle(dashboard)
    backend.coaches[-1].over = (workout_set(),)
    with monkeypatch.context() as locked:
        locked.setattr(diary, "keep", raising_in_use)
        feed(dashboard, frame(dashboard, 0.0))
        assert dashboard.page.scoreboard.unkept == "in use"
    backend.coaches[-1].over = (workout_set(), workout_set())
    feed(dashboard, frame(dashboard, 1.0))
    assert dashboard.page.scoreboard.unkept == ""
    dashboard.close()


@pytest.mark.parametrize("workout", [True, False])
def test_a_diary_that_works_again_as_the_page_is_loaded_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workout: bool
) -> None:
    path = tmp_path / "history.sqlite"
    backend, diary = StandInBackend(), Diary(path)
    with monkeypatch.context() as locked:
        locked.setattr(diary, "past", raising_in_use)
        locked.setattr(diary, "keep", raising_in_use)
        dashboard = dashboard_with(backend, diary)
        if workout:
            dashboard.start()
            settle(dashboard)
            backend.coaches[-1].final = (workout_set(),)
            dashboard.stop()
            settle(dashboard)
        assert dashboard.page.scoreboard.unkept == "in use"
    dashboard.page.scoreboard._dispatch(None, {"kind": "hello"}, [])
    settle(dashboard)
    assert dashboard.page.scoreboard.unkept == ""
    with History(path) as history:
        assert len(history.workouts()) == workout
    dashboard.close()


@pytest.mark.parametrize("quickly", [True, False])
def test_what_could_not_be_kept_is_kept_as_the_next_workout_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quickly: bool
) -> None:
    """Also where that is stopped again before its turn comes: then there is no session, and nothing may be lost."""
    path = tmp_path / "history.sqlite"
    backend, diary = StandInBackend(), Diary(path)
    dashboard = dashboard_with(backend, diary)
    dashboard.start()
    settle(dashboard)
    first, second = workout_set([rep(1)]), workout_set([rep(1), rep(2)])
    backend.coaches[-1].steps = [(replace(report(0), exercise="squats", sets=1, reps=1, counted=(rep(1),)), (first,))]
    feed(dashboard, frame(dashboard, 0.0))
    backend.coaches[-1].final = (second,)
    with monkeypatch.context() as locked:
        locked.setattr(diary, "keep", raising_in_use)
        dashboard.stop()
        settle(dashboard)
    hold = Event()
    dashboard._workouts._worker.call(hold.wait)
    dashboard.start()
    if quickly:
        dashboard.stop()
    hold.set()
    settle(dashboard)
    dashboard.page.scoreboard._dispatch(None, {"kind": "hello"}, [])
    settle(dashboard)
    with History(path) as history:
        assert [one.count for workout in history.workouts() for one in workout.sets] == [second.count]
    dashboard.close()


def test_workout_goes_on_where_it_cannot_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"this is not a database, " * 50)
    backend = StandInBackend()
    dashboard = dashboard_with(backend, Diary(path))
    dashboard.start()
    settle(dashboard)
    backend.coaches[-1].over = (workout_set(),)
    for time_s in (0.0, 1.0):
        feed(dashboard, frame(dashboard, time_s))
    assert "move it away" in dashboard.page.scoreboard.unkept
    assert dashboard.pump.failure == ""
    assert backend.sessions[-1].frames == 2
    dashboard.close()


def raising_in_use(*sets: object) -> None:
    raise DeepFitError("in use")
