"""What a stretch of time without a view of the rep may have hidden."""

from __future__ import annotations

import math

import pytest

from deepfit_nb.coaching.excursion import Excursion
from deepfit_nb.coaching.gaps import GapWatch
from deepfit_nb.coaching.points import Point

OUT = Excursion(low=Point(-1.0, 0.0), high=Point(0.0, 1.0), dip=Point(0.0, 1.0), noticed_s=-0.5)


@pytest.mark.parametrize(
    ("gap_s", "before", "after", "then", "usual_s", "hidden"),
    [
        (0.8, 0.9, 0.7, 0.95, math.inf, True),  # fell, and rises again
        (0.8, 0.5, 0.9, 1.0, math.inf, False),  # fell, but has hardly risen since
        (0.8, 0.95, 0.9, 1.0, math.inf, False),  # a hold at the far end
        (0.3, 0.9, 0.7, 0.95, math.inf, False),  # too short for a turn
        (0.8, 0.95, 0.9, 1.0, 1.0, True),  # nearly a whole rep long
        (0.8, 0.95, 0.9, 1.0, 3.0, False),
    ],
)
def test_a_turn_in_a_gap(gap_s: float, before: float, after: float, then: float, usual_s: float, hidden: bool) -> None:
    watch = GapWatch()
    watch.add(Point(0.0, before), Point(gap_s, after), OUT, usual_s)
    watch.add(Point(gap_s, after), Point(gap_s + 0.1, then), OUT, usual_s)
    assert watch.hid_a_turn(then, OUT) == hidden


def test_a_gap_that_has_been_accounted_for_hides_nothing_more() -> None:
    watch = GapWatch()
    watch.add(Point(0.0, 0.9), Point(0.8, 0.6), OUT, math.inf)
    assert watch.gap == (0.0, 0.8)
    assert watch.hid_a_turn(0.9, OUT)
    watch.forget()
    assert watch.gap is None
    assert not watch.hid_a_turn(0.9, OUT)
