"""What the angle estimator does not look at, what it refuses, and how well it does on bodies it has never seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepfit_nb.errors import ModelError
from deepfit_nb.kinematics.angles import TRIPLES, joint_angles
from deepfit_nb.kinematics.estimator import FEATURES, JOINTS, AngleEstimator, features, shipped_estimator
from deepfit_nb.pose.keypoints import MIRRORED
from deepfit_nb.resources import resource
from deepfit_nb.training.angle_data import AngleData


@pytest.fixture(scope="module")
def strangers() -> AngleData:
    data = AngleData.load(resource("assets", "angles", "rendered_angles.npz"))
    return data.of(data.held_out)


def body(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A body without sense or order, which the laws must hold for all the same."""
    rng = np.random.default_rng(seed)
    image = np.concatenate([rng.uniform(0, 400, (33, 3)), rng.uniform(0, 1, (33, 1))], -1)
    return image, rng.normal(0, 0.5, (33, 3)), rng.uniform(30, 200, 4)


SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(-2000, 2000), st.floats(0.1, 10), st.floats(0.5, 2))
def test_neither_place_nor_size_matters(seed: int, shift: float, zoom: float, taller: float) -> None:
    image, world, lengths = body(seed)
    moved = image * np.array([zoom, zoom, zoom, 1]) + np.array([shift, -shift, 0, 0])
    for one, other in zip(
        shipped_estimator()(image, world, lengths),
        shipped_estimator()(moved, world * taller, lengths * zoom),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_mirror_swaps_left_and_right(seed: int) -> None:
    image, world, lengths = body(seed)
    mirrored = image[MIRRORED] * np.array([-1, 1, 1, 1]), world[MIRRORED] * np.array([-1, 1, 1]), lengths
    swapped = [list(TRIPLES).index(name.replace("left", "R").replace("right", "left").replace("R", "right"))
               for name in TRIPLES]  # fmt: skip
    for one, other in zip(shipped_estimator()(image, world, lengths), shipped_estimator()(*mirrored), strict=True):
        np.testing.assert_allclose(one[swapped], other, atol=1e-6)


def test_many_bodies_are_as_each_alone() -> None:
    image, world, lengths = (
        np.stack(parts).reshape(2, 3, *parts[0].shape) for parts in zip(*map(body, range(6)), strict=True)
    )
    angles, errors = shipped_estimator()(image, world, lengths)
    assert angles.shape == errors.shape == (2, 3, 8)
    alone = shipped_estimator()(image[1, 2], world[1, 2], lengths[1, 2])
    np.testing.assert_allclose(alone, (angles[1, 2], errors[1, 2]), atol=1e-9)
    assert ((angles >= 0) & (angles <= 180) & (errors > 0)).all()


def test_its_angles_are_those_of_joint_angles() -> None:
    image, world, lengths = body(3)
    x, flat, deep = features(image, world, lengths)
    assert x.shape == (2, 4, FEATURES)
    np.testing.assert_allclose(deep.T.ravel(), joint_angles(world)[:8], atol=1e-6)
    # Of the 2D ones only the knee's: its two segments are divided by the same length.
    knee = JOINTS.index("knee")
    np.testing.assert_allclose(flat[:, knee], joint_angles(image[:, :2])[:2], atol=1e-6)


def test_strangers_are_measured_better_than_by_2d_or_world_angles(strangers: AngleData) -> None:
    estimator = shipped_estimator()
    image, world, lengths = strangers.bodies()
    _, flat, deep = features(image, world, lengths)
    angles, errors = (part.reshape(-1, 4, 2).swapaxes(1, 2) for part in estimator(image, world, lengths))
    miss = {"estimate": angles, "2D": flat, "world": deep}
    spread = {}
    for name, found in miss.items():
        off = found - strangers.angles
        spread[name] = np.percentile(np.abs(off - np.median(off, axis=(0, 1))), 90, axis=(0, 1))
    assert (spread["estimate"] < np.minimum(spread["2D"], spread["world"])).all()
    true = strangers.angles + estimator.offset_deg
    within = np.mean(np.abs(angles - true) < errors)
    assert within == pytest.approx(0.68, abs=0.08)


def test_arrays_of_the_shipped_model_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        shipped_estimator().mean[0] = 1


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    shipped_estimator().save(tmp_path / "angles.npz")
    again = AngleEstimator.load(tmp_path / "angles.npz")
    np.testing.assert_array_equal(again(*body(1)), shipped_estimator()(*body(1)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"feature_version": 0}, "made for version 0 of the features"),
        ({"mean": np.zeros(5)}, "do not fit"),
        ({"w0": np.zeros((5, 6))}, "do not fit"),
        ({"offset_deg": None}, "offset_deg.* is missing"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with np.load(resource("models", "angles.npz")) as data:
        arrays = {**data, **change}
    np.savez(tmp_path / "angles.npz", **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(ModelError, match=message):
        AngleEstimator.load(tmp_path / "angles.npz")


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not a zip"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "angles.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"angles\.npz.*deepfit train --angles"):
        AngleEstimator.load(path)
