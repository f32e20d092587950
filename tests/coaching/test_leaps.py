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
    """Of each frame that is taken in, its progress and how many frames later than it came."""
    watch, found = LeapWatch(), []
    for now, value in enumerate(progress):
        found += [(frame.progress, now - round(frame.time_s * fps)) for frame in watch(Frame(now / fps, value, 0.1))]
    return found


@pytest.mark.parametrize("fps", [12.0, 25.0, 60.0])
@pytest.mark.parametrize("tempo_s", [0.5, 2.0, 8.0])
def test_what_a_body_does_is_taken_in_at_once(tempo_s: float, fps: float) -> None:
    _, amounts = cosine(3, tempo_s=tempo_s, fps=fps)
    assert passed(*amounts, fps=fps) == [(value, 0) for value in amounts]


@pytest.mark.parametrize(("fps", "lasts"), [(12.0, 1), (12.0, 2), (25.0, 1), (25.0, 4), (60.0, 1), (60.0, 11)])
@pytest.mark.parametrize(("here", "there"), [(1.0, 0.1), (0.0, 0.9)])
def test_what_leaps_and_is_back_at_once_is_dropped(here: float, there: float, fps: float, lasts: int) -> None:
    assert passed(here, *[there] * lasts, 0.9 * here, 0.8 * here, fps=fps) == [
        (here, 0), (0.9 * here, 0), (0.8 * here, 0)
    ]  # fmt: skip


def test_what_stays_where_it_leaped_to_is_believed_after_a_fifth_of_a_second() -> None:
    late = [(value, 5 - number) for number, value in enumerate([0.0, 0.1, 0.0, 0.1, 0.0, 0.1])]
    assert passed(1.0, 0.0, 0.1, 0.0, 0.1, 0.0, 0.1, 0.2) == [(1.0, 0), *late, (0.2, 0)]


def test_what_leaps_and_goes_on_from_there_is_believed_from_the_leap_on() -> None:
    onward = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
    assert [value for value, _ in passed(0.0, *onward)] == [0.0, *onward]


def test_what_is_old_when_it_is_seen_to_be_back_was_real() -> None:
    assert [value for value, _ in passed(1.0, 0.0, 0.0, 1.0, fps=8.0)] == [1.0, 0.0, 0.0, 1.0]


def test_a_body_that_is_lost_after_a_leap_was_seen_wrongly() -> None:
    nan = math.nan
    shown = [value for value, _ in passed(nan, 1.0, nan, 0.0, nan, 1.0, 0.0, *[nan] * 6)]
    np.testing.assert_equal(shown, [nan, 1.0, nan, nan, 1.0, *[nan] * 6])


def test_after_a_long_gap_nothing_is_a_leap() -> None:
    watch = LeapWatch()
    assert [len(watch(Frame(time_s, value, 0.1))) for time_s, value in [(0.0, 1.0), (1.2, 0.0), (1.24, 0.1)]] == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize("fps", [12.0, 25.0, 60.0])
def test_an_arm_that_is_taken_for_something_else_for_a_moment_at_the_top_makes_one_rep_of_one(fps: float) -> None:
    times, amounts = cosine(3, tempo_s=3.0, fps=fps)
    top = int(np.argmax(amounts))
    amounts[top + 1 : top + 1 + round(0.12 * fps)] = 0.0
    *_, last = stages("bicep_curls", curl, times, amounts)
    assert len(last.reps) == 3


@pytest.mark.parametrize("wrong", [0, 1, 3])
def test_a_stream_that_ends_with_an_arm_seen_wrongly_gains_no_rep(wrong: int) -> None:
    times, amounts = cosine(3, tempo_s=3.0, fps=FPS)
    top = len(times) - int(np.argmax(amounts[::-1])) - 1
    amounts[top + 1 : top + 1 + wrong] = 0.0
    *_, last = stages("bicep_curls", curl, times[: top + 1 + wrong], amounts[: top + 1 + wrong])
    last.finish()
    assert len(last.reps) == 2
