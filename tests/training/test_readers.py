"""The training of the joints that are looked at in the light of a movement: small runs on part of the shipped data."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from deepfit_nb.kinematics.estimator import shipped_estimator
from deepfit_nb.kinematics.readers import JointReader
from deepfit_nb.resources import resource
from deepfit_nb.training.angle_data import AngleData
from deepfit_nb.training.angles import Plan
from deepfit_nb.training.readers import LESSONS, Lesson, errors, fit, held_out, train_reader

SMALL = Plan(members=1, variations=0, hidden=(24,), epochs=8, batch=128, folds=2)
SHORT = [pytest.param(replace(lesson, plan=SMALL), id=lesson.subject.name) for lesson in LESSONS]


@pytest.fixture(scope="module")
def brief() -> AngleData:
    """A fifth of the frames of the brief sets."""
    whole = AngleData.load(resource("assets", "angles", "brief_angles.npz"))
    keep = slice(None, None, 5)
    cut = {key: getattr(whole, key)[keep] for key in ("image", "world", "lengths", "angles", "clip")}
    return replace(whole, **cut)


@pytest.mark.parametrize("lesson", SHORT)
def test_even_a_short_run_learns_something(lesson: Lesson, brief: AngleData) -> None:
    estimator, data = shipped_estimator(), lesson.data(brief)
    held = data.of(held_out(data))
    miss, expected = errors(fit(lesson, data.of(~held_out(data)), estimator), lesson, held, estimator)
    before = lesson.seen(held, estimator)[1] - lesson.truth(held, estimator)
    assert np.nanmean(np.abs(miss)) < 0.95 * np.nanmean(np.abs(before))
    assert (expected > 0).all()


@pytest.mark.parametrize("lesson", SHORT)
def test_only_what_is_done_is_learned_from(lesson: Lesson, brief: AngleData) -> None:
    exercise = brief.exercise.copy()
    exercise[exercise == "dumbbell_rows"] = "waltz"
    data = lesson.data(replace(brief, exercise=exercise))
    for column, (_, movement) in enumerate(lesson.subject.readings):
        known = np.isfinite(lesson.truth(data, shipped_estimator())[..., column]).all(-1)
        np.testing.assert_array_equal(known, lesson.done(data)[:, column])
        assert known.any() == (movement != "rowing")


@pytest.mark.parametrize("lesson", SHORT)
def test_a_model_is_written_and_reported_on(lesson: Lesson, brief: AngleData, tmp_path: Path) -> None:
    shutil.copy(resource("models", "angles.npz"), tmp_path)
    table = train_reader(replace(lesson, plan=replace(SMALL, epochs=1)), tmp_path, brief)
    assert all(f"| {joint} {movement} |" in table for joint, movement in lesson.subject.readings)
    reader = JointReader.load(tmp_path / f"{lesson.subject.name}.npz", lesson.subject)
    assert reader.error_factor.shape == (len(lesson.subject.readings),)
    assert (reader.error_factor != 1).all()
