"""`Dashboard`: the live trainer, as ``notebooks/dashboard.ipynb`` shows it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import RLock

from IPython.display import display

from deepfit_nb.capture.pump import Frame, FramePump
from deepfit_nb.capture.worker import LatestOnly
from deepfit_nb.coaching import FrameReport
from deepfit_nb.coaching.definition import CountAt
from deepfit_nb.dashboard.backend import Backend
from deepfit_nb.dashboard.calibrating import OwnRange
from deepfit_nb.dashboard.diary import Diary
from deepfit_nb.dashboard.joints import angle_labels
from deepfit_nb.dashboard.page import Page
from deepfit_nb.dashboard.plots import DEFAULT_JOINTS
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.dashboard.session import LiveSession
from deepfit_nb.dashboard.sources import Sources
from deepfit_nb.errors import DeepFitError

_log = logging.getLogger(__name__)


class Dashboard:
    """The trainer: display it, or its `widget`.

    What the user does, and the frames, arrive on the kernel's thread (in JupyterLab on a subshell's). The work is done
    on one thread of the dashboard's own. A lock keeps the two from changing the page at once.
    """

    def __init__(
        self, backend: Backend | None = None, diary: Diary | None = None, repertoire: Repertoire | None = None
    ) -> None:
        self._backend = backend or Backend()
        self._diary = diary or Diary()
        self._repertoire = repertoire or Repertoire()
        self._lock = RLock()
        self._session: LiveSession | None = None  # the latest, which may be over
        self._source = ""  # what it was done with
        self._in_session = False
        self._worker: LatestOnly[Frame] = LatestOnly(self._process, drop=lambda frame: self.pump.skip(frame))
        self.pump = FramePump(self._worker.put)
        self.page = Page(self.pump, self._repertoire.options())
        self._sources = Sources(self.page)
        self._own_range = OwnRange(self.page.scoreboard, self._repertoire, self._follow, self._lock)
        self.widget = self.page.widget
        self._connect()
        self.page.show_state("Loading the pose model…", "busy")
        self._do(self._look_up)
        self._do(self._warm_up)

    def _ipython_display_(self) -> None:
        display(self.widget)  # type: ignore[no-untyped-call]

    def start(self) -> None:
        """Begin a workout with the chosen source; the one in progress, if any, ends."""
        self._halt()
        try:
            stream = self._sources.stream()
        except DeepFitError as error:
            self._fail(error)
            return
        if stream is None:
            self._rest()
            return
        page, exercise, count_at = self.page, self.page.exercise.value, self.page.count_at.value
        source = self._sources.name
        with self._lock:
            page.scoreboard.clear()
            page.plots.clear()
            page.plots.shown = self._joints_of(exercise) if exercise else list(DEFAULT_JOINTS)
            page.plots.live = page.scoreboard.live = True
            page.show_running(True)
            self.pump.start(stream, mirrored=page.source.value == "webcam")
            run = self.pump.run
            self._do(lambda: self._begin(run, source, exercise, count_at), run)

    def stop(self) -> None:
        """End the workout."""
        with self._lock:
            if self.pump.run:
                self._halt()
                self._rest()

    def close(self) -> None:
        """End the workout, and the dashboard's thread."""
        self.stop()
        self._do(self._backend.close)
        self._do(lambda: self._with_diary(self._diary.close))
        self._worker.close()

    def _halt(self) -> None:
        """End the workout, and leave the button as it is: where another begins at once, it must not change under the
        user's finger."""
        with self._lock:
            run = self.pump.run
            if not run:
                return
            self.pump.stop()
            self.page.plots.live = self.page.scoreboard.live = False
        self._do(self._end, run)

    def _rest(self) -> None:
        self.page.show_running(False)
        self.page.show_state("Ready")

    # On the kernel's thread: what the user does

    def _connect(self) -> None:
        page = self.page
        page.button.on_click(lambda _: self.stop() if self.pump.run else self.start())
        page.source.observe(lambda change: self._choose_source(), "value")
        page.clip.observe(lambda change: self._choose_clip(), "value")
        page.exercise.observe(lambda change: self._choose_exercise(), "value")
        board, own_range = page.scoreboard, self._own_range
        board.on_message("save", lambda content, buffers: self._do(self._save))
        board.on_message("calibrate", lambda content, buffers: self._calibrate())
        board.on_message("cancel", lambda content, buffers: self._do(lambda: own_range.change(page.exercise.value)))
        board.on_message("forget", lambda content, buffers: self._do(lambda: own_range.forget(page.exercise.value)))
        board.on_message("hello", lambda content, buffers: self._welcome())
        board.observe(lambda change: self._do(lambda: own_range.meet(change.new, page.exercise.value)), "person")
        self.pump.on_message("retry", lambda content, buffers: self.start())
        self.pump.on_message("hidden", lambda content, buffers: self.stop())
        self.pump.observe(lambda change: self.start(), "chosen")
        self.pump.observe(lambda change: self._follow_status(self.pump.status), ["status", "status_run"])
        self.pump.observe(lambda change: self._show_stats(change.new), "stats")

    def _choose_source(self) -> None:
        self.page.show_source()
        if self.pump.run:
            self.start()

    def _choose_clip(self) -> None:
        if self.pump.run:
            self.start()

    def _choose_exercise(self) -> None:
        exercise = self.page.exercise.value
        if exercise:
            self.page.plots.shown = self._joints_of(exercise)
        self._do(lambda: self._own_range.change(exercise))

    def _joints_of(self, exercise: str) -> list[str]:
        return list(self._repertoire.exercises[exercise].angles)

    def _calibrate(self) -> None:
        """Learn the person's range from the reps that come next, in a workout that begins where there is none."""
        exercise = self.page.exercise.value
        if not exercise:
            return
        if not self.pump.run:
            self.start()
        self._do(lambda: self._learn(exercise))

    def _welcome(self) -> None:
        """A page has loaded. This kernel may have waited for it since before the last workout, or lesson."""
        self.page.scoreboard.send_state()
        if not self.pump.run:
            self._do(self._look_up)

    def _follow_status(self, status: str) -> None:
        if not self.pump.run or self.pump.status_run != self.pump.run:
            return  # late news of a run that is over
        if status == "opening":
            self.page.show_state("Opening…", "busy")
        elif status == "live":
            self.page.show_state("Live", "live")
        elif status not in ("idle", "muted"):
            self.stop()

    def _show_stats(self, stats: dict[str, float]) -> None:
        with self._lock:
            if self.pump.run and self.pump.status == "live":
                self.page.show_state(f"Live · {stats['fps']:.0f} frames/s · {stats['latency_ms']:.0f} ms", "live")

    # On the dashboard's own thread

    def _do(self, task: Callable[[], None], run: int | None = None) -> None:
        """Have something done after all that was given to do before; an error is shown on the page.

        It ends the workout in progress, but not where the task belongs to another ``run``.
        """

        def guarded() -> None:
            try:
                task()
            except Exception as error:
                self._fail(error, run)

        self._worker.call(guarded)

    def _warm_up(self) -> None:
        self._backend.warm_up()
        with self._lock:
            if not self.pump.run:
                self.page.show_state("Ready")

    def _begin(self, run: int, source: str, exercise: str | None, count_at: CountAt) -> None:
        self._session = None
        if run != self.pump.run:
            return  # stopped again before its turn came
        self._source = source
        self._diary.begin(source)
        self._session = self._backend.new_session(exercise, count_at, self._own_range.definitions)
        self._in_session = True

    def _learn(self, exercise: str) -> None:
        """Learn the person's range, unless the workout in which it was to be shown could not begin."""
        if self._in_session:
            self._own_range.begin(exercise)

    def _look_up(self) -> None:
        """What is on this machine: taught exercises, the person's range, earlier workouts."""
        self._repertoire.refresh()
        with self._lock:
            self.page.offer(self._repertoire.options())
        self._own_range.show(self.page.exercise.value)
        self._keep(self._session)  # what could not be kept before, if anything
        self._with_diary(self._show_past)

    def _follow(self, exercise: str | None) -> None:
        """Go on with a new coach, in the workout that is running, if any."""
        if self._session is not None and self._in_session:
            self._session.follow(exercise)
            self._keep(self._session)

    def _process(self, frame: Frame) -> None:
        session = self._session
        if session is None or frame.run != self.pump.run:
            self.pump.skip(frame)
            return
        try:
            ended = len(session.ended)
            report = session.process(frame.jpeg, frame.time_s)
            self.pump.acknowledge(frame, report.pose, angle_labels(report, self._repertoire.exercises))
            self._show(report, session)
            self._own_range.add(report, session.pose)
            if len(session.ended) > ended:
                self._keep(session)
        except Exception as error:
            self._fail(error, frame.run)

    def _show(self, report: FrameReport, session: LiveSession) -> None:
        board, plots = self.page.scoreboard, self.page.plots
        with self._lock:
            before = board.exercise
            plots.add(report)
            board.show(report, session.log, fixed=session.exercise is not None)
            if report.exercise and board.exercise != before:
                plots.shown = self._joints_of(report.exercise)

    def _end(self) -> None:
        session, board = self._session, self.page.scoreboard
        self._in_session = False
        if session is not None:
            session.finish()
            with self._lock:
                board.quiet()
                board.show_history(session.log)
                if session.log:  # the last rep may have been counted with the end
                    board.reps = session.log[-1].count
                board.can_save = bool(session.sets)
            # Kept before the range is learned from the same frames: that takes a moment, in which the page may go.
            self._keep(session)
            self._with_diary(self._show_past)
        self._own_range.finish()

    def _keep(self, session: LiveSession | None) -> None:
        def keep() -> None:
            self._diary.keep(session.ended if session else ())
            self.page.scoreboard.unkept = ""  # what could not be kept before now is

        self._with_diary(keep)

    def _show_past(self) -> None:
        past = self._diary.past()
        with self._lock:
            if not self.pump.run:
                self.page.scoreboard.past = past

    def _with_diary(self, task: Callable[[], None]) -> None:
        """Where the diary fails the workout goes on, and the page says that it is not kept."""
        try:
            task()
        except DeepFitError as error:
            _log.warning("%s", error)
            self.page.scoreboard.unkept = str(error)

    def _save(self) -> None:
        if self._session is not None:
            record = self._backend.record(self._session, source=self._source)
            name = f"deepfit_{datetime.now():%Y-%m-%d_%H-%M-%S}.session.json"
            self.page.scoreboard.download(name, record.model_dump_json(by_alias=True, indent=2))

    def _fail(self, error: Exception, run: int | None = None) -> None:
        """Show an error on the page, and end the workout, unless another ``run`` than that of the error has begun."""
        expected = isinstance(error, DeepFitError)
        _log.error("the workout has stopped: %s", error, exc_info=None if expected else error)
        with self._lock:
            if run is not None and self.pump.run not in (0, run):
                return
            self._halt()
            self.page.show_running(False)
            self.pump.failure = str(error) if expected else f"{type(error).__name__}: {error}"
            self.page.show_state("Stopped")
