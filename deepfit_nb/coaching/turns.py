"""Whether what a progress signal does far out is one rep, the end of one and the beginning of the next, or a jump."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import dropwhile, takewhile
from statistics import fmean
from typing import Final

#: One rep ends and the next begins where the signal has fallen by the first part of the rise and comes back by the
#: second part of that fall: the way into the start position, or a body seen too low at first, made the rise far too
#: large for a rep to come all the way back …
_DIP: Final = 0.4
_AGAIN: Final = 0.8
#: … but only where jitter and expected error of the progress are below these: a hidden limb jumps about.
_STEADY: Final = 0.05
_WELL_SEEN: Final = 0.12
#: Who comes back and goes out again in less time than this, and than the rise took, bounces.
_BOUNCE_S: Final = 1.0

#: Time in seconds, progress and its expected error.
Frame = tuple[float, float, float]
#: Time and progress.
Point = tuple[float, float]


def out_again(newest_first: Iterable[Frame], low: Point, high: Point, dip: Point, jitter: float) -> bool:
    """Whether a rep was over at ``dip``, since the signal has come back to there and gone out again since.

    Parameters
    ----------
    low, high, dip
        Where the rise began, its far end, and the lowest point since then.
    jitter
        By how much the progress is off from frame to frame.
    """
    rise = list(takewhile(lambda frame: frame[0] >= low[0], newest_first))
    now_s, progress, _ = rise[0]
    fall = high[1] - dip[1]
    if fall < _DIP * (high[1] - low[1]) or progress - dip[1] < _AGAIN * fall:
        return False
    if jitter > _STEADY or fmean(error for _, _, error in rise) > _WELL_SEEN:
        return False
    climbed_s = next((t for t, p, _ in rise if t <= high[0] and p <= dip[1]), low[0])
    return now_s - high[0] >= max(high[0] - climbed_s, min(high[0] - low[0], _BOUNCE_S))


def time_out_s(newest_first: Iterable[Frame], half: float) -> float:
    """How long a signal was beyond ``half`` without a break when it was last."""
    back = dropwhile(lambda frame: frame[1] <= half, newest_first)
    out = [time_s for time_s, _, _ in takewhile(lambda frame: frame[1] > half, back)]
    return out[0] - out[-1] if out else 0.0
