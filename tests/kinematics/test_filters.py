"""Laws of the One-Euro filter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepfit_nb.kinematics import OneEuro, smoothed


def run(values: np.ndarray, fps: float = 25.0, **settings: float) -> np.ndarray:
    """The filter over (T,) values at an even rate."""
    one_euro = OneEuro(**settings)
    return np.array([one_euro.update(i / fps, np.array([value]))[0] for i, value in enumerate(values)])


@pytest.mark.parametrize("value", [0.0, -3.5, 180.0])
def test_a_constant_stays_what_it_is(value: float) -> None:
    np.testing.assert_array_equal(run(np.full(50, value)), value)


def test_a_step_is_reached_without_overshoot() -> None:
    out = run(np.concatenate([np.zeros(5), np.full(100, 90.0)]))
    assert (np.diff(out) >= 0).all()
    assert out[5] < 90
    assert out[-1] == pytest.approx(90, abs=0.1)


def test_jitter_at_rest_is_reduced() -> None:
    noise = np.random.default_rng(0).normal(0, 1, 500)
    assert run(noise, beta=0.0)[50:].std() < 0.5 * noise.std()


def test_a_quick_movement_lags_less_with_beta() -> None:
    ramp = np.arange(50) * 20.0
    slow, quick = run(ramp, beta=0.0), run(ramp, beta=0.05)
    assert ramp[-1] - quick[-1] < 0.5 * (ramp[-1] - slow[-1])


@pytest.mark.parametrize("fps", [15, 60, 120])
def test_the_frame_rate_hardly_matters(fps: int) -> None:
    def at(rate: int) -> np.ndarray:
        times = np.arange(0, 4, 1 / rate)
        return run(60 * (1 - np.cos(np.pi * times)), rate)[:: rate // 15]

    np.testing.assert_allclose(at(fps), at(30), atol=6)  # of a swing of 120


def test_each_element_is_on_its_own() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(0, 10, (40, 3))
    together = OneEuro()
    out = np.array([together.update(i / 25, row) for i, row in enumerate(values)])
    for column in range(3):
        np.testing.assert_allclose(out[:, column], run(values[:, column]))


def test_a_short_drop_out_is_bridged_and_a_long_one_forgotten() -> None:
    def after(gap_s: float) -> float:
        one_euro = OneEuro(reset_s=0.5)
        for i in range(25):
            one_euro.update(i / 25, np.array([10.0]))
        assert np.isnan(one_euro.update(1.0, np.array([np.nan]))[0])
        return float(one_euro.update(0.96 + gap_s, np.array([20.0]))[0])

    assert 10 < after(0.12) < 20
    assert after(1.0) == 20


def test_an_element_that_is_unknown_at_first_begins_with_its_first_value() -> None:
    one_euro = OneEuro()
    one_euro.update(0.0, np.array([np.nan, 1.0]))
    np.testing.assert_array_equal(one_euro.update(0.04, np.array([7.0, 1.0])), [7.0, 1.0])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=60))
def test_the_output_never_leaves_the_range_of_what_came_in(values: list[float]) -> None:
    out = run(np.array(values))
    assert out.min() >= min(values) - 1e-9
    assert out.max() <= max(values) + 1e-9


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-200, 200), min_size=2, max_size=40), st.floats(-1e3, 1e3))
def test_an_offset_passes_through(values: list[float], offset: float) -> None:
    np.testing.assert_allclose(run(np.array(values) + offset), run(np.array(values)) + offset, atol=1e-6)


EVEN_S = np.arange(0, 4, 0.04)


@pytest.mark.parametrize("slope", [0.0, 90.0, -200.0])
def test_in_hindsight_a_steady_movement_is_what_it_was(slope: float) -> None:
    line = slope * EVEN_S[:, None]
    np.testing.assert_allclose(smoothed(EVEN_S, line)[5:-5], line[5:-5], atol=1e-9)


def test_in_hindsight_nothing_lags_and_little_is_taken_off() -> None:
    wave = np.sin(2 * np.pi * EVEN_S)
    out = smoothed(EVEN_S, wave[:, None])[:, 0]
    np.testing.assert_allclose(out[5:-5], np.exp(-0.5 * (2 * np.pi * 0.05) ** 2) * wave[5:-5], atol=0.01)


def test_in_hindsight_jitter_is_reduced() -> None:
    noise = np.random.default_rng(0).normal(0, 1, (500, 1))
    assert smoothed(np.arange(500) / 25, noise).std() < 0.7


@pytest.mark.parametrize(("lost", "bridged"), [(6, True), (7, False)])
def test_in_hindsight_a_short_drop_out_is_bridged(lost: int, bridged: bool) -> None:
    values = EVEN_S.copy()
    values[20 : 20 + lost] = np.nan
    out = smoothed(EVEN_S, np.stack([values, EVEN_S], axis=1))
    assert np.isfinite(out[:, 0]).sum() == len(values) - (0 if bridged else lost)
    if bridged:
        np.testing.assert_allclose(out[5:-5, 0], EVEN_S[5:-5], atol=1e-9)
    np.testing.assert_allclose(out[5:-5, 1], EVEN_S[5:-5], atol=1e-9)


def test_in_hindsight_the_ends_and_what_was_never_known_stay_unknown() -> None:
    values = np.full((len(EVEN_S), 2), np.nan)
    values[10:-10, 0] = 5.0
    out = smoothed(EVEN_S, values)
    assert np.isnan(out[:10]).all()
    assert np.isnan(out[-10:]).all()
    assert np.isnan(out[:, 1]).all()
    np.testing.assert_allclose(out[10:-10, 0], 5.0)


def test_smoothing_nothing_gives_nothing() -> None:
    assert smoothed(np.zeros(0), np.zeros((0, 9))).shape == (0, 9)
