"""`Dashboard`: the live trainer, as ``notebooks/dashboard.ipynb`` shows it."""

from __future__ import annotations

import logging
from threading import RLock
from typing import Final, Literal

from IPython.display import display

from deepfit_nb.capture.pump import FramePump
from deepfit_nb.dashboard.backend import Backend
from deepfit_nb.dashboard.diary import Diary
from deepfit_nb.dashboard.page import Page
from deepfit_nb.dashboard.plots import DEFAULT_JOINTS
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.dashboard.stream_choice import StreamChoice
from deepfit_nb.dashboard.workouts import Workouts
from deepfit_nb.errors import DeepFitError
from deepfit_nb.recognition.window import LONGEST_GAP_S

_log = logging.getLogger(__name__)

#: What the page says of a run's source while it goes on, and the state that goes with it.
_STATES: Final[dict[str, tuple[str, Literal["busy", "live"]]]] = {
    "opening": ("Opening…", "busy"),
    "live": ("Live", "live"),
    "muted": ("No picture", "busy"),
}


class Dashboard:
    """The trainer: display it, or its `widget`.

    What the user does, and the frames, arrive on the kernel's thread (in JupyterLab on a subshell's). The work is done
    on a thread of `Workouts`. A lock keeps the two from changing the page at once.
    """

    def __init__(
        self, backend: Backend | None = None, diary: Diary | None = None, repertoire: Repertoire | None = None
    ) -> None:
        self._repertoire = repertoire or Repertoire()
        self._lock = RLock()
        self._closed = False
        self._lesson_run = 0  # the run that was begun for a calibration alone
        self.pump = FramePump(lambda frame: self._workouts.put(frame))
        self.page = Page(self.pump, self._repertoire.options())
        self._choice = StreamChoice(self.page)
        self._workouts = Workouts(
            self.page,
            backend or Backend(),
            diary or Diary(),
            self._repertoire,
            lock=self._lock,
            on_error=self._fail,
        )
        self.widget = self.page.widget
        self._connect()
        self.page.show_state("Loading the pose model…", "busy")
        self._workouts.look_up()
        self._workouts.warm_up()

    def _ipython_display_(self) -> None:
        display(self.widget)  # type: ignore[no-untyped-call]

    def start(self) -> None:
        """Begin a workout with the chosen source; the one in progress, if any, ends. Nothing begins after `close`."""
        if self._closed:
            return
        with self._lock:
            self._halt()
            try:
                stream = self._choice.stream()
            except DeepFitError as error:
                self._fail(error)
                return
            if stream is None:
                self._rest()
                self.page.ask_for_file()
                return
            page, exercise, count_at = self.page, self.page.exercise_name, self.page.count_at.value
            page.scoreboard.clear()
            page.plots.clear()
            page.plots.shown = self._repertoire.joints(exercise) if exercise else list(DEFAULT_JOINTS)
            page.plots.live = page.scoreboard.live = page.scoreboard.ready = True
            page.show_running(True)
            self.pump.start(stream, mirrored=page.source.value == "webcam")
            self._workouts.begin(self.pump.run, self._choice.name, exercise, count_at)

    def stop(self, *, well: bool = True) -> None:
        """End the workout; `well` is false where something has gone wrong with its source."""
        with self._lock:
            if self.pump.run:
                self._halt()
                self._rest(well=well)

    def close(self) -> None:
        """End the workout, and the dashboard's thread; what is shown stays."""
        self.stop()
        self._closed = True
        self.page.close()
        self._workouts.close()

    def _halt(self) -> None:
        """End the workout and leave the button as it is: it must not change under the finger where another follows."""
        with self._lock:
            run = self.pump.run
            if not run:
                return
            self.pump.stop()
            self.page.plots.live = self.page.scoreboard.live = False
            self._workouts.end(run)

    def _rest(self, *, well: bool = True) -> None:
        self.page.show_running(False)
        self.page.show_state("Ready" if well else "Stopped")
        self.page.scoreboard.ready = well

    def _fail(self, error: Exception, run: int | None = None) -> None:
        """Show an error on the page, and end the workout, unless another ``run`` than that of the error has begun."""
        expected = isinstance(error, DeepFitError)
        _log.error("the workout has stopped: %s", error, exc_info=None if expected else error)
        with self._lock:
            if run is not None and self.pump.run not in (0, run):
                return
            self._halt()
            self._rest(well=False)
            self.pump.failure = str(error) if expected else f"{type(error).__name__}: {error}"

    # What the user does

    def _connect(self) -> None:
        page, pump, workouts, board = self.page, self.pump, self._workouts, self.page.scoreboard
        page.button.on_click(lambda _: self.stop() if pump.run else self.start())
        page.source.observe(lambda change: self._choose_source(), "value")
        page.clip.observe(lambda change: self._choose_clip(), "value")
        page.exercise.observe(lambda change: self._choose_exercise(), "value")
        board.on_message("save", lambda content, buffers: workouts.save())
        board.on_message("calibrate", lambda content, buffers: self._calibrate())
        board.on_message("cancel", lambda content, buffers: self._cancel())
        board.on_message("forget", lambda content, buffers: workouts.forget(page.exercise_name))
        board.on_message("delete", lambda content, buffers: workouts.delete(content["workout"]))
        board.on_message("hello", lambda content, buffers: self._welcome())
        board.observe(lambda change: workouts.meet(change.new, page.exercise_name), "person")
        pump.on_message("retry", lambda content, buffers: self.start())
        pump.on_message("hidden", lambda content, buffers: self._hide(content["page"]))
        pump.observe(lambda change: self.start(), "chosen")
        pump.observe(lambda change: self._follow_status(), ["status", "status_run"])
        pump.observe(lambda change: self._show_stats(change.new), "stats")

    def _hide(self, page: int) -> None:
        if self.pump.speaks(page):
            self.stop()

    def _choose_source(self) -> None:
        with self._lock:
            if self.pump.run:
                self.start()
            elif not self.page.scoreboard.ready:  # what went wrong is of no matter any more
                self.pump.failure = ""
                self._rest()
            self.page.show_source()

    def _choose_clip(self) -> None:
        with self._lock:
            if self.pump.run:
                self.start()
            else:
                self.page.show_source()

    def _choose_exercise(self) -> None:
        exercise = self.page.exercise_name
        if exercise:
            with self._lock:
                self.page.plots.shown = self._repertoire.joints(exercise)
        self._workouts.change(exercise)

    def _calibrate(self) -> None:
        """Learn the person's range from the reps that come next, in a workout that begins where there is none."""
        exercise = self.page.exercise_name
        if not exercise:
            return
        self._lesson_run = 0
        if not self.pump.run:
            self.start()
            self._lesson_run = self.pump.run
        self._workouts.learn(exercise)

    def _cancel(self) -> None:
        """Learn nothing. A workout that was begun for it ends; any other goes on."""
        self._workouts.change(self.page.exercise_name)
        if self._lesson_run == self.pump.run:
            self.stop()

    def _welcome(self) -> None:
        """A page has loaded. This kernel may have waited for it since before the last workout, or lesson."""
        self.page.scoreboard.send_state()
        if not self.pump.run:
            self._repertoire.refresh()
            with self._lock:
                self.page.offer(self._repertoire.options())
            self._workouts.look_up()

    def _follow_status(self) -> None:
        pump, status = self.pump, self.pump.status
        with self._lock:
            if not pump.run and status == "empty":
                self._rest(well=False)  # the page has refused a file of itself
                pump.done = ""
            if not pump.run or pump.status_run != pump.run or not pump.speaks(pump.status_page):
                return  # late news of a run that is over, or those of a page that only looks on
            if status in _STATES:
                self.page.show_state(*_STATES[status])
            elif status != "idle":
                self.stop(well=status == "ended")

    def _show_stats(self, stats: dict[str, float]) -> None:
        with self._lock:
            if not self.pump.run or self.pump.status != "live":
                return
            if stats["fps"] * LONGEST_GAP_S < 1 and not self.page.exercise_name:
                self.page.show_state(f"Only {stats['fps']:.2g} frames/s: choose the exercise", "busy")
            else:
                self.page.show_state(f"Live · {stats['fps']:.0f} frames/s · {stats['latency_ms']:.0f} ms", "live")
