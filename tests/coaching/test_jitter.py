"""The jitter of signals that are off by a known amount."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching.jitter import Jitter


@pytest.mark.parametrize("fps", [10, 30, 60])
@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_the_jitter_of_a_zigzag_is_known_at_any_frame_rate_and_on_any_slope(fps: int, slope: float) -> None:
    """A value that is off by 0.01 to either side by turns is 0.04 off the line through the two before it."""
    jitter = Jitter()
    for index in range(8 * fps):
        jitter.add(index / fps, slope * index / fps + 0.01 * (-1) ** index)
    assert jitter.value == pytest.approx(0.04, rel=0.02)


def test_a_steady_signal_has_none() -> None:
    jitter = Jitter()
    for index in range(100):
        jitter.add(index / 25, 0.3 * index / 25)
    assert jitter.value == pytest.approx(0, abs=1e-9)


def test_what_was_not_seen_is_no_jitter() -> None:
    jitter = Jitter()
    for time_s, value in [(0.0, 0.0), (0.04, 0.0), (1.0, 1.0), (1.04, 1.0)]:
        jitter.add(time_s, value)
    assert jitter.value == 0
