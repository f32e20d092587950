"""One rep, two, or a jump: by hand-made paths."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.coaching.points import Frame, Point
from deepfit_nb.coaching.turns import out_again, time_out_s

#: There in 2 s, back to 0.4 in one more, and out again in another one: time and progress.
PATH = (Point(0.0, 0.0), Point(2.0, 1.0), Point(3.0, 0.4), Point(4.0, 0.9))


def newest_first(path: tuple[tuple[float, float], ...], error: float = 0.05) -> list[Frame]:
    """Frames at 25 a second along straight lines between the points."""
    corners_s, corners = zip(*path, strict=True)
    times = np.arange(corners_s[0], corners_s[-1] + 0.02, 1 / 25)
    progress = np.interp(times, corners_s, corners)
    return [Frame(t, p, error) for t, p in zip(times.tolist(), progress.tolist(), strict=True)][::-1]


@pytest.mark.parametrize(
    ("change", "parted"),
    [
        ({}, True),
        ({2: (3.0, 0.7)}, False),  # not far enough back
        ({3: (4.0, 0.8)}, False),  # not far enough out again
        ({2: (2.4, 0.4), 3: (2.8, 0.9)}, False),  # in a moment: a bounce
        ({0: (1.2, 0.0), 2: (2.5, 0.4), 3: (2.9, 0.95)}, True),  # in a moment as well, but so was the rise
    ],
)
def test_who_comes_back_and_goes_out_again_has_done_one_rep(
    change: dict[int, tuple[float, float]], parted: bool
) -> None:
    path = tuple(Point(*change.get(index, point)) for index, point in enumerate(PATH))
    low, high, dip, _ = path
    assert out_again(newest_first(path), low, high, dip, jitter=0.0) == parted


@pytest.mark.parametrize(("error", "jitter", "parted"), [(0.1, 0.04, True), (0.15, 0.0, False), (0.05, 0.06, False)])
def test_of_what_is_hardly_seen_nothing_is_made(error: float, jitter: float, parted: bool) -> None:
    assert out_again(newest_first(PATH, error), *PATH[:3], jitter) == parted


@pytest.mark.parametrize(("half", "seconds"), [(0.5, 1.0 + 0.5 / 0.6), (0.05, 3.34), (0.95, 0.1 + 0.05 / 0.6)])
def test_how_long_a_signal_was_out(half: float, seconds: float) -> None:
    path = (*PATH[:3], (3.5, 0.0))
    assert time_out_s(newest_first(path), half) == pytest.approx(seconds, abs=0.09)


def test_a_signal_that_was_never_out() -> None:
    assert time_out_s(newest_first(PATH), 2.0) == 0.0
