"""Progress: 0 at rest, 1 at the far end, led by what is seen best."""

from __future__ import annotations

import math

import numpy as np
import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.definition import Signal, SignalMeasure
from deepfit_nb.coaching.progress import ProgressSignal
from deepfit_nb.kinematics.measures import INDEX, MEASURES
from deepfit_nb.kinematics.stretch import Side, Stretch

TWO = Signal(
    joint="elbow",
    sides="each",
    first="concentric",
    measures=(
        SignalMeasure(measure="elbow", rest=160, peak=60),
        SignalMeasure(measure="forearm_height", rest=-1, peak=1),
    ),
)


def frame(errors: float | dict[str, float] = 1.0, **values: float) -> tuple[np.ndarray, np.ndarray]:
    """Measures by name, and their expected errors; all others are unknown."""
    value, error = np.full(len(MEASURES), np.nan), np.full(len(MEASURES), 1.0)
    for name, number in values.items():
        value[INDEX[name]] = number
        error[INDEX[name]] = errors.get(name, 1.0) if isinstance(errors, dict) else errors
    return value, error


@pytest.mark.parametrize("name", sorted(builtin_exercises()))
@pytest.mark.parametrize(("part", "expected"), [("rest", 0.0), ("peak", 1.0)])
def test_every_exercise_goes_from_0_to_1(name: str, part: str, expected: float) -> None:
    signal = builtin_exercises()[name].signal
    values = {}
    for one in signal.measures:
        for column in (one.measure, f"{one.measure}_left", f"{one.measure}_right"):
            if column in INDEX:
                values[column] = getattr(one, part)
    assert ProgressSignal(signal)(*frame(**values)).value == pytest.approx(expected)


def test_between_them_it_is_in_proportion_and_beyond_it_goes_on() -> None:
    progress = ProgressSignal(TWO, "left")
    assert progress(*frame(elbow_left=110)).value == pytest.approx(0.5)
    assert progress(*frame(elbow_left=40)).value == pytest.approx(1.2)
    assert progress(*frame(elbow_left=170)).value == pytest.approx(-0.1)


def test_the_measure_that_is_seen_better_leads() -> None:
    values = {"elbow_left": 160.0, "forearm_height_left": 1.0}  # the first says 0, the second 1
    progress = ProgressSignal(TWO, "left")
    first = progress(*frame({"elbow_left": 2.0, "forearm_height_left": 0.5}, **values))
    second = progress(*frame({"elbow_left": 60.0, "forearm_height_left": 0.02}, **values))
    assert first.value < 0.05
    assert second.value > 0.95


@pytest.mark.parametrize(
    ("doubt", "value", "error"), [(1.0, 0.5, 0.1 / math.sqrt(2)), (3.0, 0.1, 0.1 * math.sqrt(0.9))]
)
def test_a_measure_that_is_doubted_counts_as_one_that_is_seen_worse(doubt: float, value: float, error: float) -> None:
    first, second = TWO.measures
    signal = TWO.model_copy(update={"measures": (first, second.model_copy(update={"doubt": doubt}))})
    seen = frame({"elbow_left": 10.0, "forearm_height_left": 0.2}, elbow_left=160.0, forearm_height_left=1.0)
    assert ProgressSignal(signal, "left")(*seen) == pytest.approx((value, error))


def test_two_measures_are_surer_than_one() -> None:
    progress = ProgressSignal(TWO, "left")
    one = progress(*frame({"elbow_left": 10.0}, elbow_left=110.0))
    two = progress(*frame({"elbow_left": 10.0, "forearm_height_left": 0.2}, elbow_left=110.0, forearm_height_left=0.0))
    assert one.error == pytest.approx(0.1)
    assert two.error == pytest.approx(0.1 / math.sqrt(2))


def test_a_side_does_not_see_the_other() -> None:
    values = {"elbow_left": 160.0, "elbow_right": 60.0}
    assert ProgressSignal(TWO, "left")(*frame(**values)).value == pytest.approx(0)
    assert ProgressSignal(TWO, "right")(*frame(**values)).value == pytest.approx(1)
    assert ProgressSignal(TWO, "both")(*frame(**values)).value == pytest.approx(0.5)


def test_where_nothing_is_seen_nothing_is_known() -> None:
    value, error = ProgressSignal(TWO, "left")(*frame(elbow_right=100))
    assert math.isnan(value)
    assert error == math.inf


@pytest.mark.parametrize("side", ["left", "right", "both"])
@pytest.mark.parametrize("doubt", [1.0, 4.0])
def test_a_stretch_has_the_progress_of_its_frames(side: Side, doubt: float) -> None:
    rng = np.random.default_rng(0)
    values, errors = rng.normal(60, 60, (40, len(MEASURES))), rng.uniform(0, 30, (40, len(MEASURES)))
    values[rng.random(values.shape) < 0.4] = np.nan
    doubted = TWO.measures[1].model_copy(update={"doubt": doubt})
    signal = ProgressSignal(TWO.model_copy(update={"measures": (TWO.measures[0], doubted)}), side)
    one_by_one = np.array([signal(value, error) for value, error in zip(values, errors, strict=True)])
    assert np.isnan(one_by_one).any()
    assert np.stack(signal.over(Stretch(np.arange(40) / 20, values, errors)), 1) == pytest.approx(
        one_by_one, nan_ok=True
    )
