"""Where a rep begins and ends in its progress signal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from deepfit_nb.coaching.points import Point

#: The start and end of a rep are looked for at this part of its range and extrapolated from there.
_EDGE: Final = 0.08
#: Below this part of the range it also begins or ends where the progress has not changed by `_PLATEAU` for so long:
#: who sways or drifts at rest has a low that lies far from the rep.
_NEAR: Final = 0.35
_PLATEAU: Final = 0.03
_PLATEAU_S: Final = 0.3
#: In a movement that follows a cosine, the time from standstill to 8 % of the range, over that from 8 % to 50 %.
_COSINE: Final = math.acos(1 - 2 * _EDGE) / (math.pi / 2 - math.acos(1 - 2 * _EDGE))


def crossings(from_peak: Sequence[Point], low: float, peak: float) -> tuple[float, float]:
    """When a movement was half-way and when it stood still, walking away from its far end in either direction of time.

    Parameters
    ----------
    from_peak
        The signal, its far end first.
    low, peak
        The progress at rest and at the far end.
    """
    half_s = edge_s = lowest_s = from_peak[0].time_s
    lowest = peak
    for time_s, progress in from_peak:
        edge_s = time_s
        if progress > (low + peak) / 2:
            half_s = time_s
        if progress < lowest - _PLATEAU * (peak - low):
            lowest_s, lowest = time_s, progress
        if progress <= low + _EDGE * (peak - low):
            return half_s, edge_s + (edge_s - half_s) * _COSINE
        if lowest < low + _NEAR * (peak - low) and abs(time_s - lowest_s) > _PLATEAU_S:
            return half_s, lowest_s
    return half_s, edge_s
