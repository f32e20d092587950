"""In what part of a rep a progress signal begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from deepfit_nb.coaching.points import Frame, Point

#: A stream that begins below this progress begins at rest. Of one that begins above it, nothing is known until the
#: progress has risen or fallen by the second.
_AT_REST: Final = 0.5
_FIRST_RISE: Final = 0.3
#: One that begins at this progress, and stays within so much of its far end for so long, begins far out in a rep.
_FAR_OUT: Final = 0.85
_SAME: Final = 0.05
_STAYS_S: Final = 0.2


def first_turns(frames: Sequence[Frame], max_rep_s: float) -> tuple[Point, Point | None] | None:
    """The low turning point that a stream begins with, and the high one where it is in mid-rep; None until known.

    A stream may begin in mid-rep: a fall that comes after a far end seen in full counts as a way back.
    """
    first, now = frames[0], frames[-1].point
    low = min(reversed(frames), key=lambda frame: frame.progress).point
    high = max(frames, key=lambda frame: frame.progress).point
    if first.progress < _AT_REST:
        return low, None
    if now.progress - low.progress >= _FIRST_RISE:
        return low, now
    if high.progress - now.progress >= _FIRST_RISE:
        stays_s = high.time_s - first.time_s + _plateau_s(frames, high.progress)
        if first.progress >= _FAR_OUT and stays_s >= _STAYS_S:
            return Point(first.time_s, min(0.0, now.progress)), high
        return low, None
    return (low, None) if now.time_s - first.time_s > max_rep_s else None


def _plateau_s(frames: Sequence[Frame], high: float) -> float:
    """How long the signal stayed near its high."""
    near = [frame.time_s for frame in frames if frame.progress > high - _SAME]
    return near[-1] - near[0]
