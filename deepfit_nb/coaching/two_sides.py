"""What two sides have done, made one: reps that both made, and what one of them only seems to do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.counter import RepCounter
from deepfit_nb.coaching.habit import Habit
from deepfit_nb.kinematics.stretch import Side

#: An arm whose progress is known so much worse than the other one's is hardly seen. Where the other arm has been at
#: work within this time, its reps are believed only if they have a good part of the usual range while that arm rests.
_WORSE = 1.5
_AT_WORK_S = 10.0
_GOOD_PART = 0.6
#: Where the arms have worked together, what one of them does alone in less than the first part of their time is made
#: up, unless the other is seen so much worse as the second says. What one did alone before is made up too if it took as
#: little time, or was seen so much worse than the two together as the third says and hardly at all.
_SHORTER = 0.45
_ALONE = 1.1
_ALONE_BEFORE = 1.8
_HARDLY_SEEN = 0.12
#: Reps of the two sides that share more than this part of the shorter one's far half are one rep; the second part is
#: for arms that plainly take turns, the one rising while the other comes back.
_SAME = 0.2
_SAME_IN_TURN = 0.6
#: A side that is half-way out within so long of the other's being half-way back, and that began to rise so shortly
#: before, did not move there: the detector calls the same arm by the other name.
_AT_ONCE_S = 0.15
_SUDDEN_S = 0.25
#: The better seen side speaks for both, unless it has less than this part of the other's range.
_ALIKE = 0.5
#: So many reps of one side within the far half of one of the other's are reps: two may be one that is not seen well.
_SEVERAL = 3
#: A rep waits for the other side up to this long after its end, and not for one that is hardly seen.
_PATIENCE_S = 1.0
#: So many of the latest reps are kept: more than a set can still ask for.
_KEPT = 32


class TwoSides:
    """Takes reps of either side as they are counted, and gives those of the person; of one side all there is.

    Reps of the two sides that are far out at the same time are one rep, made by both; where one side is done before the
    other, its rep waits for that one's. Arms that take turns are far out one after the other.

    Parameters
    ----------
    counters
        The rep counter of each side: what is being done meanwhile.
    errors
        How well the progress of each side is known lately.
    habit
        What the counters know of the person.

    Attributes
    ----------
    reps
        The person's latest, in the order in which they were known.
    """

    def __init__(self, counters: Mapping[Side, RepCounter], errors: Mapping[Side, float], habit: Habit) -> None:
        self._counters = counters
        self._errors = errors
        self._habit = habit
        self._waiting: list[CountedRep] = []
        self.reps: list[CountedRep] = []

    def add(self, rep: CountedRep) -> None:
        """Take in a rep of one side."""
        self._waiting.append(rep)

    def ahead(self, turned: Sequence[CountedRep]) -> list[CountedRep]:
        """Reps that are not among `reps` yet: ``turned`` on the way back, or waiting for the other side."""
        found: list[CountedRep] = []
        for rep in [*self._waiting, *turned]:
            if not any(self._same(rep, other) for other in [*self.reps[-3:], *found]):
                found.append(rep)
        return found

    def accept(self, time_s: float) -> CountedRep | None:
        """The next rep that need not wait any longer; others that are the same one are dropped."""
        while True:
            self._drop_held()
            ready = (rep for rep in self._waiting if time_s >= rep.end_s + _PATIENCE_S or not self._awaits(rep))
            rep = next(ready, None)
            if rep is None:
                return None
            taken = self._take(rep)
            if taken is not None:
                return taken

    def _drop_held(self) -> None:
        """Forget what were no movements."""
        for rep in [rep for rep in self._waiting if self._held(rep)]:
            rep.valid = False
            self._waiting.remove(rep)

    def _take(self, rep: CountedRep) -> CountedRep | None:
        """The person's next rep, made of a waiting one and others that are the same; None where it is nothing new."""
        known = [other for other in self.reps[-3:] if self._same(rep, other)]
        if any(other.span >= _ALIKE * rep.span for other in known) or self._doubtful(rep):
            self._waiting.remove(rep)
            for other in known:
                _share(rep, other)
            return None
        for other in known:
            self._take_back(other)
        alike = [other for other in self._waiting if other is rep or self._same(rep, other)]
        self._waiting = [other for other in self._waiting if other not in alike]
        widest = max(other.span for other in alike)
        wide = [other for other in alike if other.span >= _ALIKE * widest]
        best = min(wide, key=lambda other: other.error)
        best.joint = any(other.side != best.side for other in wide)
        if best.joint:
            self._take_back_made_up(best)
        elif self._alone(best):
            return None
        else:
            self._take_back_hardly_seen(best)
        self.reps.append(best)
        del self.reps[:-_KEPT]
        self._take_back_hasty()
        return best

    def _take_back(self, rep: CountedRep) -> None:
        """One of the person's reps was none, or part of a larger one."""
        rep.merged = True
        self.reps.remove(rep)

    def _take_back_hasty(self) -> None:
        """A lone rep that took far less time than the others was none, though it was counted before that was known."""
        hasty = self._habit.hasty
        if len(hasty) == 1 and hasty[0] in self.reps:
            self._take_back(hasty[0])

    def _take_back_made_up(self, rep: CountedRep) -> None:
        """Both arms work together: what one did before in a moment, or while it was hardly seen, was nothing."""
        for other in reversed(self._lately(rep)):
            twitch = other.end_s - other.start_s < _SHORTER * (rep.end_s - rep.start_s)
            if other.joint or not (twitch or other.error > max(_ALONE_BEFORE * rep.error, _HARDLY_SEEN)):
                break
            self._take_back(other)

    def _take_back_hardly_seen(self, rep: CountedRep) -> None:
        """One arm works: a lone small rep of the other, hardly seen before, is none, nor would it be after.

        Several of that arm are reps: its set, before this arm's.
        """
        lately = self._lately(rep)
        if len(lately) != 1 or lately[0].joint or lately[0].side == rep.side:
            return
        seen_worse = lately[0].error > max(_WORSE * rep.error, _HARDLY_SEEN)
        if seen_worse and lately[0].span < _GOOD_PART * rep.span:
            self._take_back(lately[0])

    def _lately(self, rep: CountedRep) -> list[CountedRep]:
        """The person's reps shortly before one that is not among them yet."""
        return [other for other in self.reps if other.end_s >= rep.start_s - _AT_WORK_S]

    def _current(self, rep: CountedRep) -> CountedRep | None:
        """What the other side is doing meanwhile; None where it rests."""
        return next((c.current for side, c in self._counters.items() if side != rep.side and c.rising), None)

    def _held(self, rep: CountedRep) -> bool:
        """This side stayed out while the other, seen about as well, went there and back several times: no movement."""
        others = (one for one in (*self.reps[-8:], *self._waiting) if one.side != rep.side)
        within = (
            rep.up_s <= one.up_s and one.down_s <= rep.down_s and one.error <= _WORSE * rep.error for one in others
        )
        return sum(within) >= _SEVERAL

    def _awaits(self, rep: CountedRep) -> bool:
        """The other side, seen about as well, was as far out at the same time and is not back yet."""
        current = self._current(rep)
        if current is None or current.span <= _ALIKE * rep.span or current.error > _WORSE * rep.error:
            return False
        return rep.down_s - max(rep.up_s, current.up_s) > _SAME * rep.out_s

    def _doubtful(self, rep: CountedRep) -> bool:
        """A rep of an arm that is hardly seen, while the other arm is at work, and that may be made up."""
        lately = [one for one in self.reps[-8:] if one.side != rep.side and one.end_s > rep.start_s - _AT_WORK_S]
        current = self._current(rep)
        moves = [*lately, *([current] if current is not None else [])]
        if not moves or rep.error <= _WORSE * min(one.error for one in moves):
            return False
        if any(one.start_s < rep.down_s and rep.up_s < one.end_s for one in moves):
            return True
        return bool(lately) and rep.span < _GOOD_PART * median(one.span for one in lately)

    def _alone(self, rep: CountedRep) -> bool:
        """One arm twitched and the other, seen as well, did not, of somebody whose arms have just worked together."""
        before = [one for one in self.reps[-2:] if one.end_s > rep.start_s - _AT_WORK_S]
        if len(before) < 2 or not all(one.joint for one in before):
            return False
        usual_s = median(one.end_s - one.start_s for one in before)
        other = next((error for side, error in self._errors.items() if side != rep.side), math.inf)
        return rep.end_s - rep.start_s < _SHORTER * usual_s and other < _ALONE * rep.error

    @staticmethod
    def _same(rep: CountedRep, other: CountedRep) -> bool:
        """Whether two sides made one rep: together, or exchanged half-way by the detector.

        Then one side rises at once where the other has fallen at once.
        """
        if rep.side == other.side:
            return False
        before, after = sorted((rep, other), key=lambda one: one.up_s)
        handed_over = abs(after.up_s - before.down_s) < _AT_ONCE_S and after.up_s - after.start_s < _SUDDEN_S
        return handed_over or rep.overlap(other) > (_SAME_IN_TURN if _in_turn(before, after) else _SAME)


def _share(rep: CountedRep, known: CountedRep) -> None:
    """A rep of the other side is part of one that is known: made by both, or handed over half-way."""
    known.joint = known.joint or rep.span >= _ALIKE * known.span
    if rep.overlap(known) <= _SAME:  # handed over: the other side had only its beginning
        known.down_s, known.end_s, known.settled = rep.down_s, rep.end_s, True


def _in_turn(before: CountedRep, after: CountedRep) -> bool:
    """Two arms, seen and moved about alike, each of which has its far end while the other is near rest."""
    seen = max(before.error, after.error) <= _WORSE * min(before.error, after.error)
    spans, out_s = (sorted(pair) for pair in ((before.span, after.span), (before.out_s, after.out_s)))
    alike = spans[0] >= _ALIKE * spans[1] and out_s[0] >= _ALIKE * out_s[1]
    return seen and alike and before.peak_s <= after.up_s and before.down_s <= after.peak_s
