"""What the coach says: `FrameReport` for every frame, `Rep` and `WorkoutSet` for what has been done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.stretch import Side
from deepfit_nb.kinematics.view import View, ViewName
from deepfit_nb.pose import Pose
from deepfit_nb.recognition.classes import Recognition

Phase = Literal["idle", "eccentric", "concentric"]
Severity = Literal["info", "minor", "major"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A form fault of one rep.

    ``value`` is what was measured, ``limit`` what it should have kept to, ``at_s`` when it was worst, and ``excess``
    how large the fault is: 1 where it begins, one more for each usual margin beyond that, clear from 2 on. ``cue`` says
    what to do about it: a movement that is short at its far end wants another one than one that is short at rest.
    """

    id: str
    value: float
    limit: float
    at_s: float
    excess: float
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition. ``rom_deg`` is the range of motion of the exercise's signal joint.

    ``side`` is the one that made it, ``judged_on`` the one, or both, that were seen well enough to judge its form.
    ``impression`` has the log-odds of each fault, as `deepfit_nb.coaching.impression` sees the whole of it.
    """

    number: int
    start_s: float
    peak_s: float
    end_s: float
    rom_deg: float
    partial: bool
    faults: tuple[Fault, ...] = ()
    side: Side = "both"
    judged_on: Side = "both"
    concentric_s: float = float("nan")
    eccentric_s: float = float("nan")
    symmetry: float = float("nan")
    joint_rom_deg: dict[str, float] = field(default_factory=dict)
    impression: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkoutSet:
    """Consecutive reps of one exercise. ``reps`` holds partial reps too; `count` is the full ones."""

    exercise: str
    start_s: float
    end_s: float
    confidence: float
    view: ViewName
    reps: tuple[Rep, ...]

    @property
    def count(self) -> int:
        return sum(not rep.partial for rep in self.reps)


@dataclass(frozen=True, slots=True)
class Cue:
    """One short sentence for the user: a correction, praise, or help with the camera."""

    id: str
    text: str
    severity: Severity


@dataclass(frozen=True, slots=True, eq=False)
class FrameReport:
    """All that is known after one frame.

    Attributes
    ----------
    time_s, pose, recognition, view
        The frame's time, its body (None: nobody) with left and right as the angles have them, what is being done, and
        from where it is seen.
    angles, angle_errors
        (9,) degrees in the order of `deepfit_nb.kinematics.ANGLES`, and their expected errors; NaN where unknown. From
        the first rep of a set on, and during one, they are seen in the light of what is done.
    measured
        (62,) all that was measured, in the order of `deepfit_nb.kinematics.measures.MEASURES`, before it was filtered:
        it shakes more and does not lag, see `deepfit_nb.coaching.hindsight`.
    exercise
        The exercise of the set in progress; None between sets.
    sets, reps, partial_reps
        Number of sets so far (the one in progress included), and full and partial reps of the current set. After a
        set has ended they keep its figures until the next begins. What in hindsight was no rep is taken back.
    rep, phase, progress
        Number of the rep in progress (None between reps), its phase, and how far it has come: 0 at the start position,
        1 at the far end (NaN when unknown).
    cue
        What to say now, at most one thing; None: nothing.
    framing
        What to know of the picture: why counting is paused or unsure (cut off, too near, nobody …), or which of several
        people is followed; None: all is well.
    counted
        Reps that became known with this frame, in the order of time, numbered as they are now. It may be long after
        they ended, as those before the exercise was recognised, and they may be taken back.
    """

    time_s: float
    pose: Pose | None
    recognition: Recognition
    view: View
    angles: NDArray[np.float32]
    angle_errors: NDArray[np.float32]
    measured: NDArray[np.float32]
    exercise: str | None
    sets: int
    reps: int
    partial_reps: int
    rep: int | None
    phase: Phase
    progress: float
    cue: Cue | None
    framing: Cue | None
    counted: tuple[Rep, ...]
