"""The rep counter on signals whose reps are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.counter import RepCounter
from deepfit_nb.coaching.habit import Habit
from tests.factories import cosine, edges


def count(times: np.ndarray, progress: np.ndarray, *, arms: bool = False) -> list[CountedRep]:
    """The reps found in a signal, of one of two arms or of the whole body."""
    counter = RepCounter(0.4, 12.0, habit=Habit(arms=arms))
    found: list[CountedRep] = []
    for time_s, value in zip(times.tolist(), progress.tolist(), strict=True):
        rep = counter.update(time_s, value, 0.05)
        found += [rep] if rep is not None else counter.recount(found[-1].end_s if found else -math.inf)
    return found


@pytest.mark.parametrize("tempo_s", [0.8, 2.0, 5.0])
@pytest.mark.parametrize("fps", [12, 25, 60])
@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_every_cycle_is_one_rep_with_its_edges(tempo_s: float, fps: int, noise: float) -> None:
    times, amounts = cosine(6, tempo_s=tempo_s, fps=fps)
    reps = count(times, amounts + np.random.default_rng(0).normal(0, noise, len(times)))
    borders = edges(6, tempo_s=tempo_s)
    # Where a movement sets out slowly, jitter hides when it did.
    tolerance = 0.1 + 1 / fps + (0.1 if noise else 0.03) * tempo_s
    assert len(reps) == 6
    assert [rep.start_s for rep in reps] == pytest.approx(borders[:-1].tolist(), abs=tolerance)
    assert [rep.end_s for rep in reps] == pytest.approx(borders[1:].tolist(), abs=tolerance)
    assert [rep.peak_s for rep in reps] == pytest.approx((borders[:-1] + tempo_s / 2).tolist(), abs=0.2 * tempo_s)
    assert all(rep.span == pytest.approx(1, abs=0.05 + 5 * noise) for rep in reps)


@pytest.mark.parametrize("offset", [-0.15, 0.15])
@pytest.mark.parametrize("height", [0.6, 1.3])
def test_neither_an_offset_nor_the_persons_range_matters(offset: float, height: float) -> None:
    times, amounts = cosine(5)
    assert len(count(times, offset + height * amounts)) == 5


@pytest.mark.parametrize(("rest_s", "counted"), [(10.0, 2), (2.0, 0)])
def test_small_reps_after_large_ones_count_once_there_was_a_rest(rest_s: float, counted: int) -> None:
    """Sways between large reps are none; what comes after a rest is another set."""
    large_s, large = cosine(5, tail_s=rest_s)
    small_s, small = cosine(2)
    times = np.concatenate([large_s, large_s[-1] + 0.04 + small_s])
    assert len(count(times, np.concatenate([large, 0.3 * small]))) == 5 + counted


@pytest.mark.parametrize("noise", [0.02, 0.05])
@pytest.mark.parametrize("level", [0.0, 0.3])
def test_jitter_alone_is_no_rep(noise: float, level: float) -> None:
    times = np.arange(0, 60, 1 / 25)
    assert not count(times, level + np.random.default_rng(0).normal(0, noise, len(times)))


@pytest.mark.parametrize("fps", [8, 30, 60])
def test_jitter_is_known_as_soon_at_any_frame_rate(fps: int) -> None:
    """After a second and a half of it, a rise of a fifth means nothing; without it, it begins a rep."""
    for noise, begun in ((0.012, False), (0.0, True)):
        counter = RepCounter(min_rep_s=0.4, max_rep_s=12.0)
        frames = round(1.5 * fps)
        for index in range(frames + 1):
            counter.update(index / fps, noise * (-1) ** index if index < frames else 0.2, 0.05)
        assert counter.rising is begun


def test_a_slow_drift_is_no_rep() -> None:
    times = np.arange(0, 60, 1 / 25)
    assert not count(times, 0.3 * times / 60)


@pytest.mark.parametrize("dip", [0.1, 0.3, 0.45])
def test_a_bounce_at_the_far_end_counts_once(dip: float) -> None:
    times, amounts = cosine(4, tempo_s=3.0)
    phase = np.mod(np.clip(times - 1, 0, 12 - 1e-9), 3.0) / 3.0
    bounce = dip * np.maximum(0, np.cos(2 * np.pi * (phase - 0.5) * 3)) * (np.abs(phase - 0.5) < 0.25)
    assert len(count(times, amounts - bounce)) == 4


@pytest.mark.parametrize("glitch", [0.0, -0.2])
@pytest.mark.parametrize("back_to", [0.35, 0.5])
def test_who_does_not_come_all_the_way_back_does_reps_all_the_same(glitch: float, back_to: float) -> None:
    """As of a body that was seen too low when it came into view, and of sit-ups that end half-way down."""
    times, amounts = cosine(5)
    signal = np.where(times < 2, glitch + (1 - glitch) * amounts, back_to + (1 - back_to) * amounts)
    signal = np.where(times > 10, amounts, signal)
    reps = count(times, signal)
    assert [round(rep.peak_s) for rep in reps] == [2, 4, 6, 8, 10]


@pytest.mark.parametrize("rest", [0.3, 0.5])
@pytest.mark.parametrize("lead_s", [1.2, 2.5])
def test_the_way_into_the_start_position_is_no_part_of_the_first_rep(rest: float, lead_s: float) -> None:
    """As of arms that are lifted behind the head first, and of a step into the lunge: no rep comes back so far."""
    times, amounts = cosine(4, tempo_s=2.4, lead_s=lead_s)
    lifted = np.where(times < lead_s - 0.8, -0.2, rest)
    reps = count(times, np.where(times < lead_s, lifted, rest + (1 - rest) * amounts))
    assert [rep.peak_s for rep in reps] == pytest.approx([lead_s + 1.2 + 2.4 * i for i in range(4)], abs=0.15)
    assert [rep.span for rep in reps] == pytest.approx([1 - rest] * 4, abs=0.1)


@pytest.mark.parametrize("fps", [10, 30])
@pytest.mark.parametrize(("rest", "reps"), [(0.55, 5), (0.7, 6)])
def test_reps_far_from_the_position_that_the_body_came_from_count(rest: float, reps: int, fps: int) -> None:
    """As of arms raised from the sides to press overhead: each rep comes back by less than half of the first rise."""
    times, amounts = cosine(reps, fps=fps, lead_s=3.0)
    signal = np.where(times < 2.0, 0.0, rest + (1 - rest) * amounts)
    counted = count(times, np.where(times > 2.9 + 2 * reps, 0.0, signal))
    assert [rep.peak_s for rep in counted] == pytest.approx([4 + 2 * i for i in range(reps)], abs=0.2)
    assert [rep.span for rep in counted[:-1]] == pytest.approx([1 - rest] * (reps - 1), abs=0.1)


@pytest.mark.parametrize(("reps", "counted"), [(6, 7), (2, 1)])
def test_reps_after_a_first_movement_beside_which_they_are_small_count_once_they_go_on(reps: int, counted: int) -> None:
    """As of rows, once the weights are picked up; two such movements may be anything."""
    lifted_s, lifted = cosine(1)
    times, amounts = cosine(reps)
    signal = np.concatenate([1.2 * lifted, 0.24 * amounts])
    assert len(count(np.concatenate([lifted_s, lifted_s[-1] + 0.04 + times]), signal, arms=True)) == counted


@pytest.mark.parametrize("rest", [0.55, 0.65])
def test_reps_of_a_stream_that_begins_and_stays_half_way_out_count(rest: float) -> None:
    times, amounts = cosine(12, lead_s=0.0)
    assert len(count(times, rest + 0.27 * amounts)) >= 10


@pytest.mark.parametrize("height", [0.3, 0.4, 0.5])
def test_swaying_out_there_by_less_than_any_rep_is_none(height: float) -> None:
    times, amounts = cosine(8)
    assert not count(times, np.where(times < 0.8, 0.0, height * (1 - 0.27 * (1 - amounts))))


@pytest.mark.parametrize("dip", [0.15, 0.22])
def test_pulses_at_the_far_end_are_one_rep(dip: float) -> None:
    times, amounts = cosine(3, tempo_s=5.0)
    phase = np.mod(times - 1, 5.0)
    pulses = dip * np.sin(np.pi * (phase - 1.75)) ** 2 * ((phase > 1.75) & (phase < 3.75))
    assert len(count(times, np.minimum(1.3 * amounts, 1) - pulses)) == 3


@pytest.mark.parametrize(("error", "counted"), [(0.05, 2), (0.2, 1)])
def test_a_limb_that_is_hardly_seen_may_seem_to_come_half_way_back(error: float, counted: int) -> None:
    times, amounts = cosine(1, tempo_s=8.0)
    seeming = 0.55 * np.sin(np.pi * np.clip((times - 4) / 2, 0, 1)) ** 2
    counter = RepCounter(0.4, 12.0, "left")
    found = [counter.update(t, p, error) for t, p in zip(times.tolist(), (amounts - seeming).tolist(), strict=True)]
    assert sum(rep is not None for rep in found) == counted


@pytest.mark.parametrize(("held_s", "counted"), [(0.4, 4), (0.04, 0)])
def test_a_quick_fall_after_the_far_end_was_held_is_a_rep_and_a_landmark_that_jumps_is_none(
    held_s: float, counted: int
) -> None:
    times = np.arange(0, 9, 1 / 25)
    assert len(count(times, np.where((times > 1) & (np.mod(times, 2) < held_s), 0.9, 0.0))) == counted


def test_slow_reps_are_no_rest_after_which_a_jerk_would_count() -> None:
    slow_s, slow = cosine(4, tempo_s=10.0)
    jerk_s, jerk = cosine(1, tempo_s=0.8)
    assert len(count(np.concatenate([slow_s, slow_s[-1] + 0.04 + jerk_s]), np.concatenate([slow, jerk]))) == 4


def test_small_reps_after_a_single_far_too_wide_one_count() -> None:
    times, amounts = cosine(6)
    assert len(count(times, np.where(times < 3, 1.1, 0.25) * amounts)) == 6


@pytest.mark.parametrize("missing", [(3,), (5,), (3, 5, 7)])
def test_the_moments_of_a_rep_follow_one_another_where_its_end_was_not_seen(missing: tuple[int, ...]) -> None:
    times, amounts = cosine(5)
    seen = ~np.any([(times > at - 0.55) & (times < at + 0.45) for at in missing], axis=0)
    reps = count(times[seen], amounts[seen])
    assert len(reps) == 5
    for rep in reps:
        assert rep.start_s <= rep.up_s <= rep.peak_s <= rep.down_s <= rep.end_s
    assert [rep.peak_s for rep in reps] == pytest.approx([2, 4, 6, 8, 10], abs=0.15)


def test_who_leaves_in_the_middle_of_a_rep_does_not_do_it_for_ever() -> None:
    times, amounts = cosine(3)
    counter = RepCounter(0.4, 12.0)
    for t, p in zip(times[times < 6].tolist(), amounts[times < 6].tolist(), strict=True):
        counter.update(t, p, 0.05)
    counter.lose(8.0)
    assert counter.rising
    counter.lose(9.5)
    assert not counter.rising


@pytest.mark.parametrize(("away_s", "counted"), [(1.0, 2), (4.0, 1), (9.0, 1)])
def test_who_goes_out_of_the_picture_in_mid_rep_and_comes_back_at_rest_did_it_only_if_that_was_quick(
    away_s: float, counted: int
) -> None:
    times, amounts = cosine(2, tail_s=20)
    left = (times < 4.0) | (times > 4.0 + away_s)  # at the far end of the second
    assert len(count(times[left], amounts[left])) == counted


def test_a_hold_at_either_end_is_part_of_the_rep() -> None:
    half = (1 - np.cos(np.linspace(0, np.pi, 25))) / 2
    one = np.concatenate([half, np.ones(50), half[::-1], np.zeros(50)])
    signal = np.concatenate([np.zeros(25), np.tile(one, 3)])
    assert len(count(np.arange(len(signal)) / 25, signal)) == 3


def test_a_half_rep_is_found_with_its_smaller_range() -> None:
    times, amounts = cosine(5)
    third = (times > 5) & (times < 7)
    reps = count(times, np.where(third, 0.5 * amounts, amounts))
    assert [round(rep.span, 1) for rep in reps] == pytest.approx([1, 1, 0.5, 1, 1], abs=0.1)


@pytest.mark.parametrize("skipped_s", [0.2, 0.5, 0.7, 1.3])
def test_a_stream_that_begins_in_mid_rep_gains_at_most_that_rep(skipped_s: float) -> None:
    times, amounts = cosine(4, lead_s=0.0)
    late = times >= skipped_s
    reps = count(times[late], amounts[late])
    whole = edges(4, lead_s=0.0)[1:-1]
    assert len(reps) in (3, 4)
    assert [rep.start_s for rep in reps[-3:]] == pytest.approx(whole.tolist(), abs=0.25)


@pytest.mark.parametrize("from_s", [2.2, 2.9, 3.4])
def test_a_second_without_frames_loses_nothing_and_adds_nothing(from_s: float) -> None:
    times, amounts = cosine(5, tempo_s=2.5)
    seen = (times < from_s) | (times > from_s + 1)
    assert len(count(times[seen], amounts[seen])) == 5


@pytest.mark.parametrize(("tempo_s", "from_s"), [(2.0, 2.45), (2.0, 2.55), (1.6, 2.1), (2.2, 4.9), (2.2, 2.3)])
def test_a_return_that_falls_into_a_second_without_frames_still_parts_two_reps(tempo_s: float, from_s: float) -> None:
    times, amounts = cosine(5, tempo_s=tempo_s)
    seen = (times < from_s) | (times > from_s + 1)
    reps = count(times[seen], amounts[seen])
    borders = edges(5, tempo_s=tempo_s)
    assert len(reps) == 5
    assert [rep.start_s for rep in reps] == pytest.approx(borders[:-1].tolist(), abs=0.5)
    assert [rep.end_s for rep in reps] == pytest.approx(borders[1:].tolist(), abs=0.5)


def test_a_hold_at_the_far_end_with_a_gap_in_it_is_one_rep() -> None:
    half = (1 - np.cos(np.linspace(0, np.pi, 25))) / 2
    signal = np.concatenate([np.zeros(25), half, np.ones(75), half[::-1], np.zeros(25)])
    times = np.arange(len(signal)) / 25
    seen = (times < 2.5) | (times > 3.5)
    assert len(count(times[seen], signal[seen])) == 1


def test_a_turn_hidden_for_most_of_a_usual_rep_is_a_turn() -> None:
    """Quick reps: seen high, then not for almost a whole rep, then high again."""
    times, amounts = cosine(6, tempo_s=1.1)
    seen = (times < 4.9) | (times > 5.9)
    assert len(count(times[seen], amounts[seen])) == 6


def test_a_rep_that_is_lost_from_sight_stays_as_it_is_known() -> None:
    times, amounts = cosine(2)
    counter = RepCounter(0.4, 12.0)
    seen = times < 4.75
    counted = [counter.update(t, p, 0.05) for t, p in zip(times[seen].tolist(), amounts[seen].tolist(), strict=True)]
    (_, last) = [rep for rep in counted if rep is not None]
    counter.lose(5.0)
    assert not last.settled
    counter.lose(6.5)
    assert last.settled


@pytest.mark.parametrize(("until_s", "counts"), [(4.0, False), (4.55, True)])
def test_a_rep_whose_way_back_is_cut_off_by_the_end_of_the_stream(until_s: float, counts: bool) -> None:
    """The second rep is at its far end after 4 s and half-way back after 4.5 s."""
    times, amounts = cosine(2)
    counter = RepCounter(0.4, 12.0)
    seen = times < until_s
    for t, p in zip(times[seen].tolist(), amounts[seen].tolist(), strict=True):
        counter.update(t, p, 0.05)
    assert (counter.finish() is not None) == counts


def test_frames_in_which_nothing_is_known_change_nothing() -> None:
    times, amounts = cosine(4)
    holes = amounts.copy()
    holes[::3] = np.nan
    assert len(count(times, holes)) == 4


def test_a_landmark_that_jumps_for_a_moment_is_no_rep() -> None:
    times, amounts = cosine(3, lead_s=4)
    jumpy = amounts.copy()
    jumpy[50:54] = 1.0
    assert len(count(times, jumpy)) == 3


def test_sitting_down_is_no_rep_and_what_comes_after_counts() -> None:
    times, amounts = cosine(3, lead_s=21)
    seated = np.clip((times - 1) / 0.8, 0, 1) - np.clip((times - 18) / 0.8, 0, 1)
    reps = count(times, np.maximum(amounts, seated))
    assert [rep.start_s for rep in reps if rep.start_s > 20] == pytest.approx([21, 23, 25], abs=0.25)
    assert len(reps) == 3


@settings(max_examples=25, deadline=None)
@given(
    reps=st.integers(1, 8),
    tempo_s=st.floats(0.7, 6),
    fps=st.floats(10, 60),
    later_s=st.floats(0, 1e5),
    seed=st.integers(0, 99),
)
def test_counts_depend_neither_on_the_clock_nor_on_uneven_frames(
    reps: int, tempo_s: float, fps: float, later_s: float, seed: int
) -> None:
    times, _ = cosine(reps, tempo_s=tempo_s, fps=fps)
    uneven = times + np.random.default_rng(seed).uniform(0, 0.4 / fps, len(times))
    amounts = (1 - np.cos(2 * np.pi * np.clip((uneven - 1) / tempo_s, 0, reps))) / 2
    now, later = count(uneven, amounts), count(uneven + later_s, amounts)
    assert len(now) == len(later) == reps
    assert [rep.end_s + later_s for rep in now] == pytest.approx([rep.end_s for rep in later], abs=1e-3)
