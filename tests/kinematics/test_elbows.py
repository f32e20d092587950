"""Elbows in the light of what the arms do: the laws that hold, what is refused, and what the knowledge is worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.errors import ModelError
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.kinematics.elbows import FEATURES, MOVEMENTS, ElbowReader, shipped_elbows
from deepfit_nb.kinematics.measures import INDEX, MEASURES, angle_columns, as_angle, best_known, measure, measure_any
from deepfit_nb.pose.keypoints import MIRRORED
from deepfit_nb.resources import resource
from deepfit_nb.training.angle_data import AngleData
from deepfit_nb.training.held_out import is_held_out

SEEDS = st.integers(0, 2**32 - 1)
LEFT, RIGHT = ([INDEX[f"elbow_{movement}_{side}"] for movement in MOVEMENTS] for side in ("left", "right"))
PLAIN = [INDEX["elbow_left"], INDEX["elbow_right"]]


def body(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A body without sense or order, which the laws must hold for all the same."""
    rng = np.random.default_rng(seed)
    image = np.concatenate([rng.uniform(0, 400, (33, 3)), rng.uniform(0, 1, (33, 1))], -1)
    return image, rng.normal(0, 0.5, (33, 3)), rng.uniform(30, 200, 4)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_a_mirror_swaps_left_and_right(seed: int) -> None:
    image, world, lengths = body(seed)
    one = measure(image, world, lengths)
    other = measure(image[MIRRORED] * np.array([-1, 1, 1, 1]), world[MIRRORED] * np.array([-1, 1, 1]), lengths)
    for seen, mirrored in zip(one, other, strict=True):
        np.testing.assert_allclose(seen[LEFT], mirrored[RIGHT], atol=1e-3)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(-2000, 2000), st.floats(0.1, 10), st.floats(0.5, 2))
def test_neither_place_nor_size_matters(seed: int, shift: float, zoom: float, taller: float) -> None:
    image, world, lengths = body(seed)
    moved = image * np.array([zoom, zoom, zoom, 1]) + np.array([shift, -shift, 0, 0])
    one, other = measure(image, world, lengths), measure(moved, world * taller, lengths * zoom)
    for columns in (LEFT, RIGHT):
        np.testing.assert_allclose(one.values[columns], other.values[columns], atol=1e-2)
        np.testing.assert_allclose(one.errors[columns], other.errors[columns], rtol=1e-3)


@pytest.mark.parametrize(("movement", "exercise"), MOVEMENTS.items())
def test_a_known_movement_tells_more_of_hidden_elbows(movement: str, exercise: str) -> None:
    """On clips that were not learnt from, the estimator's elbow against the one in the light of the movement."""
    data = AngleData.load(resource("assets", "angles", "arm_angles.npz"))
    held = np.array([is_held_out(name) for name in data.name.tolist()])
    data = data.of(held & (data.exercise == exercise))
    found = measure(*data.bodies()).values
    true, columns = data.angles[:, :, 2], [INDEX[f"elbow_{movement}_{side}"] for side in ("left", "right")]
    plain, known = (np.nanpercentile(np.abs(found[:, c] - true), 90) for c in (PLAIN, columns))
    assert known < plain


def test_an_arm_without_length_has_no_angle_and_the_other_has() -> None:
    image, world, lengths = body(1)
    image[15], world[15] = image[13], world[13]
    found = measure(image, world, lengths)
    assert np.isnan(found.values[LEFT]).all()
    assert np.isnan(found.errors[LEFT]).all()
    assert np.isfinite(found.values[RIGHT]).all()


def test_features_are_as_many_as_said() -> None:
    assert measure_any(*body(2))[1].shape == (2, FEATURES)


def test_each_movement_is_that_of_an_exercise_which_asks_for_it() -> None:
    for movement, exercise in MOVEMENTS.items():
        measures = [one.measure for one in builtin_exercises()[exercise].signal.measures]
        assert f"elbow_{movement}" in measures


@pytest.mark.parametrize(
    ("angle", "movement", "measure_name"),
    [
        ("elbow", "rowing", "elbow_rowing"),
        ("elbow_left", "curling", "elbow_curling_left"),
        ("knee_left", "rowing", "knee_left"),
        ("elbow", None, "elbow"),
    ],
)
def test_an_angle_is_best_known_by(angle: str, movement: str | None, measure_name: str) -> None:
    assert best_known(angle, movement) == measure_name
    assert as_angle(measure_name) == angle


def test_only_the_elbows_are_seen_in_another_light() -> None:
    assert [MEASURES[column] for column in angle_columns()] == list(ANGLES)
    rowing = [MEASURES[column] for column in angle_columns("rowing")]
    assert [name for name in rowing if name not in ANGLES] == ["elbow_rowing_left", "elbow_rowing_right"]
    assert [as_angle(name) for name in rowing] == list(ANGLES)


def test_heights_are_no_elbows() -> None:
    assert as_angle("elbow_height_left") == "elbow_height_left"


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    shipped_elbows().save(tmp_path / "elbows.npz")
    features, elbows = np.random.default_rng(0).normal(size=(5, 2, FEATURES)), np.full((5, 2), 90.0)
    again = ElbowReader.load(tmp_path / "elbows.npz")
    np.testing.assert_array_equal(again(features, elbows), shipped_elbows()(features, elbows))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"feature_version": 0}, "made for version 0 of the features"),
        ({"w0": np.zeros((5, 6))}, "do not fit"),
        ({"error_factor": None}, "error_factor is missing"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with np.load(resource("models", "elbows.npz")) as data:
        arrays = {**data, **change}
    np.savez(tmp_path / "elbows.npz", **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(ModelError, match=message):
        ElbowReader.load(tmp_path / "elbows.npz")
