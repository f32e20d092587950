"""What a rep looks like as a whole: the numbers it is made of, and what the shipped network makes of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.impression import FEATURES, Impression, rep_features, shipped_impression
from deepfit_nb.errors import ModelError
from deepfit_nb.kinematics.measures import INDEX, MEASURES
from deepfit_nb.kinematics.stretch import Side, Stretch
from deepfit_nb.kinematics.view import View, named_view
from deepfit_nb.resources import resource
from deepfit_nb.training.norms import FAULTS
from tests.coaching.strokes import FRAMES, PROGRESS, knee_bend


def mirrored(stretch: Stretch) -> Stretch:
    """The same rep of a body seen in a mirror: left and right have changed places."""
    twins = {"left": "right", "right": "left"}
    order = [
        INDEX[f"{base}_{twins[side]}"] if side in twins else INDEX[name]
        for name in MEASURES
        for base, _, side in [name.rpartition("_")]
    ]
    return Stretch(stretch.times, stretch.values[:, order], stretch.errors[:, order])


def test_the_numbers_of_a_rep() -> None:
    features = rep_features(knee_bend(80, 100), PROGRESS, "both", View("side", 90.0, 0.75))
    assert features.shape == (FEATURES,)
    rest, peak, low, high, _, mean, error = features[:7]  # the knees, both together
    assert (rest, peak) == (pytest.approx(170, abs=8), pytest.approx(90, abs=6))
    assert low <= peak + 2 < mean < rest - 2 <= high
    assert error == pytest.approx(4 / math.sqrt(2))
    assert features[-5:] == pytest.approx([0, 1, 0.75, 2, 0], abs=1e-9)


@pytest.mark.parametrize(("side", "twin"), [("both", "both"), ("left", "right"), ("right", "left")])
@pytest.mark.parametrize("azimuth", [15.0, 40.0, 90.0, 165.0])
def test_a_rep_and_its_mirror_image_look_the_same(side: Side, twin: Side, azimuth: float) -> None:
    one = rep_features(knee_bend(80, 110), PROGRESS, side, named_view(azimuth))
    other = rep_features(mirrored(knee_bend(80, 110)), PROGRESS, twin, named_view(-azimuth))
    np.testing.assert_allclose(one, other)


def test_what_was_not_seen_is_not_known() -> None:
    unseen = knee_bend()
    unseen.values[:, INDEX["knee_left"]] = np.nan
    features = rep_features(unseen, PROGRESS, "left", View("unknown", math.nan, 0.0))
    assert np.isnan(features[:7]).all()
    assert np.isfinite(features[7:14]).all()
    assert all(math.isfinite(odds) for odds in shipped_impression()("squats", features).values())


def test_it_speaks_of_faults_that_there_are_rules_for_and_of_no_other_exercise() -> None:
    impression = shipped_impression()
    features = rep_features(knee_bend(), PROGRESS, "both", named_view(80))
    for name, exercise in builtin_exercises().items():
        known = {fault for owner, fault in impression.faults if owner == name}
        assert set(impression(name, features)) == known <= {rule.id for rule in exercise.faults}
        assert len(known) <= sum(owner == name for owner, _ in FAULTS)
    assert len(impression.faults) >= 15
    assert impression("wave", features) == {}


def test_a_network_can_keep_quiet_about_some_faults() -> None:
    features = rep_features(knee_bend(), PROGRESS, "both", named_view(80))
    whole = shipped_impression()("squats", features)
    part = shipped_impression().only([("squats", "trunk_lean")])
    assert part("squats", features) == {"trunk_lean": pytest.approx(whole["trunk_lean"])}
    assert part("lunges", features) == {}


def test_a_rep_that_stands_still_has_numbers() -> None:
    features = rep_features(knee_bend(), np.full(FRAMES, 1.5), "both", named_view(80))
    assert np.isfinite(features).all()
    assert np.isnan(rep_features(knee_bend().between(9, 10), PROGRESS[:0], "both", named_view(80))[:7]).all()


def test_a_shallow_squat_looks_shallow_and_a_deep_one_does_not() -> None:
    def odds(bottom: float) -> float:
        squat = knee_bend(bottom, bottom)
        # A body whose hips come down with its knees.
        squat.values[:, INDEX["hip_height"]] = 0.97 - (170 - bottom) / 85 * 0.45 * PROGRESS
        squat.values[:, INDEX["hip_left"]] = squat.values[:, INDEX["hip_right"]] = 170 - (170 - bottom) * PROGRESS
        squat.values[:, INDEX["trunk_lean"]] = 5 + 25 * PROGRESS
        features = rep_features(squat, PROGRESS, "both", named_view(75))
        return shipped_impression()("squats", features)["shallow_depth"]

    assert odds(130) > 0 > -1 > odds(75)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    shipped_impression().save(tmp_path / "form.npz")
    features = rep_features(knee_bend(), PROGRESS, "both", named_view(80))
    assert Impression.load(tmp_path / "form.npz")("squats", features) == shipped_impression()("squats", features)


def without(name: str) -> Callable[[dict[str, np.ndarray]], object]:
    return lambda arrays: arrays.pop(name)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda arrays: arrays.update(feature_version=np.array(0)), "made for version 0 of the features"),
        (lambda arrays: arrays.update(w0=np.zeros((5, 6))), "do not fit"),
        (lambda arrays: arrays.update(faults=np.array(["a"])), "not pairs"),
        (without("exercises"), "exercises is missing"),
        (without("mean"), "mean is missing"),
        (without("w1"), "do not fit"),
        (lambda arrays: arrays.update(w1=np.full_like(arrays["w1"], np.nan)), "no numbers"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    tmp_path: Path, damage: Callable[[dict[str, np.ndarray]], object], message: str
) -> None:
    with np.load(resource("models", "form.npz")) as data:
        arrays = dict(data)
    damage(arrays)
    np.savez(tmp_path / "form.npz", **arrays)
    with pytest.raises(ModelError, match=message):
        Impression.load(tmp_path / "form.npz")


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="deepfit train --form"):
        Impression.load(tmp_path / "form.npz")
