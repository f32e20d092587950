from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest

from deepfit_nb.capture.pump import Frame
from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.dashboard.app import Dashboard
from deepfit_nb.dashboard.diary import Diary
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.dashboard.session import LiveSession
from deepfit_nb.errors import DeepFitError, MediaError, SetupError
from deepfit_nb.storage import History
from deepfit_nb.storage.taught import TaughtExercises
from tests.dashboard.stand_ins import ScriptedCoach, ScriptedDetector, jpeg
from tests.storage.workouts import workout_set


class StandInBackend:
    """Sessions with scripted parts; ``error`` is raised by whatever is asked of it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sessions: list[LiveSession] = []
        self.coaches: list[ScriptedCoach] = []
        self.count_at: list[str] = []

    def warm_up(self) -> None:
        if self.error:
            raise self.error

    def new_session(self, exercise: str | None, count_at: str, definitions: object) -> LiveSession:
        self.warm_up()
        self.count_at.append(count_at)
        self.coaches.append(ScriptedCoach())
        self.sessions.append(LiveSession(ScriptedDetector(), lambda exercise: self.coaches[-1], exercise))
        return self.sessions[-1]

    def close(self) -> None: ...


def settle(dashboard: Dashboard) -> None:
    """Wait until the dashboard's thread has done all it was given."""
    dashboard._workouts._worker.call(lambda: None).result(timeout=10)


def dashboard_with(backend: Any, diary: Diary | None = None) -> Dashboard:
    dashboard = Dashboard(backend, diary)
    settle(dashboard)
    return dashboard


def frame(dashboard: Dashboard, time_s: float, *, image: bytes | None = None, run: int | None = None) -> Frame:
    return Frame(dashboard.pump.run if run is None else run, 1, time_s, jpeg() if image is None else image)


def feed(dashboard: Dashboard, one: Frame) -> None:
    dashboard._workouts._worker.put(one)
    settle(dashboard)


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


def news(dashboard: Dashboard, status: str, run: int) -> None:
    """What the page says of a run."""
    dashboard.pump.set_state({"status": status, "status_run": run})


@pytest.mark.parametrize(("run", "goes_on"), [(1, True), (2, False)])
def test_late_news_of_an_earlier_run_does_not_end_the_one_in_progress(run: int, goes_on: bool) -> None:
    dashboard = dashboard_with(StandInBackend())
    for current in (1, 2):
        dashboard.start()
        news(dashboard, "live", current)
    news(dashboard, "ended", run)
    assert bool(dashboard.pump.run) == goes_on
    dashboard.close()


@pytest.mark.parametrize(("said_by", "goes_on"), [(5, False), (9, True)])
@pytest.mark.parametrize("trouble", ["denied", "hidden"])
def test_what_befalls_a_page_that_only_looks_on_ends_nothing(trouble: str, said_by: int, goes_on: bool) -> None:
    """Two pages show this kernel, and the frames come from page 5."""
    dashboard = dashboard_with(StandInBackend())
    dashboard.start()
    received = {"kind": "frame", "run": 1, "number": 1, "page": 5, "time_s": 0.0}
    dashboard.pump._handle_custom_msg(received, [memoryview(jpeg())])
    if trouble == "hidden":
        dashboard.pump._handle_custom_msg({"kind": "hidden", "page": said_by}, [])
    else:
        dashboard.pump.set_state({"status": trouble, "status_run": 1, "status_page": said_by})
    assert bool(dashboard.pump.run) == goes_on
    dashboard.close()


def test_a_covered_camera_is_told_beside_the_picture() -> None:
    dashboard = dashboard_with(StandInBackend())
    dashboard.start()
    news(dashboard, "live", 1)
    dashboard.pump.set_state({"stats": {"fps": 25.0, "latency_ms": 40.0}})
    news(dashboard, "muted", 1)
    assert "No picture" in dashboard.page._state.value
    assert dashboard.pump.run == 1
    dashboard.close()


@pytest.mark.parametrize("status", ["denied", "ended"])
def test_news_that_reads_as_that_of_the_run_before_is_news_all_the_same(status: str) -> None:
    """The browser sends only the last of what changes in quick succession: "opening" may be left out."""
    dashboard = dashboard_with(StandInBackend())
    for run in (1, 2):
        dashboard.start()
        news(dashboard, status, run)
        assert dashboard.pump.run == 0
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


