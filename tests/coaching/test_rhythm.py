"""Steady movements, and others, in signals that are known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepfit_nb.coaching.points import Point
from deepfit_nb.coaching.rhythm import steady_between, steady_within, turning_points
from tests.factories import cosine

Points = list[Point]


def points(progress: np.ndarray, fps: float = 25.0) -> Points:
    """A signal with its times."""
    return [Point(index / fps, float(value)) for index, value in enumerate(progress)]


def swings(*heights: float, each_s: float = 1.0) -> Points:
    """There and back through these ranges, one after the other, from 0."""
    one = (1 - np.cos(np.linspace(0, 2 * np.pi, round(25 * each_s), endpoint=False))) / 2
    return points(np.concatenate([height * one for height in heights] + [np.zeros(5)]))


@pytest.mark.parametrize(("least", "found"), [(0.1, [0, 1, 0.7, 0.9, 0.2]), (0.25, [0, 1, 0.2]), (2.0, [])])
def test_turning_points_are_those_the_signal_came_back_from(least: float, found: list[float]) -> None:
    corners = [0, 1, 0.7, 0.9, 0.2, 0.6]
    path = np.concatenate([np.linspace(a, b, 20, endpoint=False) for a, b in pairwise(corners)])
    turns = turning_points(points(path), least)
    assert [turn.progress for turn in turns] == pytest.approx(found, abs=0.06)
    assert [turn.high for turn in turns] == [value >= 0.85 or value == 1 for value in found]


@given(st.lists(st.floats(0, 1), max_size=60), st.floats(0.05, 0.5))
def test_turning_points_are_high_and_low_by_turns_and_far_enough_apart(values: list[float], least: float) -> None:
    turns = turning_points(points(np.array(values)), least)
    for before, after in pairwise(turns):
        assert before.time_s < after.time_s
        assert before.high is not after.high
        assert abs(after.progress - before.progress) >= least


@pytest.mark.parametrize(
    ("heights", "low_s"),
    [
        pytest.param((0.3,) * 3, 0.0, id="alike"),
        pytest.param((0.3, 0.4, 0.3, 0.35), 1.0, id="about alike"),
        pytest.param((0.3,) * 2, None, id="too few"),
        pytest.param((0.9, 0.25, 0.3), None, id="one far wider"),
        pytest.param((0.9, 0.25, 0.3, 0.25), 1.0, id="alike after one far wider"),
        pytest.param((0.15,) * 6, None, id="too small"),
    ],
)
def test_a_steady_movement_between_reps(heights: tuple[float, ...], low_s: float | None) -> None:
    low = steady_between(swings(*heights), jitter=0.0, shortest_s=0.4)
    assert (low and low[0]) == pytest.approx(low_s, abs=0.1)


@pytest.mark.parametrize(("jitter", "steady"), [(0.03, True), (0.06, False)])
def test_it_is_no_movement_that_the_jitter_might_make(jitter: float, steady: bool) -> None:
    assert (steady_between(swings(*(0.3,) * 5), jitter, 0.4) is not None) is steady


@pytest.mark.parametrize(("each_s", "steady"), [(0.5, True), (0.3, False)])
def test_it_is_no_quicker_than_a_rep(each_s: float, steady: bool) -> None:
    assert (steady_between(swings(*(0.3,) * 6, each_s=each_s), 0.0, 0.4) is not None) is steady


@pytest.mark.parametrize(
    ("rest", "reps", "tempo_s", "steady"),
    [
        pytest.param(0.55, 3, 1.0, True, id="three that come back by nearly half"),
        pytest.param(0.55, 2, 1.0, False, id="two"),
        pytest.param(0.7, 4, 1.0, True, id="four that come back by a third"),
        pytest.param(0.7, 3, 1.0, False, id="three"),
        pytest.param(0.7, 3, 2.0, True, id="three, too slow for pulses"),
        pytest.param(0.8, 8, 2.0, False, id="many that come back by a fifth"),
    ],
)
def test_a_steady_movement_within_a_rep_in_progress(rest: float, reps: int, tempo_s: float, steady: bool) -> None:
    times, amounts = cosine(reps, tempo_s=tempo_s, tail_s=0.0)
    signal = np.where(times < 0.8, 0.0, rest + (1 - rest) * amounts)
    low = steady_within(list(zip(times.tolist(), signal.tolist(), strict=True)), 1.0, 0.0, 0.4)
    assert (low is not None) is steady
    if low is not None:
        assert low[1] == pytest.approx(rest, abs=0.05)
