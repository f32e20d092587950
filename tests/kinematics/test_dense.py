"""Dense networks: their arithmetic, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from deepfit_nb.kinematics.dense import FAR, forward, named_layers, standardised


def silu(x: float) -> float:
    return x / (1 + math.exp(-x))


def test_layers_are_applied_in_turn() -> None:
    hidden = (np.array([[1.0, -2.0]]), np.array([0.5, 0.0]))
    last = (np.array([[2.0], [3.0]]), np.array([-1.0]))
    expected = 2 * silu(1.5) + 3 * silu(-2.0) - 1
    assert forward(np.array([1.0]), (hidden, last)) == pytest.approx([expected])
    assert forward(np.ones((4, 5, 1)), (hidden, last)).shape == (4, 5, 1)


def test_the_input_is_not_changed() -> None:
    x = np.ones(1)
    forward(x, ((np.array([[1.0]]), np.zeros(1)), (np.array([[1.0]]), np.zeros(1))))
    assert x == [1.0]


@pytest.mark.parametrize(("value", "standard"), [(5.0, 0.0), (7.0, 1.0), (1.0, -2.0), (1e6, FAR), (math.nan, 0.0)])
def test_inputs_in_standard_deviations(value: float, standard: float) -> None:
    assert standardised(np.array([value]), np.array([5.0]), np.array([2.0])) == pytest.approx([standard])


def test_layers_have_names() -> None:
    layers = ((np.ones((2, 3)), np.zeros(3)), (np.ones((3, 1)), np.zeros(1)))
    assert {name: array.shape for name, array in named_layers(layers).items()} == {
        "w0": (2, 3),
        "b0": (3,),
        "w1": (3, 1),
        "b1": (1,),
    }