def test_an_error_that_comes_as_the_user_starts_again_does_not_end_the_new_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dashboard = dashboard_with(StandInBackend())
    dashboard.start()
    stop, pressed = dashboard.pump.stop, Event()

    def press_start_meanwhile() -> None:
        if not pressed.is_set():
            pressed.set()
            Thread(target=dashboard.start).start()
            sleep(0.3)
        stop()

    monkeypatch.setattr(dashboard.pump, "stop", press_start_meanwhile)
    dashboard._fail(DeepFitError("broken"), 1)
    deadline = monotonic() + 5
    while dashboard.pump.run != 2 and monotonic() < deadline:
        sleep(0.02)
    assert (dashboard.pump.run, dashboard.pump.failure) == (2, "")
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


def test_the_button_stays_as_it_is_where_another_workout_follows_at_once() -> None:
    dashboard = dashboard_with(StandInBackend())
    page = dashboard.page
    dashboard.start()
    said: list[str] = []
    page.button.observe(lambda change: said.append(change.new), "description")
    page.source.value = "clip"
    page.clip.index = 1
    assert dashboard.pump.run == 3
    assert page.button.description == "Stop"
    assert not said
    page.source.value = "file"  # of which none is chosen
    assert dashboard.pump.run == 0
    assert said == ["Start"]


def test_a_clip_that_is_not_there_ends_the_workout_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    dashboard = dashboard_with(StandInBackend())
    dashboard.start()
    monkeypatch.setattr("deepfit_nb.dashboard.sources.clip_stream", _missing)
    dashboard.page.source.value = "clip"
    assert dashboard.pump.run == 0
    assert dashboard.page.button.description == "Start"
    assert dashboard.pump.failure == "the clip is gone"


def _missing(clip: object) -> None:
    raise MediaError("the clip is gone")


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
        locked.setattr(diary, "past", lambda: raising_in_use(()))
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


def raising_in_use(ended: object) -> None:
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


def test_start_begins_a_new_session_with_the_chosen_exercise() -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    dashboard.page.exercise.value = "lunges"
    dashboard.start()
    settle(dashboard)
    dashboard.start()
    settle(dashboard)
    assert [session.exercise for session in backend.sessions] == ["lunges", "lunges"]
    assert dashboard.pump.run == 2
    dashboard.close()


def test_where_reps_are_counted_takes_effect_at_the_next_start() -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    dashboard.start()
    dashboard.page.count_at.value = "bottom"
    settle(dashboard)
    assert backend.count_at == ["return"]
    dashboard.start()
    settle(dashboard)
    assert backend.count_at == ["return", "bottom"]
    dashboard.close()


@pytest.mark.parametrize("error", [SetupError("libEGL.so.1 is missing: install libegl1"), RuntimeError("boom")])
def test_failure_to_load_the_models_is_told_on_the_page(error: Exception) -> None:
    dashboard = dashboard_with(StandInBackend(error))
    assert str(error) in dashboard.pump.failure
    dashboard.close()


def test_error_in_the_worker_stops_the_workout_is_told_and_start_works_again() -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    dashboard.start()
    feed(dashboard, frame(dashboard, 0.0, image=b"no image"))
    assert "no JPEG" in dashboard.pump.failure
    assert dashboard.pump.run == 0
    dashboard.start()
    feed(dashboard, frame(dashboard, 0.0))
    assert dashboard.pump.failure == ""
    assert backend.sessions[-1].frames == 1
    dashboard.close()


def test_two_dashboards_share_nothing() -> None:
    one, other = dashboard_with(StandInBackend()), dashboard_with(StandInBackend())
    one.start()
    settle(one)
    assert (one.pump.run, other.pump.run) == (1, 0)
    one.close()
    other.start()
    assert other.pump.run == 1
    other.close()


def test_dashboard_kernel_is_free_of_tensorflow() -> None:
    """The real thing, in a process of its own: from the import to a processed frame."""
    code = """
import sys
from deepfit_nb.dashboard.app import Dashboard
from deepfit_nb.capture.pump import Frame
from tests.dashboard.stand_ins import jpeg
dashboard = Dashboard()
dashboard.start()
dashboard._workouts._worker.put(Frame(1, 1, 0.0, jpeg()))
dashboard._workouts._worker.call(lambda: None).result()
assert dashboard._workouts._session.frames == 1, dashboard.pump.failure
print([name for name in ("tensorflow", "keras", "torch") if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert result.stdout.strip() == "[]", result.stderr
