"""`Workouts`: what the dashboard does on a thread of its own, one workout after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import RLock

from deepfit_nb.capture.pump import Frame
from deepfit_nb.capture.worker import LatestOnly
from deepfit_nb.coaching import FrameReport
from deepfit_nb.coaching.definition import CountAt
from deepfit_nb.dashboard.backend import Backend
from deepfit_nb.dashboard.calibrating import OwnRange
from deepfit_nb.dashboard.diary import Diary
from deepfit_nb.dashboard.joints import angle_labels
from deepfit_nb.dashboard.live_session import LiveSession
from deepfit_nb.dashboard.page import Page
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.dashboard.scoreboard import summed_up
from deepfit_nb.errors import DeepFitError

_log = logging.getLogger(__name__)


class Workouts:
    """Coaches the workouts of one page, and keeps them.

    Its methods return at once: what they ask for is done on a thread of its own, in turn, and the latest frame when
    there is nothing else to do.

    Parameters
    ----------
    lock
        Held while the page is changed.
    on_error
        Called on that thread with an error and the run to which it belongs: None where that is whichever is in
        progress.
    """

    def __init__(
        self,
        page: Page,
        backend: Backend,
        diary: Diary,
        repertoire: Repertoire,
        *,
        lock: RLock,
        on_error: Callable[[Exception, int | None], None],
    ) -> None:
        self._page = page
        self._backend = backend
        self._diary = diary
        self._repertoire = repertoire
        self._lock = lock
        self._on_error = on_error
        self._session: LiveSession | None = None  # the latest, which may be over
        self._source = ""  # what it was done with
        self._in_session = False
        self._own_range = OwnRange(page.scoreboard, repertoire, self._follow, lock)
        self._worker: LatestOnly[Frame] = LatestOnly(self._process, drop=page.pump.skip)

    def put(self, frame: Frame) -> None:
        """Have a frame of the run in progress looked at, unless a later one comes before its turn."""
        self._worker.put(frame)

    def warm_up(self) -> None:
        """Load the models."""
        self._do(self._warm_up)

    def look_up(self) -> None:
        """Show what is on this machine: the person's range, earlier workouts."""
        self._do(self._look_up)

    def begin(self, run: int, source: str, exercise: str | None, count_at: CountAt) -> None:
        """Begin the workout of a run of the pump."""
        self._do(lambda: self._begin(run, source, exercise, count_at), run)

    def end(self, run: int) -> None:
        """End the workout of a run."""
        self._do(self._end, run)

    def learn(self, exercise: str) -> None:
        """Learn the person's range from what is done next, unless the workout for it could not begin."""
        self._do(lambda: self._learn(exercise))

    def change(self, exercise: str | None) -> None:
        """Go on with another exercise (None: with what is recognised), whose range is not being learned."""
        self._do(lambda: self._own_range.change(exercise))

    def forget(self, exercise: str | None) -> None:
        """Forget the person's range."""
        self._do(lambda: self._own_range.forget(exercise))

    def meet(self, person: str, exercise: str | None) -> None:
        """Another person trains from now on."""
        self._do(lambda: self._own_range.meet(person, exercise))

    def delete(self, workout: int) -> None:
        """Forget one of the earlier workouts."""
        self._do(lambda: self._with_diary(lambda: self._delete(workout)))

    def save(self) -> None:
        """Have the page offer the latest workout as a file."""
        self._do(self._save)

    def close(self) -> None:
        """Free the models and end the thread, after all that was asked for."""
        self._do(self._backend.close)
        self._do(lambda: self._with_diary(self._diary.close))
        self._worker.close()

    def _do(self, task: Callable[[], None], run: int | None = None) -> None:
        """Have something done after all that was asked for before; ``run`` is that to which an error would belong."""

        def guarded() -> None:
            try:
                task()
            except Exception as error:
                self._on_error(error, run)

        self._worker.call(guarded)

    # All that follows on the thread of its own

    def _warm_up(self) -> None:
        self._backend.warm_up()
        with self._lock:
            if not self._page.pump.run:
                self._page.show_state("Ready")

    def _look_up(self) -> None:
        self._own_range.show(self._page.exercise_name)
        self._keep(self._session)  # what could not be kept before, if anything
        self._with_diary(self._show_past)

    def _begin(self, run: int, source: str, exercise: str | None, count_at: CountAt) -> None:
        self._keep(self._session)  # the last chance, where that was not possible before
        self._session = None
        if run != self._page.pump.run:
            return  # stopped again before its turn came
        self._source = source
        self._diary.begin(source)
        self._session = self._backend.new_session(exercise, count_at, self._own_range.definitions)
        self._in_session = True

    def _learn(self, exercise: str) -> None:
        if self._in_session:
            self._own_range.begin(exercise)

    def _follow(self, exercise: str | None) -> None:
        """Go on with a new coach, in the workout that is running, if any."""
        if self._session is not None and self._in_session:
            self._session.follow(exercise)
            self._keep(self._session)

    def _process(self, frame: Frame) -> None:
        session, pump = self._session, self._page.pump
        if session is None or frame.run != pump.run:
            pump.skip(frame)
            return
        try:
            changes = session.changes
            report = session.process(frame.jpeg, frame.time_s)
            pump.acknowledge(frame, report.pose, angle_labels(report, self._repertoire.exercises))
            self._show(frame.run, report, session)
            self._own_range.add(report.time_s, session.pose)
            if session.changes != changes:
                self._own_range.count(session.at_work)
                self._keep(session)
        except Exception as error:
            self._on_error(error, frame.run)

    def _show(self, run: int, report: FrameReport, session: LiveSession) -> None:
        board, plots = self._page.scoreboard, self._page.plots
        with self._lock:
            if run != self._page.pump.run:
                return  # the page was cleared for another run while this frame was looked at
            before = board.exercise
            plots.add(report)
            board.show(report, session.done, fixed=session.exercise is not None, other=session.other)
            if report.exercise and board.exercise != before:
                plots.shown = self._repertoire.joints(report.exercise)

    def _end(self) -> None:
        session, board = self._session, self._page.scoreboard
        self._in_session = False
        if session is not None:
            session.finish()
            with self._lock:
                if not self._page.pump.run:  # else the board was cleared for the workout that follows
                    board.quiet()
                    board.show_history(session.sets)
                    # The last rep may have been counted, or taken back, with the end.
                    board.reps = session.sets[-1].count if session.sets else 0
                    board.sets = len(board.history)
                    board.can_save = bool(session.sets)
                    if session.frames:
                        self._page.pump.done = f"{summed_up(session.sets)} Press Start for another workout."
            # Kept before the range is learned from the same frames: that takes a moment, in which the page may go.
            self._keep(session)
            self._with_diary(self._show_past)
        self._own_range.finish()

    def _keep(self, session: LiveSession | None) -> None:
        def keep() -> None:
            if session is not None:
                self._diary.keep(session.ended, session.standing)
            self._page.scoreboard.unkept = ""  # what could not be kept before now is

        self._with_diary(keep)

    def _show_past(self) -> None:
        past = self._diary.past()
        with self._lock:
            if not self._page.pump.run:
                self._page.scoreboard.past = past

    def _delete(self, workout: int) -> None:
        self._diary.delete(workout)
        self._show_past()

    def _with_diary(self, task: Callable[[], None]) -> None:
        """Where the diary fails the workout goes on, and the page says that it is not kept."""
        try:
            task()
        except DeepFitError as error:
            _log.warning("%s", error)
            self._page.scoreboard.unkept = str(error)

    def _save(self) -> None:
        if self._session is not None:
            record = self._backend.record(self._session, source=self._source)
            name = f"deepfit_{datetime.now():%Y-%m-%d_%H-%M-%S}.session.json"
            self._page.scoreboard.download(name, record.model_dump_json(by_alias=True, indent=2))
