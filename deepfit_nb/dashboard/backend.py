"""`Backend`: the models behind a dashboard, loaded once, and sessions made with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version

from deepfit_nb import __version__
from deepfit_nb.coaching import Coach, Exercise
from deepfit_nb.coaching.definition import CountAt
from deepfit_nb.dashboard.live_session import LiveSession
from deepfit_nb.pose.detector import PoseDetector
from deepfit_nb.recognition import SequenceClassifier, SequenceRecogniser
from deepfit_nb.storage.session import Provenance, Session

#: What a coach of an exercise, or of all that are recognised (None), goes by.
Definitions = Callable[[str | None], Mapping[str, Exercise]]


class Backend:
    """Makes sessions. All methods are to be called on one thread.

    A detector tracks the body from frame to frame, so each session gets its own. One is kept ready.
    """

    def __init__(self) -> None:
        self._classifier: SequenceClassifier | None = None
        self._ready: PoseDetector | None = None
        self._in_use: PoseDetector | None = None

    def warm_up(self) -> None:
        """Load what takes long, so that the next session begins at once."""
        if self._classifier is None:
            self._classifier = SequenceClassifier()
        if self._ready is None:
            self._ready = PoseDetector("full", "video")

    def new_session(self, exercise: str | None, count_at: CountAt, definitions: Definitions) -> LiveSession:
        """Begin a session; the one before is over. For `count_at` see `Coach`.

        `definitions` is asked for each coach of the session anew.
        """
        self._end_session()
        self.warm_up()
        assert self._ready is not None
        self._in_use, self._ready = self._ready, None
        return LiveSession(self._in_use, partial(self._new_coach, count_at, definitions), exercise)

    def record(self, session: LiveSession, *, source: str) -> Session:
        """The session as the file format has it."""
        assert self._in_use is not None
        assert self._classifier is not None
        return Session.of(
            session.sets,
            source=source,
            duration_s=session.time_s,
            frames=session.frames,
            detected=session.detected,
            provenance=Provenance(
                deepfit_nb=__version__,
                mediapipe=version("mediapipe"),
                pose_model_sha256=self._in_use.bundle.sha256,
                classifier_sha256=self._classifier.sha256,
            ),
        )

    def close(self) -> None:
        """Free the detectors: that of the session, which is over, and the one that is kept ready."""
        self._end_session()
        if self._ready is not None:
            self._ready.close()
            self._ready = None

    def _end_session(self) -> None:
        if self._in_use is not None:
            self._in_use.close()
            self._in_use = None

    def _new_coach(self, count_at: CountAt, definitions: Definitions, exercise: str | None) -> Coach:
        # A recogniser also where the exercise is given: the page shows its probabilities.
        return Coach(exercise, SequenceRecogniser(self._classifier), definitions(exercise), count_at)
