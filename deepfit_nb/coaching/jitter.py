"""How unsteady a signal is from frame to frame."""

from __future__ import annotations

from collections import deque
from typing import Final

#: The jitter is averaged over this long; of frames further apart than the second it is not known.
_AVERAGED_S: Final = 1.0
_NEAR_S: Final = 0.3


class Jitter:
    """By how much a value is off the line through the two before it, averaged over a second.

    Attributes
    ----------
    value
        In units of the signal; 0 at first.
    """

    def __init__(self) -> None:
        self.value = 0.0
        self._latest: deque[tuple[float, float]] = deque(maxlen=2)

    def add(self, time_s: float, value: float) -> None:
        """Take in one frame; times increase."""
        if len(self._latest) == 2:
            (before_s, before), (last_s, last) = self._latest
            if max(time_s - last_s, last_s - before_s) <= _NEAR_S:
                off = abs(value - (2 * last - before))
                self.value += (time_s - last_s) / _AVERAGED_S * (off - self.value)
        self._latest.append((time_s, value))
