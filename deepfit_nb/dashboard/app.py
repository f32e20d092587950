"""`Dashboard`: the live trainer, as ``notebooks/dashboard.ipynb`` shows it."""

from __future__ import annotations

import logging
from datetime import datetime
from html import escape
from pathlib import Path
from threading import RLock
from typing import Any, Final

import ipywidgets as widgets
from ipywebrtc import MediaStream

from deepfit_nb.capture.pump import Frame, FramePump
from deepfit_nb.capture.streams import camera_stream, clip_stream, url_stream
from deepfit_nb.capture.worker import LatestOnly
from deepfit_nb.coaching import FrameReport
from deepfit_nb.dashboard.backend import Backend
from deepfit_nb.dashboard.joints import angle_labels, joints_of
from deepfit_nb.dashboard.plots import DEFAULT_JOINTS, LivePlots
from deepfit_nb.dashboard.scoreboard import Scoreboard
from deepfit_nb.dashboard.session import LiveSession
from deepfit_nb.dashboard.theme import words
from deepfit_nb.errors import DeepFitError
from deepfit_nb.recognition import EXERCISES
from deepfit_nb.resources import resource

_STYLE: Final = Path(__file__).with_name("dashboard.css")
_INVITATIONS: Final = {
    "webcam": "Stand so that the camera sees all of you, then press Start.",
    "clip": "Press Start to see the trainer at work on a clip.",
    "file": "Your video stays in this browser: nothing is uploaded.",
}
_log = logging.getLogger(__name__)


