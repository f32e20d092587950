"""The training of the elbows that are looked at in the light of a movement: small runs on part of the shipped data."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from deepfit_nb.kinematics.elbows import MOVEMENTS, ElbowReader
from deepfit_nb.kinematics.estimator import shipped_estimator
from deepfit_nb.resources import resource
from deepfit_nb.training.angle_data import AngleData
from deepfit_nb.training.angles import Plan
from deepfit_nb.training.elbows import errors, fit, held_out, movement, of_movements, seen, train_elbows, truth

SMALL = Plan(members=1, variations=0, hidden=(24,), epochs=8, batch=128, folds=2)


@pytest.fixture(scope="module")
def data() -> AngleData:
    """A fifth of the frames of the brief sets."""
    whole = AngleData.load(resource("assets", "angles", "arm_angles.npz"))
    keep = slice(None, None, 5)
    cut = {key: getattr(whole, key)[keep] for key in ("image", "world", "lengths", "angles", "clip")}
    return replace(whole, **cut)


def test_even_a_short_run_learns_something(data: AngleData) -> None:
    estimator, held = shipped_estimator(), data.of(held_out(data))
    miss, expected = errors(fit(data.of(~held_out(data)), estimator, SMALL), held, estimator)
    before = seen(held, estimator)[1] - truth(held, estimator)
    assert np.nanmean(np.abs(miss)) < 0.95 * np.nanmean(np.abs(before))
    assert (expected > 0).all()


def test_only_what_the_arms_do_is_learned_from(data: AngleData) -> None:
    exercise = data.exercise.copy()
    exercise[exercise == "dumbbell_rows"] = "squats"
    left = of_movements(replace(data, exercise=exercise))
    assert set(movement(left)) == {list(MOVEMENTS).index(name) for name in MOVEMENTS if name != "rowing"}


def test_a_model_is_written_and_reported_on(data: AngleData, tmp_path: Path) -> None:
    shutil.copy(resource("models", "angles.npz"), tmp_path)
    table = train_elbows(tmp_path, data, replace(SMALL, epochs=1))
    assert all(f"| {name} |" in table for name in MOVEMENTS)
    assert ElbowReader.load(tmp_path / "elbows.npz").error_factor.shape == (len(MOVEMENTS),)
