"""In what part of a rep signals begin."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching.beginning import first_turns
from deepfit_nb.coaching.points import Frame


def frames(*progress: float) -> list[Frame]:
    """Ten frames a second."""
    return [Frame(index / 10, value, 0.05) for index, value in enumerate(progress)]


@pytest.mark.parametrize(
    ("progress", "low", "high"),
    [
        pytest.param((0.1,), (0.0, 0.1), None, id="at rest"),
        pytest.param((0.6, 0.55, 0.7, 0.9), (0.1, 0.55), (0.3, 0.9), id="half-way, and out"),
        pytest.param((0.7, 0.6, 0.35), (0.2, 0.35), None, id="on the way back from where nobody saw"),
        pytest.param((0.95, 0.97, 1.0, 0.98, 0.6), (0.0, 0.0), (0.2, 1.0), id="at the far end, and back"),
        pytest.param((1.0, 0.8, 0.6), (0.2, 0.6), None, id="at the far end for too short a time"),
    ],
)
def test_the_first_turning_points(
    progress: tuple[float, ...], low: tuple[float, float], high: tuple[float, float] | None
) -> None:
    assert first_turns(frames(*progress), max_rep_s=12.0) == (low, high)


@pytest.mark.parametrize(("seconds", "known"), [(11.0, False), (13.0, True)])
def test_who_stays_half_way_for_long_rests_there(seconds: float, known: bool) -> None:
    first = first_turns(frames(*[0.6] * int(10 * seconds)), max_rep_s=12.0)
    assert first == (((seconds * 10 - 1) / 10, 0.6), None) if known else first is None