class Dashboard:
    """The whole page. Show `widget`.

    Frames come on the kernel's thread (or a subshell's) and are worked on by a thread of the dashboard's own. A lock
    keeps the two from writing to the page's state at once.
    """

    def __init__(self, backend: Backend | None = None) -> None:
        self._backend = backend or Backend()
        self._lock = RLock()
        self._session: LiveSession | None = None
        self._file: dict[str, str] = {}
        self._streams: dict[str, MediaStream] = {}
        self._worker: LatestOnly[Frame] = LatestOnly(self._process, drop=lambda frame: self.pump.acknowledge(frame))
        self.pump = FramePump(self._worker.put, invitation=_INVITATIONS["webcam"])
        self.scoreboard = Scoreboard()
        self.plots = LivePlots()
        self._build()
        self._connect()
        self._show_state("Loading the pose model…", "busy")
        self._worker.call(self._warm_up)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.widget)  # type: ignore[no-untyped-call]

    def start(self) -> None:
        """Begin a workout with the chosen source; the one in progress, if any, ends."""
        self.stop()
        try:
            stream = self._stream()
        except DeepFitError as error:
            self._fail(error)
            return
        if stream is None:
            return
        exercise = self.exercise.value
        with self._lock:
            self.scoreboard.clear()
            self.plots.clear()
            self.plots.shown = joints_of(exercise) if exercise else list(DEFAULT_JOINTS)
            self.plots.live = True
            self._worker.call(lambda: self._begin(exercise))
            self.pump.start(stream, mirrored=self.source.value == "webcam")
            self._show_running(True)

    def stop(self) -> None:
        """End the workout."""
        with self._lock:
            if not self.pump.run:
                return
            self.pump.stop()
            self.plots.live = False
            self._show_running(False)
            self._show_state("Ready", "")
        self._worker.call(self._end)

    def close(self) -> None:
        """End the workout and the dashboard's thread."""
        self.stop()
        self._worker.call(self._backend.close)
        self._worker.close()

    # What the page shows

    def _build(self) -> None:
        self.source = widgets.ToggleButtons(
            options=[("Webcam", "webcam"), ("Demo clip", "clip"), ("My video", "file")], tooltips=["", "", ""]
        )
        clips = sorted(resource("assets").glob("*.mp4"))
        self.clip = widgets.Dropdown(options=[(words(clip.stem), clip) for clip in clips], description="Clip")
        self.exercise = widgets.Dropdown(
            options=[("Recognise it for me", None), *((words(name), name) for name in EXERCISES)],
            index=0,  # not left to the default, which takes None for "nothing chosen"
            description="Exercise",
        )
        self.button = widgets.Button(description="Start")
        self.button.add_class("df-start")
        self._brand = widgets.HTML("<span role='heading' aria-level='1'>Deep<em>Fit</em></span>")
        self._state = widgets.HTML()
        controls = widgets.Box([self._brand, self.source, self.clip, self.exercise, self.button])
        main = widgets.Box([self.pump, self._state, self.scoreboard, self.plots])
        style = widgets.HTML(f"<style>{_STYLE.read_text('utf-8')}</style>")
        self.widget = widgets.Box([style, controls, main])
        for box, name in (
            (self.widget, "df-app"),
            (style, "df-style"),
            (self._brand, "df-brand"),
            (self._state, "df-state"),
            (controls, "df-controls"),
            (main, "df-main"),
        ):
            box.add_class(name)
        self._show_source()

    def _connect(self) -> None:
        self.button.on_click(lambda _: self.stop() if self.pump.run else self.start())
        self.scoreboard.on_message("save", lambda content, buffers: self._worker.call(self._save))
        self.source.observe(lambda change: self._choose_source(), "value")
        self.clip.observe(lambda change: self._restart(), "value")
        self.exercise.observe(lambda change: self._choose_exercise(), "value")
        self.pump.observe(lambda change: self._choose_file(change.new), "chosen")
        self.pump.observe(lambda change: self._follow_status(change.new), "status")
        self.pump.observe(lambda change: self._show_stats(change.new), "stats")
        self.pump.on_message("retry", lambda content, buffers: self.start())

    def _show_source(self) -> None:
        self.clip.layout.display = None if self.source.value == "clip" else "none"
        self.pump.choosing = self.source.value == "file"
        self.pump.invitation = _INVITATIONS[self.source.value]

    def _show_running(self, running: bool) -> None:
        self.button.description = "Stop" if running else "Start"
        (self.button.add_class if running else self.button.remove_class)("df-stop")

    def _show_state(self, text: str, kind: str) -> None:
        self._state.value = f"<span role='status'><span class='df-dot df-{kind}'></span>{escape(text)}</span>"

    def _show_stats(self, stats: dict[str, float]) -> None:
        with self._lock:
            if self.pump.run and self.pump.status == "live":
                self._show_state(f"Live · {stats['fps']:.0f} frames/s · {stats['latency_ms']:.0f} ms", "live")

    # What the user does

    def _stream(self) -> MediaStream | None:
        if self.source.value == "webcam":
            return self._streams.setdefault("webcam", camera_stream())
        if self.source.value == "clip":
            key = str(self.clip.value)
            return self._streams.get(key) or self._streams.setdefault(key, clip_stream(self.clip.value))
        return self._streams.get(self._file.get("url", ""))

    def _choose_source(self) -> None:
        running = self.pump.run
        self.stop()
        self._show_source()
        if running:
            self.start()

    def _restart(self) -> None:
        if self.pump.run:
            self.start()

    def _choose_exercise(self) -> None:
        exercise = self.exercise.value
        if exercise:
            self.plots.shown = joints_of(exercise)
        if self.pump.run:
            self._worker.call(lambda: self._follow_exercise(exercise))

    def _choose_file(self, chosen: dict[str, str]) -> None:
        self._file = chosen
        self._streams[chosen["url"]] = url_stream(chosen["url"])
        self.start()

    def _follow_status(self, status: str) -> None:
        if not self.pump.run:
            return  # late news of a run that is over
        if status == "opening":
            self._show_state("Opening…", "busy")
        elif status == "live":
            self._show_state("Live", "live")
        elif status not in ("idle", "muted"):
            self.stop()

    # On the worker's thread

    def _warm_up(self) -> None:
        try:
            self._backend.warm_up()
        except Exception as error:
            self._fail(error)
        else:
            with self._lock:
                if not self.pump.run:
                    self._show_state("Ready", "")

    def _begin(self, exercise: str | None) -> None:
        try:
            self._session = self._backend.new_session(exercise)
        except Exception as error:
            self._fail(error)

    def _follow_exercise(self, exercise: str | None) -> None:
        if self._session is not None:
            self._session.follow(exercise)

    def _process(self, frame: Frame) -> None:
        session = self._session
        if session is None or frame.run != self.pump.run:
            self.pump.acknowledge(frame)
            return
        try:
            report = session.process(frame.jpeg, frame.time_s)
        except Exception as error:
            self.pump.acknowledge(frame)
            self._fail(error)
            return
        self.pump.acknowledge(frame, report.pose, angle_labels(report))
        with self._lock:
            self._show(report, session)

    def _show(self, report: FrameReport, session: LiveSession) -> None:
        before = self.scoreboard.exercise
        self.plots.add(report)
        self.scoreboard.show(report, session.log, fixed=session.exercise is not None)
        if report.exercise and self.scoreboard.exercise != before:
            self.plots.shown = joints_of(report.exercise)

    def _end(self) -> None:
        session = self._session
        if session is None:
            return
        session.finish()
        with self._lock:
            self.scoreboard.quiet()
            self.scoreboard.show_history(session.log)
            self.scoreboard.can_save = bool(session.sets)

    def _save(self) -> None:
        if self._session is not None:
            record = self._backend.record(self._session, source=self._source_name())
            stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
            self.scoreboard.download(f"deepfit_{stamp}.session.json", record.model_dump_json(by_alias=True, indent=2))

    def _source_name(self) -> str:
        names: dict[str, Any] = {
            "webcam": "webcam",
            "clip": Path(self.clip.value or "").name,
            "file": self._file.get("name", "file"),
        }
        return str(names[self.source.value])

    def _fail(self, error: Exception) -> None:
        """Show an error on the page, and end the workout."""
        expected = isinstance(error, DeepFitError)
        _log.error("the workout has stopped", exc_info=not expected and error)
        self._session = None
        self.stop()
        with self._lock:
            self.pump.failure = str(error) if expected else f"{type(error).__name__}: {error}"
            self._show_state("Stopped", "")
