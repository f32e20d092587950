"""Which postures stand, and which frames are judged, by what was measured alone."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.form import in_posture
from deepfit_nb.coaching.rules import measured
from deepfit_nb.kinematics.measures import INDEX, MEASURES
from deepfit_nb.kinematics.stretch import Stretch


@pytest.mark.parametrize(("hidden", "seen", "stands"), [(-0.6, 1.0, True), (0.5, 1.0, True), (0.9, 0.0, False)])
def test_upper_arms_must_be_raised_where_the_elbows_are_straight(hidden: float, seen: float, stands: bool) -> None:
    """Of folded arms behind the head the detector sees nothing: ``hidden`` is what it says of the elbows there."""
    amount = 0.5 - 0.5 * np.cos(np.linspace(0, 2 * np.pi, 41))
    values = np.full((41, len(MEASURES)), np.nan)
    for side in ("left", "right"):
        values[:, INDEX[f"elbow_extending_{side}"]] = 75 + 85 * amount
        values[:, INDEX[f"elbow_height_{side}"]] = np.where(amount > 0.5, seen, hidden)
    stretch = Stretch(np.arange(41) / 20, values, np.ones_like(values))
    assert in_posture(builtin_exercises()["tricep_extensions"], stretch, "both") is stands


@pytest.mark.parametrize(
    ("lying", "at_the_end", "stands"),
    [(0.1, 0.1, True), (0.1, 0.8, False), (0.52, 0.52, True)],  # the last from a camera that looks down on the feet
)
def test_who_gets_up_at_the_end_of_a_sit_up_did_none(lying: float, at_the_end: float, stands: bool) -> None:
    """On average the hips are on the floor."""
    values = np.full((40, len(MEASURES)), np.nan)
    values[:, INDEX["hip_height"]] = np.where(np.arange(40) < 32, lying, at_the_end)
    stretch = Stretch(np.arange(40) / 20, values, np.ones_like(values))
    assert in_posture(builtin_exercises()["situps"], stretch, "both") is stands


@pytest.mark.parametrize(("height", "known"), [(0.9, True), (-0.4, False)])
def test_elbows_that_are_measured_as_hanging_are_not_told_to_drift(height: float, known: bool) -> None:
    rule = next(one for one in builtin_exercises()["tricep_extensions"].faults if one.id == "elbow_drift")
    values = np.full((20, len(MEASURES)), np.nan)
    for side in ("left", "right"):
        values[:, INDEX[f"shoulder_extending_{side}"]] = 90
        values[:, INDEX[f"elbow_height_{side}"]] = height
    value, _, _ = measured(
        rule, Stretch(np.arange(20) / 20, values, np.ones_like(values)), np.linspace(0, 1, 20), "both"
    )
    assert np.isfinite(value) == known
