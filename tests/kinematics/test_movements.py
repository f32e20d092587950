"""Angles under the names that they have in the light of a movement."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.kinematics import without_side
from deepfit_nb.kinematics.angles import TRIPLES
from deepfit_nb.kinematics.general import EXTRA
from deepfit_nb.kinematics.movements import MOVEMENT_OF, MOVEMENTS, as_angle, best_known, movement_in


@pytest.mark.parametrize(
    ("angle", "movement", "measure"),
    [
        ("elbow", "rowing", "elbow_rowing"),
        ("elbow_left", "curling", "elbow_curling_left"),
        ("hip_right", "sitting_up", "hip_sitting_up_right"),
        ("knee_left", "rowing", "knee_left"),
        ("trunk_lean", "squatting", "trunk_lean"),
        ("elbow", None, "elbow"),
    ],
)
def test_an_angle_is_best_known_by(angle: str, movement: str | None, measure: str) -> None:
    assert best_known(angle, movement) == measure
    assert as_angle(measure) == angle
    assert movement_in(measure) == (movement if measure != angle else None)


@pytest.mark.parametrize("name", EXTRA)
def test_other_measures_are_the_same_whatever_is_done(name: str) -> None:
    assert as_angle(name) == name
    assert {best_known(name, movement) for movement in MOVEMENTS} == {name}


@pytest.mark.parametrize("name", builtin_exercises())
def test_the_joints_that_an_exercise_shows_are_those_seen_in_its_light(name: str) -> None:
    exercise = builtin_exercises()[name]
    assert exercise.movement == MOVEMENT_OF[name]
    known = {without_side(angle) for angle in TRIPLES if best_known(angle, exercise.movement) != angle}
    assert known == set(exercise.angles) - {"trunk_lean"}
