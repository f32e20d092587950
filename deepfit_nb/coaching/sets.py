"""From recognition and counted reps to sets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.evidence import HINDSIGHT_S, SUPPORT_S, Evidence, probability
from deepfit_nb.coaching.tracker import RepTracker
from deepfit_nb.recognition import NON_ACTIVITY, Recognition

#: Reps that began this long before an exercise was recognised were it too: the recogniser looks back that far.
_LOOK_BACK_S = 4.0
#: The movement is taken up so much earlier, to know where they began.
_RUN_UP_S = 1.0
#: A set ends when its exercise has not been seen for this long.
_PAUSE_S = 8.0
#: An exercise that was recognised for less than this in all was a mistake, unless the stream ended with it.
_GLIMPSE_S = 2.0
#: Two looks this far apart count as one.
_BLINK_S = 0.5
#: Another exercise must be seen for this long before it ends a set, and for longer in the middle of a rep: who changes
#: over comes to rest first, and the other exercise's reps are found by looking back.
_SWITCH_S = 1.2
_SWITCH_IN_REP_S = 3.0
#: A rep below this progress is partial, until this many reps have shown the person's own range …
_FULL = 0.35
_SHOWN = 2
#: … and then below this part of that range.
_USUAL_FULL = 0.5
#: Mean probability of the exercise over a rep that is enough although another label was on top.
_ENOUGH = 0.3
#: The first and the last rep of a set must have so much in hindsight: people on their way into an exercise and out of
#: it (drinking after curls, getting up after sit-ups) make movements that count as reps while the answer still lingers.
#: In workouts and rendered clips 29 of 47 such movements had less, and 11 of 665 first and last reps.
_HINDSIGHT = 0.25
#: A rep that is alone in its set must have more: weights picked up for another exercise look like a curl. In workouts,
#: brief rendered sets and real clips the five that were wrong had 0.30 to 0.63; of 30 that were right one had less than
#: 0.64.
_HINDSIGHT_ALONE = 0.6


@dataclass(slots=True)
class CountedSet:
    """A set in progress, or as it ended. Its ``doubted`` reps are none unless another one follows them.

    ``seen_s`` is when its exercise was last recognised, ``seen_for_s`` for how long in all; ``busy_s`` is when a rep
    was last in progress.
    """

    exercise: str
    earliest_s: float
    seen_s: float
    seen_for_s: float = 0.0
    busy_s: float = -math.inf
    reps: list[CountedRep] = field(default_factory=list)
    doubted: list[CountedRep] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)

    @property
    def last_s(self) -> float:
        """When its last rep ended; -inf before the first."""
        return self.reps[-1].end_s if self.reps else -math.inf

    @property
    def full_span(self) -> float:
        """The range, in units of progress, below which a rep of the set is a partial one.

        Against what the person does in this set, once two reps have shown it: somebody whose every rep is short does
        short reps, and is told so by a fault; a single short one among long ones is a partial rep.
        """
        if len(self.reps) < _SHOWN:
            return _FULL
        usual = sorted(rep.span for rep in self.reps)[int(0.8 * (len(self.reps) - 1))]
        return _USUAL_FULL * min(usual, 1.0)

    @property
    def partial_reps(self) -> int:
        """How many of its reps are partial ones."""
        full_span = self.full_span
        return sum(rep.span < full_span for rep in self.reps)


class SetKeeper:
    """Opens and closes sets, and decides which counted reps belong to them.

    The reps of an exercise are counted from some seconds before it is recognised, so that the first reps of a set, done
    before the recogniser was sure, are found when it is; what was done long before, in other exercises, does not tell
    how they are. Recognition then decides which of them mean anything, so that nothing is lost where it wavers.

    Parameters
    ----------
    trackers
        The rep tracker of every exercise, by name.
    fixed
        The exercise chosen by the user: no recognition is needed, and sets are parted by pauses alone.
    """

    def __init__(self, trackers: Mapping[str, RepTracker], fixed: str | None = None) -> None:
        self._trackers = trackers
        self._fixed = fixed
        self._taken_until_s = -math.inf
        self._other: tuple[str, float] | None = None  # another exercise than the set's, and since when it is seen
        self._evidence = Evidence()
        self._waiting: list[CountedRep] = []
        self.open: CountedSet | None = None
        self.closed: list[CountedSet] = []

    def update(self, time_s: float, recognition: Recognition) -> list[CountedRep]:
        """Take in one frame; returns the reps that have come to belong to the open set with it."""
        self._evidence.add(time_s, recognition)
        label = self._fixed or recognition.label
        followed = self._fixed or (self.open.exercise if self.open is not None else None)
        if followed is not None:
            self._trackers[followed].follow(time_s)
        if self.open is not None:
            self._go_on(self.open, time_s, label)
        self._drop_lone(time_s)  # before anybody asks which sets are over
        if self.open is None and label != NON_ACTIVITY and label in self._trackers:
            self._begin(label, time_s)
        if self.open is None:
            return []
        if label == self.open.exercise and not self._fixed:
            self.open.confidences.append(probability(recognition, label))
        taken = self._collect(self.open, time_s)
        self._doubt(self.open, time_s - HINDSIGHT_S)
        return [rep for rep in taken if rep in self.open.reps]

    @property
    def ahead(self) -> int:
        """Number of full reps of the open set that are past their far end but not done."""
        current = self.open
        if current is None:
            return 0
        full_span = current.full_span
        return sum(
            rep.peak_s > current.earliest_s
            and rep.span >= full_span
            and self._support(current.exercise, rep) >= _ENOUGH
            for rep in self._trackers[current.exercise].ahead
        )

    def over(self, time_s: float) -> list[CountedSet]:
        """The closed sets that can no longer be opened again."""
        return [one for one in self.closed if time_s - one.last_s >= _PAUSE_S]

    def finish(self, time_s: float) -> list[CountedRep]:
        """End the open set; returns the reps that it still gained."""
        current, taken = self.open, list[CountedRep]()
        if current is not None:
            self._trackers[current.exercise].finish()
            taken = self._collect(current, time_s)
        self._close(finishing=True)
        self._drop_lone(math.inf)
        return [rep for rep in taken if current is not None and rep in current.reps]

    def _go_on(self, current: CountedSet, time_s: float, label: str) -> None:
        """Whether the set goes on."""
        resting = math.isnan(self._trackers[current.exercise].start_s)
        if not resting:
            current.busy_s = time_s
        if label == current.exercise:
            current.seen_for_s += min(time_s - current.seen_s, _BLINK_S)
            current.seen_s, self._other = time_s, None
            # The rep that ends with this frame is not among the set's yet.
            if self._fixed and current.reps and time_s - max(current.last_s, current.busy_s) > _PAUSE_S:
                self._close()
            return
        if label == NON_ACTIVITY:
            self._other = None
        elif self._other is None or self._other[0] != label:
            self._other = (label, time_s)
        elif time_s - self._other[1] >= (_SWITCH_S if resting else _SWITCH_IN_REP_S):
            self._close()
            return
        if time_s - max(current.seen_s, current.last_s) > _PAUSE_S:
            self._close()

    def _begin(self, label: str, time_s: float) -> None:
        last = self.closed[-1] if self.closed else None
        if last is not None and last.exercise == label and time_s - last.last_s < _PAUSE_S and not self._fixed:
            self.open = self.closed.pop()  # it was only lost sight of
            self.open.seen_s = time_s
        else:
            earliest_s = -math.inf if self._fixed else time_s - _LOOK_BACK_S
            self.open = CountedSet(label, max(earliest_s, self._taken_until_s), time_s)
            if not self._fixed:
                self._trackers[label].begin(self.open.earliest_s - _RUN_UP_S)
        self._trackers[label].follow(time_s)
        self._other = None

    def _close(self, finishing: bool = False) -> None:
        current, self.open, self._other, self._waiting = self.open, None, None, []
        if current is not None:
            current.reps = [rep for rep in current.reps if not rep.merged]
            self._doubt(current, math.inf)
        if current is not None and current.reps and (finishing or current.seen_for_s >= _GLIMPSE_S):
            self._taken_until_s = current.last_s
            self.closed.append(current)

    def _drop_lone(self, time_s: float) -> None:
        """Forget sets of one doubtful rep that can no longer be opened again."""
        if self._fixed:
            return
        self.closed = [
            one
            for one in self.closed
            if time_s - one.last_s < _PAUSE_S or len(one.reps) > 1 or one.reps[0].hindsight >= _HINDSIGHT_ALONE
        ]

    def _collect(self, current: CountedSet, time_s: float) -> list[CountedRep]:
        """New reps of the set's exercise that recognition supports."""
        current.reps = [rep for rep in current.reps if not rep.merged]
        self._waiting = [rep for rep in self._waiting if not rep.merged]
        known = {*current.reps, *current.doubted, *self._waiting}
        for rep in self._trackers[current.exercise].reps[-8:]:
            # What is older was asked about before, and its frames will soon be forgotten.
            lately = rep.end_s >= time_s - _PAUSE_S
            if rep in known or not rep.valid or not lately:
                continue
            if rep.peak_s > current.earliest_s:
                self._waiting.append(rep)
            else:
                rep.valid = False
        taken: list[CountedRep] = []
        for rep in list(self._waiting):
            if self._support(current.exercise, rep) >= _ENOUGH:
                taken.append(rep)
                self._waiting.remove(rep)
            elif time_s - rep.end_s > SUPPORT_S:
                rep.valid = False
                self._waiting.remove(rep)
        if taken:
            # The set went on after all. What is older than a pause is forgotten: so will its frames be.
            back = [rep for rep in current.doubted if not rep.merged and time_s - rep.end_s <= _PAUSE_S]
            taken = [*back, *taken]
            current.doubted = []
        # The latest one may be believed first.
        current.reps = sorted([*current.reps, *taken], key=lambda rep: rep.peak_s)
        return taken

    def _doubt(self, current: CountedSet, ended_s: float) -> None:
        """Withdraw reps at either end of the set, over by then, that in hindsight were not of its exercise.

        Of a set that ends, no rep is over later than now: ``ended_s`` is infinite.
        """

        def doubtful(rep: CountedRep) -> bool:
            over = rep.end_s <= ended_s and (rep.settled or math.isinf(ended_s))
            if math.isnan(rep.hindsight) and over:
                rep.hindsight = self._evidence.hindsight(current.exercise, rep)
            return rep.hindsight < _HINDSIGHT

        if self._fixed:
            return
        while current.reps and doubtful(current.reps[-1]):
            current.doubted.insert(0, current.reps.pop())
        while current.reps and doubtful(current.reps[0]):
            none = current.reps.pop(0)
            none.valid, current.earliest_s = False, none.peak_s

    def _support(self, exercise: str, rep: CountedRep) -> float:
        """How far recognition supports the rep, 0..1; wholly where the exercise is fixed."""
        return 1.0 if self._fixed else self._evidence.support(exercise, rep)
