"""What is done on the dashboard's own thread: frames, sessions, lessons, and the errors of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from deepfit_nb.dashboard.app import Dashboard
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.errors import SetupError
from deepfit_nb.pose import Pose
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


def test_a_range_is_learned_from_the_body_as_it_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report's has left and right put right, and learning puts them right once more."""
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    learned: list[Pose | None] = []
    monkeypatch.setattr(dashboard._workouts._own_range, "add", lambda time_s, pose: learned.append(pose))
    dashboard.start()
    settle(dashboard)
    monkeypatch.setattr(backend.coaches[-1], "update", lambda found, *, time_s, **more: report(time_s))
    feed(dashboard, frame(dashboard, 0.0))
    assert learned == [backend.sessions[-1].pose]
    dashboard.close()


def test_reps_that_are_taken_back_with_the_end_are_shown_no_longer() -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    board = dashboard.page.scoreboard
    dashboard.start()
    settle(dashboard)
    one = (workout_set([rep(1)]),)
    backend.coaches[-1].steps = [(replace(report(0), exercise="squats", sets=1, reps=1, counted=(rep(1),)), one)]
    feed(dashboard, frame(dashboard, 0.0))
    assert (board.reps, board.sets) == (1, 1)
    dashboard.stop()
    settle(dashboard)
    assert (board.reps, board.sets, board.history) == (0, 0, [])
    dashboard.close()


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
    done_with = dashboard._choice.name
    dashboard.page.source.value = "webcam"
    dashboard.page.scoreboard._dispatch(None, {"kind": "save"}, [])
    settle(dashboard)
    assert sources == [done_with] != ["webcam"]
    dashboard.close()


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
