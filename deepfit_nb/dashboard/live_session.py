"""`LiveSession`: what is done with the frames of one workout. It knows nothing of widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

import cv2
import numpy as np

from deepfit_nb.capture.detect import Detector
from deepfit_nb.coaching import FrameReport, WorkoutSet
from deepfit_nb.errors import MediaError
from deepfit_nb.pose import Pose
from deepfit_nb.recognition import EXERCISES

#: From a frame to the next one where the clock has gone back in between.
_CLOCK_STEP_S: Final = 0.04
#: Another exercise than the chosen one is pointed out where it is seen so surely, for so long, without a rep.
_OTHER_SURE: Final = 0.6
_OTHER_FOR_S: Final = 5.0


class LiveDetector(Detector, Protocol):
    """What a session needs of a `PoseDetector` in video mode."""

    @property
    def people(self) -> int: ...


class StreamingCoach(Protocol):
    """What a session needs of a `Coach`."""

    @property
    def sets(self) -> tuple[WorkoutSet, ...]: ...

    def update(
        self, pose: Pose | None, *, time_s: float | None = None, brightness: float | None = None, people: int = 1
    ) -> FrameReport: ...

    def ended(self, beyond: int = 0) -> tuple[WorkoutSet, ...]: ...

    def finish(self) -> tuple[WorkoutSet, ...]: ...


class OtherExercise:
    """Notices that another exercise is done than the one that was chosen."""

    def __init__(self, chosen: str | None) -> None:
        # A taught exercise cannot be recognised, and may look like any of those that can.
        self._chosen = chosen if chosen in EXERCISES else None
        self._seen = ""
        self._since_s = 0.0

    def look(self, report: FrameReport) -> str | None:
        """Take in one frame; returns what is done instead, as long as there is little doubt of it."""
        label = report.recognition.label
        other = label in EXERCISES and label != self._chosen and report.recognition.confidence > _OTHER_SURE
        if self._chosen is None or not other or label != self._seen or report.counted:
            self._seen, self._since_s = (label if other else ""), report.time_s
            return None
        return label if report.time_s - self._since_s >= _OTHER_FOR_S else None


class LiveSession:
    """Frames in, reports out.

    Parameters
    ----------
    detector
        Finds the body in a frame.
    new_coach
        Makes a coach for an exercise, or for whatever is done (``None``).
    exercise
        What to begin with; see `follow`.

    Attributes
    ----------
    exercise
        The exercise that is coached, or None where it is recognised.
    at_work
        The sets of the coach at work, the one in progress included once it has a rep.
    sets
        The finished sets; complete after `finish`.
    ended
        The same, and before that also those of the coach at work that are over for good.
    other
        The exercise that is done in place of the chosen one, where that is plain to see.
    changes
        How often what was done has changed so far.
    pose
        The body as it was found in the latest frame; the report's has left and right put right.
    frames, detected
        Number of frames, and of those with a body.
    time_s
        Time of the latest frame, in seconds since the first.
    """

    def __init__(
        self, detector: LiveDetector, new_coach: Callable[[str | None], StreamingCoach], exercise: str | None = None
    ) -> None:
        self._detector = detector
        self._new_coach = new_coach
        self._coach = new_coach(exercise)
        self.exercise = exercise
        self._mistake = OtherExercise(exercise)
        self.other: str | None = None
        self.changes = 0
        self._began_s: float | None = None
        self._over = False  # the coach has finished
        self._told = (0, 0)  # sets of the coach at work, and reps of its latest, as of the last change
        self.at_work: tuple[WorkoutSet, ...] = ()
        self.sets: tuple[WorkoutSet, ...] = ()
        self.ended: tuple[WorkoutSet, ...] = ()
        self.pose: Pose | None = None
        self.frames = 0
        self.detected = 0
        self.time_s = 0.0

    def process(self, jpeg: bytes, time_s: float) -> FrameReport:
        """Look at one frame.

        The times are of any clock, in seconds; where it goes back, as that of a page that is loaded again, the session
        goes on. Reports count from the first frame, and their sets from the first of this session's coaches.
        """
        rgb = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
        if rgb is None:
            raise MediaError("a frame from the browser is no JPEG image; reload the page")
        if self._began_s is None:
            self._began_s = time_s
        elif time_s - self._began_s <= self.time_s:
            self._began_s = time_s - self.time_s - _CLOCK_STEP_S
        self.time_s = time_s - self._began_s
        self.pose = self._detector.detect(rgb.astype(np.uint8, copy=False), self.time_s)
        self.frames += 1
        self.detected += self.pose is not None
        brightness = float(rgb[::8, ::8].mean())
        people = self._detector.people
        report = self._coach.update(self.pose, time_s=self.time_s, brightness=brightness, people=people)
        self._note(report)
        over = self._coach.ended(len(self.ended) - len(self.sets))
        self.ended += over
        self.changes += len(over)
        self.other = self._mistake.look(report)
        return replace(report, sets=len(self.sets) + report.sets)

    @property
    def done(self) -> tuple[WorkoutSet, ...]:
        """All sets so far, as they are now."""
        return self.sets + self.at_work

    @property
    def standing(self) -> tuple[WorkoutSet, ...]:
        """The sets after those that have `ended`, as they are now: reps may come, and go in hindsight."""
        return () if self._over else self._coach.sets[len(self.ended) - len(self.sets) :]

    def follow(self, exercise: str | None) -> None:
        """Coach this exercise from now on, or (``None``) the one that is recognised. The set in progress ends."""
        self._end_coach()
        self._coach = self._new_coach(exercise)
        self.exercise = exercise
        self._mistake, self._over = OtherExercise(exercise), False

    def finish(self) -> tuple[WorkoutSet, ...]:
        """End the set in progress and return all sets."""
        self._end_coach()
        return self.sets

    def _end_coach(self) -> None:
        done = self._coach.finish()
        self.ended += done[len(self.ended) - len(self.sets) :]
        self.sets, self.at_work = self.sets + done, ()
        self._told, self._over = (0, 0), True
        self.changes += 1

    def _note(self, report: FrameReport) -> None:
        """Keep the sets as the coach has them: what it counted may be taken back in hindsight, or come back."""
        now = (report.sets, report.reps + report.partial_reps)
        if report.counted or now != self._told:
            self._told, self.at_work = now, self._coach.sets
            self.changes += 1
