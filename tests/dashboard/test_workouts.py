from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.dashboard.app import Dashboard
from deepfit_nb.dashboard.diary import Diary
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.errors import DeepFitError, SetupError
from deepfit_nb.storage import History
from deepfit_nb.storage.taught import TaughtExercises
from tests.dashboard.dashboards import StandInBackend, dashboard_with, feed, frame, settle
from tests.storage.workouts import rep, report, workout_set


def test_frames_of_the_run_are_processed_and_others_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    answers: list[str] = []
    monkeypatch.setattr(dashboard.pump, "acknowledge", lambda frame, pose, labels: answers.append("drawn"))
    monkeypatch.setattr(dashboard.pump, "skip", lambda frame: answers.append("skipped"))
    dashboard.start()
    feed(dashboard, frame(dashboard, 1.0))
    feed(dashboard, frame(dashboard, 2.0, run=99))
    dashboard.stop()
    feed(dashboard, frame(dashboard, 3.0, run=1))
    assert answers == ["drawn", "skipped", "skipped"]
    assert [session.frames for session in backend.sessions] == [1]
    dashboard.close()


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
        (replace(report(0), exercise="squats", sets=1, reps=one.count, finished=rep(one.count)), (one,))
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


def test_a_workout_that_is_over_is_summed_up_until_another_begins_or_is_to_begin(tmp_path: Path) -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    dashboard.start()
    dashboard.stop()
    settle(dashboard)
    assert dashboard.pump.done == ""  # of which nothing was seen
    for go_on in (dashboard.start, lambda: setattr(dashboard.page.source, "value", "clip")):
        dashboard.start()
        settle(dashboard)
        backend.coaches[-1].final = (workout_set(),)
        feed(dashboard, frame(dashboard, 0.0))
        dashboard.stop()
        settle(dashboard)
        assert dashboard.pump.done == "Done: 2 squats. Press Start for another workout."
        go_on()
        settle(dashboard)
        assert dashboard.pump.done == ""
        dashboard.stop()
    dashboard.close()


def test_reps_that_are_taken_back_with_the_end_are_shown_no_longer() -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    board = dashboard.page.scoreboard
    dashboard.start()
    settle(dashboard)
    one = (workout_set([rep(1)]),)
    backend.coaches[-1].steps = [(replace(report(0), exercise="squats", sets=1, reps=1, finished=rep(1)), one)]
    feed(dashboard, frame(dashboard, 0.0))
    assert (board.reps, board.sets) == (1, 1)
    dashboard.stop()
    settle(dashboard)
    assert (board.reps, board.sets, board.history) == (0, 0, [])
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
    settle(waiting)
    assert len(waiting.page.scoreboard.past) == 1
    assert ("Sit down", "sit_down") in waiting.page.exercise.options
    assert waiting.page.exercise.value == "lunges"
    waiting.close()


def test_a_frame_that_is_looked_at_while_the_next_workout_begins_is_not_shown_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    dashboard.start()
    settle(dashboard)
    session, shown = backend.sessions[-1], []
    process = session.process

    def press_start_meanwhile(jpeg: bytes, time_s: float) -> Any:
        report = process(jpeg, time_s)
        dashboard.start()
        return report

    monkeypatch.setattr(session, "process", press_start_meanwhile)
    monkeypatch.setattr(dashboard.page.plots, "add", shown.append)
    feed(dashboard, frame(dashboard, 0.0))
    assert dashboard.pump.run == 2
    assert not shown
    feed(dashboard, frame(dashboard, 1.0))
    assert len(shown) == 1
    dashboard.close()


def test_what_a_workout_ends_with_is_not_shown_in_the_next_one() -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    board = dashboard.page.scoreboard
    dashboard.start()
    settle(dashboard)
    backend.coaches[-1].final = (workout_set(),)
    feed(dashboard, frame(dashboard, 0.0))
    dashboard.start()
    settle(dashboard)
    assert (board.history, board.reps, board.can_save) == ([], 0, False)
    backend.coaches[-1].final = (workout_set(),)
    dashboard.stop()
    settle(dashboard)
    assert (board.reps, board.can_save) == (2, True)
    dashboard.close()


