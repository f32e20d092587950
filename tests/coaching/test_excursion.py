"""A rep while it is in progress, step by step."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching.excursion import Excursion
from deepfit_nb.coaching.points import Point


def test_its_far_end_and_the_lowest_point_since_are_followed() -> None:
    now = Point(1.0, 0.4)
    out = Excursion(Point(0.0, 0.1), now, dip=now, noticed_s=1.0)
    seen = []
    for step, progress in enumerate((0.8, 0.6, 0.7, 0.9, 0.85), 1):
        out.follow(Point(1.0 + step, progress))
        seen.append((out.high.progress, out.dip.progress))
    assert seen == [(0.8, 0.8), (0.8, 0.6), (0.8, 0.6), (0.9, 0.9), (0.9, 0.85)]
    assert out.rise == pytest.approx(0.8)
    assert out.fall(0.3) == pytest.approx(0.6)
    assert (out.low, out.high.time_s, out.turned) == (Point(0.0, 0.1), 5.0, False)
