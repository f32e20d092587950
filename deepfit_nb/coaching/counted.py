"""A counted movement there and back, and where reps that follow one another meet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from deepfit_nb.coaching.report import Rep
from deepfit_nb.kinematics import UNKNOWN_VIEW, View
from deepfit_nb.kinematics.stretch import Side

#: A single frame counts as this long.
_INSTANT_S: Final = 1e-3
#: A pause of up to this part of the reps beside it is a turning point, and so is any overlap, of arms that take turns.
_TURNING: Final = 0.3


@dataclass(slots=True, eq=False)
class CountedRep:
    """A movement there and back. Its end and range are refined until it is settled.

    ``up_s`` and ``down_s`` are the moments when it was half-way on its way out and on its way back: they are known far
    better than its start and end, where a body hardly moves. ``span`` is its range in units of progress, ``error`` the
    mean expected error of the progress. ``joint`` reps were made by both sides together; ``merged`` ones turned out to
    be part of a larger one of the other side, or none at all.
    ``valid`` ones were seen well enough, in the exercise's posture, and belong to a set as far as is known.
    ``hindsight`` is what recognition says of it a second later (`Evidence.hindsight`), NaN until then.
    ``view`` and ``account`` are the coach's: from where the rep was seen, and how it was judged.
    """

    start_s: float
    up_s: float
    peak_s: float
    down_s: float
    end_s: float
    span: float
    error: float
    side: Side
    settled: bool = False
    valid: bool = True
    joint: bool = False
    merged: bool = False
    hindsight: float = math.nan
    view: View = UNKNOWN_VIEW
    account: Rep | None = None

    @property
    def out_s(self) -> float:
        """How long it was more than half-way out."""
        return self.down_s - self.up_s

    def overlap(self, other: CountedRep) -> float:
        """Time in which both are more than half-way out, over the shorter one's, 0..1."""
        shared = min(self.down_s, other.down_s) - max(self.up_s, other.up_s)
        shorter = min(self.out_s, other.out_s)
        # One that is out in a single frame has no duration, and yet may lie within the other.
        return max(0.0, shared + _INSTANT_S) / (shorter + _INSTANT_S)


def borders(reps: Sequence[CountedRep]) -> list[tuple[float, float]]:
    """Start and end of each rep of a set, as the set as a whole has them.

    Where a movement turns, its angles hardly change: a rep is seen to begin too late and to end too early, by as much
    as the exercise has dead travel there. So reps that follow one another at once meet half-way. The first and the
    last, and those beside a pause, are given as much time before they are half-way up (after they are half-way down)
    as those that meet another.
    """
    starts, ends = [rep.start_s for rep in reps], [rep.end_s for rep in reps]
    lead, tail, met_before, met_after = [], [], set[int](), set[int]()
    for i, (rep, after) in enumerate(pairwise(reps)):
        longest = _TURNING * (rep.end_s - rep.start_s + after.end_s - after.start_s) / 2
        if after.start_s - rep.end_s <= longest:
            ends[i] = starts[i + 1] = _meeting(rep, after, (rep.end_s + after.start_s) / 2)
            tail.append(max(ends[i] - rep.down_s, 0.0))
            lead.append(max(after.up_s - starts[i + 1], 0.0))
            met_after.add(i)
            met_before.add(i + 1)
    if lead:
        for i, rep in enumerate(reps):
            if i not in met_before:
                starts[i] = rep.up_s - median(lead)
            if i not in met_after:
                ends[i] = rep.down_s + median(tail)
    for i, (rep, after) in enumerate(pairwise(reps)):
        if ends[i] > starts[i + 1]:
            ends[i] = starts[i + 1] = _meeting(rep, after, (ends[i] + starts[i + 1]) / 2)
    return [(min(start, rep.peak_s), max(end, rep.peak_s)) for rep, start, end in zip(reps, starts, ends, strict=True)]


def _meeting(rep: CountedRep, after: CountedRep, time_s: float) -> float:
    """Where two reps meet: at about that time, but in the far half of neither.

    Of arms that are both out together it is half-way between their far ends, or near it.
    """
    first, last = rep.down_s, after.up_s
    if first > last:
        first, last = (rep.peak_s + part * (after.peak_s - rep.peak_s) for part in (0.25, 0.75))
    return min(max(time_s, first), last)
