"""Dashboards for tests: with scripted sessions, and what a page would send them."""

from __future__ import annotations

from typing import Any

from deepfit_nb.capture.pump import Frame
from deepfit_nb.dashboard.app import Dashboard
from deepfit_nb.dashboard.diary import Diary
from deepfit_nb.dashboard.live_session import LiveSession
from tests.dashboard.stand_ins import ScriptedCoach, ScriptedDetector, jpeg


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


def news(dashboard: Dashboard, status: str, run: int) -> None:
    """What the page says of a run."""
    dashboard.pump.set_state({"status": status, "status_run": run})
