"""Moments of a progress signal."""

from __future__ import annotations

from typing import NamedTuple


class Point(NamedTuple):
    """A moment of a progress signal: time in seconds, and the progress."""

    time_s: float
    progress: float


class Frame(NamedTuple):
    """The same with the expected error of the progress."""

    time_s: float
    progress: float
    error: float

    @property
    def point(self) -> Point:
        """Without the error."""
        return Point(self.time_s, self.progress)
