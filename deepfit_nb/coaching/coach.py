"""`Coach`: one body, frame by frame, in; reps, sets, faults and cues out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from deepfit_nb.coaching.counted import CountedRep, borders
from deepfit_nb.coaching.cues import CueKeeper
from deepfit_nb.coaching.definition import CountAt, Exercise, builtin_exercises
from deepfit_nb.coaching.form import judge, timed
from deepfit_nb.coaching.framing import FramingCoach
from deepfit_nb.coaching.impression import shipped_impression
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.report import Cue, FrameReport, Phase, Rep, WorkoutSet
from deepfit_nb.coaching.sets import CountedSet, SetKeeper
from deepfit_nb.coaching.tracker import RepTracker
from deepfit_nb.errors import ExerciseError
from deepfit_nb.kinematics import ANGLES, UNKNOWN_VIEW
from deepfit_nb.kinematics.measures import MEASURES
from deepfit_nb.kinematics.motion import Motion, MotionTracker
from deepfit_nb.pose import Pose
from deepfit_nb.recognition import CLASSES, NON_ACTIVITY, Recogniser, Recognition, SequenceRecogniser

#: What must be seen while the exercise is not known yet.
_ANY = ("shoulders", "hips")


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
        self._impression = shipped_impression()  # now, not in the frame in which the first rep ends
        followed = [exercise] if exercise is not None else list(self._exercises)
        self._trackers = {name: RepTracker(self._exercises[name], self._memory) for name in followed}
        self._sets = SetKeeper(self._trackers, exercise)
        self._framing = FramingCoach()
        self._cues: CueKeeper | None = None
        self._unsettled: list[tuple[CountedSet, CountedRep]] = []
        self._on_board: CountedSet | None = None
        self._began_s = math.nan
        self._time_s = -math.inf
        self._view = UNKNOWN_VIEW

    @property
    def sets(self) -> tuple[WorkoutSet, ...]:
        """The sets so far, the one in progress included once it has a rep."""
        found = [*self._sets.closed, *([self._sets.open] if self._sets.open is not None else [])]
        return tuple(self._summary(one) for one in found if one.reps)

    def ended(self, beyond: int = 0) -> tuple[WorkoutSet, ...]:
        """The sets that are over for good, but for the first `beyond`: no later frame adds a rep to them."""
        return tuple(self._summary(one) for one in self._sets.over(self._time_s)[beyond:])

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
        counted = self._judge(new)
        self._settle()
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
                counted.view = self._view
                self._unsettled.append((last, counted))
        self._settle(finishing=True)
        return self.sets

    def _judge(self, new: list[CountedRep]) -> tuple[Rep, ...]:
        """Judge reps that have just been counted."""
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
            counted.view = counted.view if known else self._view
            judged.append(self._account(current, counted))
            self._unsettled.append((current, counted))
            if self._cues is not None and not known:
                self._cues.add(judged[-1])
        return tuple(judged)

    def _settle(self, finishing: bool = False) -> None:
        """Judge anew the reps whose way back has come to its end, long before their frames are forgotten."""
        # What has become part of another rep, or was none in hindsight, is in its set no longer.
        self._unsettled = [(one, rep) for one, rep in self._unsettled if not rep.merged and rep in one.reps]
        for one, rep in list(self._unsettled):
            if not (rep.settled or finishing):
                continue
            if self._memory.remembers(rep.start_s):  # else the stream stood still for long, and what was said stays
                self._account(one, rep)
            self._unsettled.remove((one, rep))

    def _account(self, one: CountedSet, counted: CountedRep) -> Rep:
        """Judge a counted rep, as far as it has come."""
        number = one.reps.index(counted) + 1
        exercise = self._exercises[one.exercise]
        rep = judge(exercise, counted, number, self._memory, counted.view, self._impression)
        counted.account = rep
        return _as_reported(rep, counted.span < one.full_span)

    def _summary(self, one: CountedSet) -> WorkoutSet:
        concentric_first = self._exercises[one.exercise].signal.first == "concentric"
        # What is extrapolated must not leave the stream.
        times = [(max(start_s, self._began_s), min(end_s, self._time_s)) for start_s, end_s in borders(one.reps)]
        full_span = one.full_span
        reps = tuple(
            _as_reported(
                replace(timed(counted.account, start_s, end_s, concentric_first), number=number),
                counted.span < full_span,
            )
            for number, (counted, (start_s, end_s)) in enumerate(zip(one.reps, times, strict=True), 1)
            if counted.account is not None
        )
        views = [counted.view.name for counted in one.reps]
        return WorkoutSet(
            exercise=one.exercise,
            start_s=reps[0].start_s,
            end_s=reps[-1].end_s,
            confidence=float(np.mean(one.confidences)) if one.confidences else 1.0,
            view=max(set(views), key=views.count),
            reps=reps,
        )

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
        unknown = np.full(len(MEASURES), np.nan, np.float32)
        measures = (motion.values, motion.errors, motion.measured) if motion is not None else (unknown,) * 3
        angles, errors, measured = (values[: len(ANGLES)].astype(np.float32) for values in measures)
        return FrameReport(
            time_s=now,
            pose=motion.pose if motion is not None else None,
            recognition=recognition,
            view=motion.view if motion is not None else UNKNOWN_VIEW,
            angles=angles,
            angle_errors=errors,
            measured_angles=measured,
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


def _as_reported(rep: Rep, partial: bool) -> Rep:
    """A rep as it is reported: the form of a partial one is not judged."""
    return replace(rep, partial=True, faults=(), impression={}) if partial else rep


def _unknown() -> Recognition:
    probabilities = np.zeros(len(CLASSES), np.float32)
    probabilities[CLASSES.index(NON_ACTIVITY)] = 1
    return Recognition(NON_ACTIVITY, 0.0, probabilities)


#: What is said of a frame where no recogniser is asked.
_UNKNOWN = _unknown()
