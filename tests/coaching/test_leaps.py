"""What becomes of a progress signal that leaps."""

from __future__ import annotations

import math

import numpy as np
import pytest

from deepfit_nb.coaching.leaps import LeapWatch
from deepfit_nb.coaching.points import Frame
from tests.coaching.tracking import stages
from tests.factories import cosine, curl

FPS = 25.0


def passed(*progress: float, fps: float = FPS) -> list[tuple[float, int]]:
    """Of each frame that is taken in, its progress and how many frames later than it came; 99 when at the end."""
    watch, found = LeapWatch(), []
    for now, value in enumerate(progress):
        found += [(frame, now) for frame in watch(Frame(now / fps, value, 0.1))]
    found += [(frame, round(frame.time_s * fps) + 99) for frame in watch.release()]
    return [(frame.progress, now - round(frame.time_s * fps)) for frame, now in found]


@pytest.mark.parametrize("fps", [12.0, 25.0, 60.0])
@pytest.mark.parametrize("tempo_s", [0.5, 2.0, 8.0])
def test_what_a_body_does_is_taken_in_at_once(tempo_s: float, fps: float) -> None:
    _, amounts = cosine(3, tempo_s=tempo_s, fps=fps)
    assert passed(*amounts, fps=fps) == [(value, 0) for value in amounts]


@pytest.mark.parametrize("lasts", [1, 2, 4])
@pytest.mark.parametrize("there", [0.0, 0.3])
def test_what_leaps_and_is_back_at_once_is_dropped(lasts: int, there: float) -> None:
    assert passed(1.0, *[there] * lasts, 0.9, 0.8) == [(1.0, 0), (0.9, 0), (0.8, 0)]


def test_what_stays_where_it_leaped_to_is_believed_after_a_fifth_of_a_second() -> None:
    late = [(value, 5 - number) for number, value in enumerate([0.0, 0.1, 0.0, 0.1, 0.0, 0.1])]
    assert passed(1.0, 0.0, 0.1, 0.0, 0.1, 0.0, 0.1, 0.2) == [(1.0, 0), *late, (0.2, 0)]


def test_what_leaps_at_the_end_is_given_out_then() -> None:
    assert passed(1.0, 0.0, 0.1) == [(1.0, 0), (0.0, 99), (0.1, 99)]


def test_frames_in_which_nothing_is_seen() -> None:
    nan = math.nan
    shown = [value for value, _ in passed(nan, 1.0, nan, 0.0, nan, 1.0, nan)]
    np.testing.assert_equal(shown, [nan, 1.0, nan, 1.0, nan])
    # A leap that is not seen again is believed once it has been so long ago.
    shown = [value for value, _ in passed(1.0, 0.0, *[nan] * 6)]
    np.testing.assert_equal(shown, [1.0, 0.0, nan, nan])


def test_after_a_long_gap_nothing_is_a_leap() -> None:
    watch = LeapWatch()
    assert [len(watch(Frame(time_s, value, 0.1))) for time_s, value in [(0.0, 1.0), (1.2, 0.0), (1.24, 0.1)]] == [
        1,
        1,
        1,
    ]


def test_an_arm_that_is_lost_for_a_moment_at_the_top_makes_one_rep_of_one() -> None:
    times, amounts = cosine(3, tempo_s=3.0, fps=FPS)
    top = int(np.argmax(amounts))
    amounts[top + 4 : top + 7] = 0.0
    *_, last = stages("bicep_curls", curl, times, amounts)
    assert len(last.reps) == 3
