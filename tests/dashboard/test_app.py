from __future__ import annotations

import subprocess
import sys
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from deepfit_nb.dashboard.app import Dashboard
from deepfit_nb.errors import DeepFitError, MediaError, SetupError
from tests.dashboard.dashboards import StandInBackend, dashboard_with, feed, frame, news, settle
from tests.dashboard.stand_ins import jpeg


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


@pytest.mark.parametrize(
    ("fps", "exercise", "said"),
    [(25.0, "", "25 frames/s"), (2.0, "", "Only 2 frames/s: choose the exercise"), (2.0, "squats", "2 frames/s")],
)
def test_frames_too_few_to_recognise_an_exercise_by_are_told(fps: float, exercise: str, said: str) -> None:
    dashboard = dashboard_with(StandInBackend())
    dashboard.page.exercise.value = exercise
    dashboard.start()
    news(dashboard, "live", 1)
    dashboard.pump.set_state({"stats": {"fps": fps, "latency_ms": 40.0}})
    assert said in dashboard.page._state.value
    dashboard.close()


def test_a_dashboard_that_is_closed_opens_no_camera() -> None:
    dashboard = dashboard_with(StandInBackend())
    dashboard.close()
    dashboard.start()
    dashboard.page.scoreboard._dispatch(None, {"kind": "hello"}, [])
    dashboard.pump._dispatch(None, {"kind": "retry"}, [])
    assert (dashboard.pump.run, dashboard.pump.stream) == (0, None)
    assert dashboard.page.button.disabled
    assert "Closed" in dashboard.page._state.value


@pytest.mark.parametrize("status", ["denied", "ended"])
def test_news_that_reads_as_that_of_the_run_before_is_news_all_the_same(status: str) -> None:
    """The browser sends only the last of what changes in quick succession: "opening" may be left out."""
    dashboard = dashboard_with(StandInBackend())
    for run in (1, 2):
        dashboard.start()
        news(dashboard, status, run)
        assert dashboard.pump.run == 0
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
    monkeypatch.setattr("deepfit_nb.dashboard.stream_choice.clip_stream", _missing)
    dashboard.page.source.value = "clip"
    assert dashboard.pump.run == 0
    assert dashboard.page.button.description == "Start"
    assert dashboard.pump.failure == "the clip is gone"


def test_to_have_the_exercise_recognised_again_is_a_choice_like_any_other() -> None:
    backend = StandInBackend()
    dashboard = dashboard_with(backend)
    exercise = dashboard.page.exercise
    for index in (1, 0):
        exercise.set_state({"index": index})  # as the browser chooses
    assert (exercise.index, exercise.label, dashboard.page.exercise_name) == (0, "Recognise it for me", None)
    dashboard.page.offer([("Lunges", "lunges")])
    assert exercise.index == 0
    exercise.value = "lunges"
    dashboard.page.offer([("Squats", "squats")])  # it was forgotten meanwhile
    assert exercise.index == 0
    dashboard.start()
    settle(dashboard)
    assert backend.sessions[-1].exercise is None
    dashboard.close()


@pytest.mark.parametrize(
    ("status", "badge", "ready"),
    [("unplayable", "Stopped", False), ("broken", "Stopped", False), ("ended", "Ready", True)],
)
def test_nobody_is_told_to_be_ready_for_a_source_that_cannot_be_seen(status: str, badge: str, ready: bool) -> None:
    dashboard = dashboard_with(StandInBackend())
    dashboard.start()
    news(dashboard, status, 1)
    assert (badge in dashboard.page._state.value, dashboard.page.scoreboard.ready) == (True, ready)
    dashboard.page.source.value = "clip"
    assert dashboard.page.scoreboard.ready
    assert "Ready" in dashboard.page._state.value
    dashboard.close()


def test_what_went_wrong_is_forgotten_with_its_source() -> None:
    dashboard = dashboard_with(StandInBackend())
    dashboard.pump.done = "Done: 2 squats."
    news(dashboard, "empty", 0)  # the page says so between workouts
    assert (dashboard.pump.done, dashboard.page.scoreboard.ready) == ("", False)
    dashboard._fail(DeepFitError("broken"))
    dashboard.page.source.value = "clip"
    assert (dashboard.pump.failure, dashboard.page.scoreboard.ready) == ("", True)
    dashboard.close()


def test_start_without_a_video_asks_for_one() -> None:
    dashboard = dashboard_with(StandInBackend())
    dashboard.page.source.value = "file"
    invitation = dashboard.pump.invitation
    dashboard.page.button.click()
    assert dashboard.pump.run == 0
    assert dashboard.pump.invitation == "Choose a video first."
    dashboard.page.source.value = "webcam"
    dashboard.start()
    dashboard.page.source.value = "file"  # nobody has asked to begin with it
    assert dashboard.pump.invitation == invitation
    dashboard.close()


def _missing(clip: object) -> None:
    raise MediaError("the clip is gone")


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


def test_a_dashboard_that_is_closed_while_its_models_are_loaded_does_not_say_that_it_is_ready() -> None:
    loading, loaded = Event(), Event()

    class SlowBackend(StandInBackend):
        def warm_up(self) -> None:
            loading.set()
            loaded.wait(10)

    dashboard = Dashboard(SlowBackend())
    assert loading.wait(10)
    dashboard.close()
    loaded.set()
    dashboard._workouts._worker._executor.shutdown(wait=True)
    dashboard.page.source.value = "clip"
    assert "Closed" in dashboard.page._state.value