def test_an_error_at_the_end_of_a_workout_does_not_end_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    dashboard.start()
    settle(dashboard)
    hold = Event()
    dashboard._workouts._worker.call(hold.wait)
    monkeypatch.setattr(backend.sessions[-1], "finish", lambda: 1 / 0)
    dashboard.start()  # the first workout ends with an error when its turn comes
    hold.set()
    settle(dashboard)
    assert (dashboard.pump.run, dashboard.pump.failure) == (2, "")
    dashboard.close()


def test_who_changes_their_mind_quickly_loads_the_model_once() -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    hold = Event()
    dashboard._workouts._worker.call(hold.wait)
    for _ in range(6):
        dashboard.start()
    hold.set()
    settle(dashboard)
    assert len(backend.sessions) == 1
    assert dashboard.pump.run == 6
    dashboard.close()


def test_a_saved_workout_names_what_it_was_done_with(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    sources: list[str] = []
    monkeypatch.setattr(backend, "record", lambda session, source: sources.append(source) or 1 / 0, raising=False)
    dashboard.page.source.value = "clip"
    dashboard.start()
    settle(dashboard)
    dashboard.stop()
    done_with = dashboard._sources.name
    dashboard.page.source.value = "webcam"
    dashboard.page.scoreboard._dispatch(None, {"kind": "save"}, [])
    settle(dashboard)
    assert sources == [done_with] != ["webcam"]
    dashboard.close()


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


def raising_in_use(*sets: object) -> None:
    raise DeepFitError("in use")


def test_calibrate_begins_a_workout_and_stop_ends_both(tmp_path: Path) -> None:
    backend = StandInBackend()
    dashboard = Dashboard(backend, None, Repertoire(TaughtExercises(tmp_path), tmp_path))
    board = dashboard.page.scoreboard
    board._dispatch(None, {"kind": "calibrate"}, [])  # no exercise is chosen
    assert dashboard.pump.run == 0
    dashboard.page.exercise.value = "squats"
    board._dispatch(None, {"kind": "calibrate"}, [])
    settle(dashboard)
    assert (dashboard.pump.run, board.range["learning"]) == (1, True)
    assert [session.exercise for session in backend.sessions] == ["squats"]
    dashboard.stop()
    settle(dashboard)
    assert not board.range["learning"]
    dashboard.close()


@pytest.mark.parametrize("begun_before", [True, False])
def test_cancel_ends_the_workout_that_was_begun_for_the_calibration_alone(tmp_path: Path, begun_before: bool) -> None:
    dashboard = Dashboard(StandInBackend(), None, Repertoire(TaughtExercises(tmp_path), tmp_path))
    board = dashboard.page.scoreboard
    dashboard.page.exercise.value = "squats"
    if begun_before:
        dashboard.start()
    for kind in ("calibrate", "cancel"):
        board._dispatch(None, {"kind": kind}, [])
        settle(dashboard)
    assert bool(dashboard.pump.run) == begun_before
    assert not board.range["learning"]
    dashboard.close()


def test_a_calibration_ends_where_the_workout_cannot_begin(tmp_path: Path) -> None:
    backend = StandInBackend()
    dashboard = Dashboard(backend, None, Repertoire(TaughtExercises(tmp_path), tmp_path))
    settle(dashboard)
    dashboard.page.exercise.value = "squats"
    backend.error = SetupError("the pose model is gone")
    dashboard.page.scoreboard._dispatch(None, {"kind": "calibrate"}, [])
    settle(dashboard)
    assert "the pose model is gone" in dashboard.pump.failure
    assert not dashboard.page.scoreboard.range["learning"]
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
