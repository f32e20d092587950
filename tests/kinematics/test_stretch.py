"""Measures of one side and of both, over a stretch of time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from deepfit_nb.kinematics.measures import INDEX, MEASURES
from deepfit_nb.kinematics.stretch import Side, Stretch, columns, combined

NAN = math.nan


@pytest.mark.parametrize(
    ("measure", "side", "names"),
    [
        ("shoulder", "both", ["shoulder_left", "shoulder_right"]),
        ("shoulder", "left", ["shoulder_left"]),
        ("shoulder", "right", ["shoulder_right"]),
        ("shoulder_left", "both", ["shoulder_left"]),
        ("shoulder_left", "right", ["shoulder_left"]),
        ("trunk_lean", "both", ["trunk_lean"]),
        ("trunk_lean", "left", ["trunk_lean"]),
    ],
)
def test_columns_are_those_of_the_name_and_side(measure: str, side: Side, names: list[str]) -> None:
    assert [MEASURES[column] for column in columns(measure, side)] == names


def elbows(left: tuple[float, float], right: tuple[float, float]) -> Stretch:
    """One frame in which all that is known is each elbow's angle with its expected error."""
    values, errors = np.full((2, 1, len(MEASURES)), NAN)
    for name, (value, error) in (("elbow_left", left), ("elbow_right", right)):
        values[0, INDEX[name]], errors[0, INDEX[name]] = value, error
    return Stretch(np.zeros(1), values, errors)


@pytest.mark.parametrize(
    ("left", "right", "side", "value", "error"),
    [
        ((90, 5), (110, 5), "both", 100, 5 / math.sqrt(2)),
        ((90, 5), (110, 10), "both", 94, math.sqrt(20)),  # the better seen one weighs four times as much
        ((90, 5), (110, 10), "right", 110, 10),
        ((90, 5), (NAN, NAN), "both", 90, 5),
        ((NAN, NAN), (NAN, NAN), "both", NAN, math.inf),
        ((90, 5), (NAN, NAN), "right", NAN, math.inf),
    ],
)
def test_both_sides_count_by_how_well_they_are_seen(
    left: tuple[float, float], right: tuple[float, float], side: Side, value: float, error: float
) -> None:
    values, errors = combined("elbow", elbows(left, right), side)
    assert values == pytest.approx([value], nan_ok=True)
    assert errors == pytest.approx([error])


def test_a_part_of_a_stretch_includes_both_ends() -> None:
    times = np.arange(5.0)
    whole = Stretch(times, np.tile(times[:, None], len(MEASURES)), np.ones((5, len(MEASURES))))
    part = whole.between(1.0, 3.0)
    assert part.times.tolist() == part.values[:, 0].tolist() == [1, 2, 3]
