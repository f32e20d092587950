"""A steady to and fro that is no rep by the thresholds in force: then it is they that are wrong.

Who raises the arms before pressing overhead, or steps into a split stance before lunges, makes a first rise far larger
than a rep, and never comes back all the way. Who lifts the weights before rows makes a movement beside which the reps
count for nothing. Either is known by a movement that goes on, out and back, each time alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from deepfit_nb.coaching.habit import LEAST_RISE, TIMES_JITTER
from deepfit_nb.coaching.points import Point

#: Within a rep in progress, a movement through so much of its range is steady with so many low turning points alike, if
#: no two follow each other more quickly: small quick pulses at the far end are part of a rep.
_WITHIN: Final = ((0.38, ((2, 0.0),)), (0.25, ((2, 1.5), (3, 0.0))))
#: The same between reps: through so much progress.
_BETWEEN: Final = (0.2, 2)
#: The ways out and back of a steady movement differ by no more than the first factor, its times by no more than the
#: second, and its low turning points lie within this part of its range of one another.
_ALIKE: Final = 1.7
_IN_TIME: Final = 2.0
_LEVEL: Final = 0.35


class Turn(NamedTuple):
    """A turning point of a signal, high or low."""

    time_s: float
    progress: float
    high: bool


def steady_within(points: Sequence[Point], rise: float, jitter: float, shortest_s: float) -> Point | None:
    """Where a steady movement within a rep in progress has its first low turning point; None where there is none.

    Parameters
    ----------
    points
        Time in seconds and progress of each frame of the rep so far.
    rise
        Its range so far.
    jitter
        By how much the progress is off from frame to frame.
    shortest_s
        Less time than this no rep takes.
    """
    for part, looks in _WITHIN:
        found = turning_points(points, max(part * rise, LEAST_RISE, TIMES_JITTER * jitter))
        for lows, quickest_s in looks:
            low = _steady_low(found, lows, max(quickest_s, shortest_s))
            if low is not None:
                return low
    return None


def steady_between(points: Sequence[Point], jitter: float, shortest_s: float) -> Point | None:
    """The same of frames in which no rep is in progress."""
    least, lows = _BETWEEN
    return _steady_low(turning_points(points, max(least, TIMES_JITTER * jitter)), lows, shortest_s)


def turning_points(points: Iterable[Point], least: float) -> list[Turn]:
    """Where a signal turned, high and low by turns: it has come back from each by ``least`` or more.

    The first one is where it set out from.
    """
    found: list[Turn] = []
    low = high = None
    for time_s, progress in points:
        if low is None or progress < low.progress:
            low = Turn(time_s, progress, high=False)
        if high is None or progress > high.progress:
            high = Turn(time_s, progress, high=True)
        to_low = not found or found[-1].high
        to_high = not found or not found[-1].high
        if to_high and high.progress - progress >= least:
            found.append(high)
            low = Turn(time_s, progress, high=False)
        elif to_low and progress - low.progress >= least:
            found.append(low)
            high = Turn(time_s, progress, high=True)
    return found


def _steady_low(found: Sequence[Turn], lows: int, shortest_s: float) -> Point | None:
    """Where the latest ``lows`` ways out and back began, if they are alike: the first low point level with theirs."""
    if found and found[-1].high:  # on the way back, which is not known yet
        found = found[:-1]
    before, found = found[: -2 * lows], found[-2 * lows :]
    if len(found) < 2 * lows:
        return None
    high, low = found[::2], found[1::2]
    ways = [abs(after.progress - before.progress) for before, after in pairwise(found)]
    times_s = [after.time_s - before.time_s for turns in (low, high) for before, after in pairwise(turns)]
    if max(ways) > _ALIKE * min(ways) or max(times_s) > _IN_TIME * min(times_s) or min(times_s) < shortest_s:
        return None
    level = [*before[-1:], *low]
    while len(level) >= lows:
        heights = [turn.progress for turn in level]
        if max(heights) - min(heights) <= _LEVEL * min(ways):
            return Point(level[0].time_s, level[0].progress)
        level.pop(0)
    return None
