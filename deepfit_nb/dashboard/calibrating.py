"""Personal calibration on the dashboard: five reps, what they show, and what the page says of it."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from threading import RLock
from typing import Any, Final

from deepfit_nb.coaching import Exercise, Rep, WorkoutSet
from deepfit_nb.coaching.calibration import Calibration, calibrate
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.dashboard.scoreboard import Scoreboard
from deepfit_nb.errors import DeepFitError
from deepfit_nb.pose import Pose, PoseRecording
from deepfit_nb.wording import words

#: Good reps that are asked for.
WANTED: Final = 5
#: What is learned from is no older than this: long enough for five slow reps, short enough to be gone through quickly.
_KEPT_S: Final = 120.0


class CalibrationSet:
    """A few reps of one exercise while they are done.

    Attributes
    ----------
    sets
        What the coach has counted so far. It may take a rep back, so this is told anew whenever it changes.
    exercise
        The exercise by the book.
    definition
        The same without the faults that a calibration is there to mend: whoever shows how far they can go is not to be
        told to go further.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        kept = tuple(rule for rule in exercise.faults if rule.id not in exercise.range_faults)
        self.definition = exercise.model_copy(update={"faults": kept})
        self.sets: Sequence[WorkoutSet] = ()
        self._frames: deque[tuple[float, Pose | None]] = deque()

    @property
    def good(self) -> int:
        """Full reps without a fault that can still be learned from."""
        return sum(not (rep.partial or rep.faults) for rep in self._reps)

    @property
    def rejected(self) -> str:
        """The reps that were not good, and why: "2 with trunk lean, 1 partial"; empty where there was none."""
        reasons = Counter(_why_not(rep) for rep in self._reps if rep.partial or rep.faults)
        return ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())

    @property
    def _reps(self) -> list[Rep]:
        """Those whose frames are still there."""
        since_s = self._frames[0][0] if self._frames else -math.inf
        return [rep for one in self.sets for rep in one.reps if rep.start_s >= since_s]

    def add(self, time_s: float, pose: Pose | None) -> None:
        """Take in one frame: the body as it was found."""
        self._frames.append((time_s, pose))
        while time_s - self._frames[0][0] > _KEPT_S:
            self._frames.popleft()

    def learn(self) -> Calibration:
        """The person's range; raises `ExerciseError` where too few good reps are seen."""
        times = [time_s for time_s, _ in self._frames]
        size = next((pose.size for _, pose in self._frames if pose is not None), (1, 1))
        fps = max(len(times) - 1, 1) / max(times[-1] - times[0], 0.1) if times else 30.0
        return calibrate(self.exercise, PoseRecording.from_poses(self._frames, fps=fps, size=size))


def _why_not(rep: Rep) -> str:
    return "partial" if rep.partial else "with " + " and ".join(words(fault.id).lower() for fault in rep.faults)


class OwnRange:
    """Learns a person's range when asked to, and says on the board what is known of it.

    Its methods are to be called on one thread.

    Parameters
    ----------
    follow
        Called with an exercise (None: what is recognised) when it is to be coached by other `definitions` from now on.
    lock
        Held while the board is changed.
    """

    def __init__(
        self, board: Scoreboard, repertoire: Repertoire, follow: Callable[[str | None], None], lock: RLock
    ) -> None:
        self._board = board
        self._repertoire = repertoire
        self._follow = follow
        self._lock = lock
        self._learning: CalibrationSet | None = None

    def definitions(self, exercise: str | None) -> Mapping[str, Exercise]:
        """What a coach is to follow now."""
        learning = self._learning
        if learning is not None and exercise == learning.exercise.name:
            return {exercise: learning.definition}
        return self._repertoire.definitions(exercise)

    def show(self, exercise: str | None) -> None:
        """Say what is known of the person's range in the exercise that is chosen."""
        if exercise is None:
            self._say("Choose an exercise to calibrate your range.")
            return
        try:
            learned = self._repertoire.calibration(exercise)
        except DeepFitError as error:
            self._say(str(error), "calibrate", "forget")
            return
        if learned is None:
            self._say("Five reps show me your own range.", "calibrate")
            return
        joint = words(self._repertoire.exercises[exercise].signal.joint).lower()
        self._say(f"Your own range: {learned.rom_deg:.0f}° of the {joint}.", "again", "forget")

    def begin(self, exercise: str) -> None:
        """Learn from the reps that come now."""
        self._learning = CalibrationSet(self._repertoire.exercises[exercise])
        self._show_progress(self._learning)
        self._follow(exercise)

    def add(self, time_s: float, pose: Pose | None) -> None:
        """Take in one frame: the body as it was found."""
        if self._learning is not None:
            self._learning.add(time_s, pose)

    def count(self, sets: Sequence[WorkoutSet]) -> None:
        """Take in what the coach has counted since `begin`; where there are reps enough, learn from them."""
        learning = self._learning
        if learning is None:
            return
        learning.sets = sets
        self._show_progress(learning)
        if learning.good >= WANTED:
            self.finish()
            self._follow(learning.exercise.name)

    def finish(self) -> None:
        """Learn from the reps done, and keep what was learned; what is wrong with them is shown."""
        learning, self._learning = self._learning, None
        if learning is None:
            return
        name = learning.exercise.name
        if learning.good == 0:
            self.show(name)
            if learning.rejected:  # else the user has thought better of it
                self._say(f"No good rep was seen: {learning.rejected}.", *self._board.range["actions"])
            return
        try:
            self._repertoire.save(learning.learn())
        except DeepFitError as error:
            self._say(str(error), "calibrate")
        else:
            self.show(name)

    def change(self, exercise: str | None) -> None:
        """Go on with that exercise; what was to be learned is not learned."""
        self._learning = None
        self.show(exercise)
        self._follow(exercise)

    def meet(self, person: str, exercise: str | None) -> None:
        """Go on with somebody else, whose range may be known."""
        self._repertoire.person = person
        self.change(exercise)

    def forget(self, exercise: str | None) -> None:
        """From now on by the book again."""
        if exercise is None:
            return
        try:
            self._repertoire.forget(exercise)
        except DeepFitError as error:
            self._say(str(error), "forget")
        else:
            self.change(exercise)

    def _show_progress(self, learning: CalibrationSet) -> None:
        if learning.good >= WANTED:
            self._say("Thank you. One moment …", learning=True)
        else:
            text = f"{learning.good} of {WANTED} reps: go as far as is comfortable."
            text += f" Not counted: {learning.rejected}." if learning.rejected else ""
            self._say(text, "cancel", learning=True)

    def _say(self, text: str, *actions: str, learning: bool = False) -> None:
        shown: dict[str, Any] = {"text": text, "actions": list(actions), "learning": learning}
        with self._lock:
            self._board.range = shown
