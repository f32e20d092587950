import numpy as np
import pytest

from deepfit_nb.training.metrics import (
    confusion,
    expected_calibration_error,
    fit_temperature,
    softmax,
    wilson_interval,
)


def test_confusion_counts_rows_as_truth() -> None:
    table = confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    np.testing.assert_array_equal(table, [[1, 1], [0, 1]])


def test_calibration_error_of_a_boaster_and_of_an_honest_one() -> None:
    rng = np.random.default_rng(0)
    true = rng.integers(2, size=20_000)
    boaster = np.where(rng.random(20_000) < 0.7, true, 1 - true)
    sure = np.eye(2)[boaster]
    assert expected_calibration_error(sure, true) == pytest.approx(0.3, abs=0.02)
    assert expected_calibration_error(sure * 0.4 + 0.3, true) < 0.02


def test_temperature_finds_how_overconfident_logits_are() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 1.5, (20_000, 4))
    true = np.array([rng.choice(4, p=row) for row in softmax(logits)])
    assert fit_temperature(logits * 3, true) == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize(("right", "total", "low", "high"), [(0, 0, 0, 1), (10, 10, 0.722, 1), (50, 100, 0.404, 0.596)])
def test_wilson_interval(right: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(right, total) == pytest.approx((low, high), abs=1e-3)
