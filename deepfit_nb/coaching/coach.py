"""`Coach`: one body, frame by frame, in; reps, sets, faults and cues out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from deepfit_nb.coaching.accounts import RepJudge
from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.cues import CueKeeper
from deepfit_nb.coaching.definition import CountAt, Exercise, builtin_exercises
from deepfit_nb.coaching.framing import FramingCoach
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.report import Cue, FrameReport, Phase, Rep, WorkoutSet
from deepfit_nb.coaching.sets import CountedSet, SetKeeper
from deepfit_nb.coaching.tracker import RepTracker
from deepfit_nb.errors import ExerciseError
from deepfit_nb.kinematics import UNKNOWN_VIEW
from deepfit_nb.kinematics.measures import MEASURES, angle_columns
from deepfit_nb.kinematics.motion import Motion, MotionTracker
from deepfit_nb.pose import Pose
from deepfit_nb.recognition import CLASSES, NON_ACTIVITY, Recogniser, Recognition, SequenceRecogniser

#: What must be seen while the exercise is not known yet.
_ANY = ("shoulders", "hips")
_ANGLES: Final = list(angle_columns())


class Coach:
    """The heart: streaming, driven by timestamps alone.

    It holds all its state itself: two coaches in one kernel do not meet. Feed it every frame in the order of time, also
    those without a body.

    Parameters
    ----------
    exercise
        Name of the exercise, when the user has chosen it; by default it is recognised.
    recogniser
        Says which exercise is being done; by default the one that comes with the package. Where the exercise is fixed
        none is needed; one that is given all the same lends the reports its probabilities.
    exercises
        Definitions by name, where they are not the built-in ones.
    count_at
        When `FrameReport.reps` rises: ``return`` as a rep comes back to its start, ``peak`` as it leaves its far end,
        or ``top`` or ``bottom``, whichever of the two that is in the exercise. A rep announced at its far end that then
        is no full rep is taken back. The finished reps do not depend on it.
    """

    def __init__(
        self,
        exercise: str | None = None,
        recogniser: Recogniser | None = None,
        exercises: Mapping[str, Exercise] | None = None,
        count_at: CountAt = "return",
    ) -> None:
        self._exercises = dict(exercises if exercises is not None else builtin_exercises())
        if exercise is not None and exercise not in self._exercises:
            raise ExerciseError(f"unknown exercise {exercise!r}; choose one of {', '.join(self._exercises)}")
        self._fixed = exercise
        self._count_at = count_at
        self._recogniser = recogniser if recogniser is not None or exercise is not None else SequenceRecogniser()
        self._motion = MotionTracker()
        self._memory = MotionMemory()
        followed = [exercise] if exercise is not None else list(self._exercises)
        self._trackers = {name: RepTracker(self._exercises[name], self._memory) for name in followed}
        self._sets = SetKeeper(self._trackers, exercise)
        self._columns = {name: list(angle_columns(self._exercises[name].movement)) for name in followed}
        self._judge = RepJudge(self._exercises, self._memory)
        self._framing = FramingCoach()
        self._cues: CueKeeper | None = None
        self._on_board: CountedSet | None = None
        self._began_s = math.nan
        self._time_s = -math.inf
        self._view = UNKNOWN_VIEW

    @property
    def sets(self) -> tuple[WorkoutSet, ...]:
        """The sets so far, the one in progress included once it has a rep."""
        found = [*self._sets.closed, *([self._sets.open] if self._sets.open is not None else [])]
        return self._summaries(one for one in found if one.reps)

    def ended(self, beyond: int = 0) -> tuple[WorkoutSet, ...]:
        """The sets that are over for good, but for the first `beyond`: no later frame adds a rep to them."""
        return self._summaries(self._sets.over(self._time_s)[beyond:])

    def update(
        self, pose: Pose | None, *, time_s: float | None = None, brightness: float | None = None, people: int = 1
    ) -> FrameReport:
        """Take in one frame and say all that is known after it.

        Parameters
        ----------
        pose
            The body, or None where nobody was found.
        time_s
            Seconds since the stream began; needed where `pose` is None. Times must increase.
        brightness
            Mean grey level of the frame, 0..255, where known: lets the coach say that it is too dark.
        people
            How many people are in view, as `PoseDetector.people` has it: lets the coach say which one it follows.

        Raises
        ------
        ValueError
            Where the time is missing or does not increase.
        """
        now = pose.time_s if pose is not None else time_s
        if now is None:
            raise ValueError("Coach.update needs time_s where there is no pose")
        if not (math.isfinite(now) and now > self._time_s):
            raise ValueError(f"time must increase and be finite: {now} s after {self._time_s} s")
        self._time_s = now
        if math.isnan(self._began_s):
            self._began_s = now
        recognition = self._recogniser.update(now, pose) if self._recogniser is not None else _UNKNOWN
        motion = self._motion.update(pose) if pose is not None else None
        if motion is not None:
            self._view = motion.view
            self._memory.add(motion)
        new = self._sets.update(now, recognition)
        counted = self._account(new)
        self._judge.settle()
        current = self._sets.open
        needs = self._exercises[current.exercise].needs if current is not None else _ANY
        framing = self._framing.update(now, pose, needs, brightness, people)
        return self._report(now, recognition, motion, counted, framing)

    def finish(self) -> tuple[WorkoutSet, ...]:
        """End the set in progress; returns all sets."""
        last = self._sets.open
        gained = self._sets.finish(self._time_s)
        if last is not None:
            for counted in gained:
                self._judge.take(last, counted, self._view)
        self._judge.settle(finishing=True)
        return self.sets

    def _summaries(self, found: Iterable[CountedSet]) -> tuple[WorkoutSet, ...]:
        return tuple(self._judge.summary(one, self._began_s, self._time_s) for one in found)

    def _account(self, new: list[CountedRep]) -> tuple[Rep, ...]:
        """What there is to say of reps that have become known."""
        current = self._sets.open
        if current is None:
            return ()
        # After a pause a fixed exercise goes on at once in a set that may never have a rep.
        if current is not self._on_board and (current.reps or self._fixed is None or self._on_board is None):
            self._on_board = current
            self._cues = CueKeeper(self._exercises[current.exercise])
        judged = []
        for counted in new:
            known = counted.account is not None  # it was doubted for a while
            judged.append(self._judge.take(current, counted, self._view))
            if self._cues is not None and not known:
                self._cues.add(judged[-1])
        return tuple(judged)

    def _count(self, shown: CountedSet | None) -> int:
        """Full reps to show: those done, and where it is asked for the one that is past its far end."""
        if shown is None:
            return 0
        early = shown is self._sets.open and self._exercises[shown.exercise].signal.counts_at_peak(self._count_at)
        return len(shown.reps) - shown.partial_reps + (self._sets.ahead if early else 0)

    def _report(
        self,
        now: float,
        recognition: Recognition,
        motion: Motion | None,
        counted: tuple[Rep, ...],
        framing: Cue | None,
    ) -> FrameReport:
        current = self._sets.open
        tracker = self._trackers[current.exercise] if current is not None else None
        known = [*self._sets.closed, current]
        shown = self._on_board
        if not any(one is shown for one in known):  # it came to nothing
            shown = self._sets.closed[-1] if self._sets.closed else None
        phase: Phase = tracker.phase if tracker is not None else "idle"
        unknown = np.full(len(MEASURES), np.nan)
        values, errors, measured = (unknown,) * 3 if motion is None else (motion.values, motion.errors, motion.measured)
        # Who is at it is known to do it, which tells more of a hidden joint.
        at_it = current is not None and (current.reps or phase != "idle")
        columns = self._columns[current.exercise] if current is not None and at_it else _ANGLES
        return FrameReport(
            time_s=now,
            pose=motion.pose if motion is not None else None,
            recognition=recognition,
            view=motion.view if motion is not None else UNKNOWN_VIEW,
            angles=values[columns].astype(np.float32),
            angle_errors=errors[columns].astype(np.float32),
            measured=measured.astype(np.float32),
            exercise=current.exercise if current is not None else None,
            sets=len(self._sets.closed) + (current is not None and (current is shown or shown is None)),
            reps=self._count(shown),
            partial_reps=shown.partial_reps if shown is not None else 0,
            rep=len(current.reps) + 1 if current is not None and phase != "idle" else None,
            phase=phase,
            progress=tracker.progress.value if tracker is not None else math.nan,
            cue=self._cues.current(now) if self._cues is not None and current is not None else None,
            framing=framing,
            counted=counted,
        )


def _unknown() -> Recognition:
    probabilities = np.zeros(len(CLASSES), np.float32)
    probabilities[CLASSES.index(NON_ACTIVITY)] = 1
    return Recognition(NON_ACTIVITY, 0.0, probabilities)


#: What is said of a frame where no recogniser is asked.
_UNKNOWN = _unknown()
