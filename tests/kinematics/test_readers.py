"""Angles in the light of what is done: the laws that hold, what is refused, and what the knowledge is worth."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepfit_nb.errors import ModelError
from deepfit_nb.kinematics.elbows import ELBOWS
from deepfit_nb.kinematics.estimator import JOINTS, shipped_estimator
from deepfit_nb.kinematics.general import measure_any
from deepfit_nb.kinematics.limbs import LIMBS
from deepfit_nb.kinematics.measures import INDEX, measure
from deepfit_nb.kinematics.movements import MOVEMENTS, Reading
from deepfit_nb.kinematics.readers import JointReader, Subject, shipped_reader
from deepfit_nb.pose.keypoints import MIRRORED
from deepfit_nb.resources import resource
from deepfit_nb.training.angle_data import AngleData
from deepfit_nb.training.held_out import is_held_out

SEEDS = st.integers(0, 2**32 - 1)
SUBJECTS = [pytest.param(subject, id=subject.name) for subject in (ELBOWS, LIMBS)]
READINGS = [*ELBOWS.readings, *LIMBS.readings]
LEFT, RIGHT = ([INDEX[f"{joint}_{movement}_{side}"] for joint, movement in READINGS] for side in ("left", "right"))


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


@pytest.fixture(scope="module")
def brief() -> AngleData:
    """The brief sets that were not learnt from."""
    data = AngleData.load(resource("assets", "angles", "brief_angles.npz"))
    return data.of(np.array([is_held_out(name) for name in data.name.tolist()]))


def misses(readings: Iterable[Reading], data: AngleData) -> tuple[np.ndarray, np.ndarray]:
    """Errors, in degrees, of the estimator's angles and of those in the light of the movement."""
    found = measure(*data.bodies()).values
    plain, known = [], []
    for joint, movement in readings:
        done = data.exercise[data.clip] == MOVEMENTS[movement]
        place = JOINTS.index(joint)
        true = data.angles[done][:, :, place] + shipped_estimator().offset_deg[place]
        for name, errors in ((joint, plain), (f"{joint}_{movement}", known)):
            columns = [INDEX[f"{name}_left"], INDEX[f"{name}_right"]]
            errors.append(np.abs(found[done][:, columns] - true).ravel())
    return np.concatenate(plain), np.concatenate(known)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_known_movement_tells_more_of_hidden_joints(subject: Subject, brief: AngleData) -> None:
    """Where they are furthest off, and mostly."""
    for percent in (50, 90):
        plain, known = (np.nanpercentile(errors, percent) for errors in misses(subject.readings, brief))
        assert known < 0.95 * plain


@pytest.mark.parametrize("reading", READINGS, ids=" ".join)
def test_no_joint_is_much_worse_known_by_it(reading: Reading, brief: AngleData) -> None:
    """There are few clips to one: on so few, chance makes some a little worse."""
    plain, known = (np.nanpercentile(errors, 75) for errors in misses([reading], brief))
    assert known < max(1.3 * plain, 8.0)


def test_an_arm_without_length_has_no_elbow_and_the_other_has() -> None:
    image, world, lengths = body(1)
    image[15], world[15] = image[13], world[13]
    found = measure(image, world, lengths)
    left, right = (
        [column for column, (joint, _) in zip(side, READINGS, strict=True) if joint == "elbow"]
        for side in (LEFT, RIGHT)
    )
    assert np.isnan(found.values[left]).all()
    assert np.isnan(found.errors[left]).all()
    assert np.isfinite(found.values[right]).all()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_features_are_as_many_as_said(subject: Subject) -> None:
    assert subject.features(measure_any(*body(2))).shape == (2, subject.width)
    many = [np.stack(part) for part in zip(body(2), body(3), strict=True)]
    assert subject.features(measure_any(*many)).shape == (2, 2, subject.width)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_is_saved_is_loaded(subject: Subject, tmp_path: Path) -> None:
    path, shipped, rng = tmp_path / "model.npz", shipped_reader(subject), np.random.default_rng(0)
    shipped.save(path, subject)
    features, angles = rng.normal(size=(5, 2, subject.width)), np.full((5, 2, len(subject.readings)), 90.0)
    again = JointReader.load(path, subject)
    np.testing.assert_array_equal(again(features, angles), shipped(features, angles))


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"feature_version": 0}, "made for version 0 of the features"),
        ({"w0": np.zeros((5, 6))}, "do not fit"),
        ({"error_factor": None}, "error_factor is missing"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    subject: Subject, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    with np.load(resource("models", f"{subject.name}.npz")) as data:
        arrays = {**data, **change}
    np.savez(tmp_path / "model.npz", **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(ModelError, match=message):
        JointReader.load(tmp_path / "model.npz", subject)


def test_a_model_of_another_subject_is_refused() -> None:
    with pytest.raises(ModelError, match="do not fit 183 features"):
        JointReader.load(resource("models", "elbows.npz"), LIMBS)
