"""Whether what a progress signal does far out is one rep, the end of one and the beginning of the next, or a jump."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import dropwhile, takewhile
from statistics import fmean
from typing import Final

from deepfit_nb.coaching.points import Frame, Point

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


def out_again(newest_first: Iterable[Frame], low: Point, high: Point, dip: Point, jitter: float) -> bool:
    """Whether a rep was over at ``dip``, since the signal has come back to there and gone out again since.

    Parameters
    ----------
    low, high, dip
        Where the rise began, its far end, and the lowest point since then.
    jitter
        By how much the progress is off from frame to frame.
    """
    rise = list(takewhile(lambda frame: frame.time_s >= low.time_s, newest_first))
    now, fall = rise[0], high.progress - dip.progress
    if fall < _DIP * (high.progress - low.progress) or now.progress - dip.progress < _AGAIN * fall:
        return False
    if jitter > _STEADY or fmean(frame.error for frame in rise) > _WELL_SEEN:
        return False
    climbed = (frame.time_s for frame in rise if frame.time_s <= high.time_s and frame.progress <= dip.progress)
    rose_s = high.time_s - next(climbed, low.time_s)
    return now.time_s - high.time_s >= max(rose_s, min(high.time_s - low.time_s, _BOUNCE_S))


def time_out_s(newest_first: Iterable[Frame], half: float) -> float:
    """How long a signal was beyond ``half`` without a break when it was last."""
    back = dropwhile(lambda frame: frame.progress <= half, newest_first)
    out = [frame.time_s for frame in takewhile(lambda frame: frame.progress > half, back)]
    return out[0] - out[-1] if out else 0.0
