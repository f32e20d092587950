"""Exercise definitions: all that are shipped are sound, and a wrong one is refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from deepfit_nb.coaching import Exercise, builtin_exercises, read_exercise
from deepfit_nb.coaching.definition import parse_exercise
from deepfit_nb.coaching.framing import PARTS
from deepfit_nb.errors import ExerciseError
from deepfit_nb.kinematics.measures import DEGREES
from deepfit_nb.kinematics.stretch import columns
from deepfit_nb.recognition import EXERCISES

#: The faults that every version must know, by exercise.
REQUIRED = {
    "squats": {"shallow_depth", "trunk_lean", "knee_valgus"},
    "lunges": {"trunk_lean", "short_range"},
    "bicep_curls": {"elbow_drift", "back_swing", "short_range"},
    "pushups": {"hip_sag", "hip_pike", "short_range"},
    "situps": {"short_range"},
    "jumping_jacks": {"arms_short"},
    "lateral_shoulder_raises": {"raised_too_high", "short_range"},
    "dumbbell_rows": {"torso_too_upright", "short_range"},
    "dumbbell_shoulder_press": {"no_lockout", "back_arch"},
    "tricep_extensions": {"elbow_drift", "short_range"},
}

MINIMAL = """
name = "wave"
title = "Wave"
description = "Up and down."
needs = ["shoulders"]
angles = ["shoulder"]

[signal]
joint = "shoulder"
sides = "each"
first = "concentric"
measures = [{ measure = "shoulder", rest = 10.0, peak = 160.0 }]
"""

FAULT = """
[[faults]]
id = "too_low"
measure = "shoulder"
statistic = "max"
below = 150.0
tolerance = 6.0
views = ["front"]
cue = "Higher"
severity = "minor"
source = "practice"
"""


def test_there_is_one_for_each_of_the_ten_exercises() -> None:
    assert set(builtin_exercises()) == set(EXERCISES)


@pytest.fixture(params=EXERCISES)
def exercise(request: pytest.FixtureRequest) -> Exercise:
    return builtin_exercises()[request.param]


def test_required_faults(exercise: Exercise) -> None:
    assert {rule.id for rule in exercise.faults} >= REQUIRED[exercise.name]


def test_every_threshold_has_a_source_and_a_tolerance_above_the_detectors_error(exercise: Exercise) -> None:
    for rule in exercise.faults:
        assert rule.source, rule.id
        in_degrees = DEGREES[columns(rule.measure)[0]]
        # A change within one rep is free of offsets, and may have less.
        least = 4.0 if rule.statistic in ("excursion", "drop") else 5.0
        assert rule.tolerance >= (least if in_degrees else 0.02), rule.id


def test_cues_can_be_spoken(exercise: Exercise) -> None:
    for rule in exercise.faults:
        assert len(rule.cue.split()) <= 9
        assert not rule.cue.endswith(".")


def test_rules_that_share_an_id_say_the_same_from_other_views(exercise: Exercise) -> None:
    for one in exercise.faults:
        for other in exercise.faults:
            if one.id == other.id:
                assert one.severity == other.severity
                alike = (one.measure, one.statistic) == (other.measure, other.statistic)
                assert one is other or not alike or not set(one.views) & set(other.views)


def test_what_it_needs_to_see_can_be_watched(exercise: Exercise) -> None:
    assert set(exercise.needs) <= set(PARTS)


def test_a_rep_is_no_shorter_than_a_movement_can_be(exercise: Exercise) -> None:
    assert 0.2 <= exercise.min_rep_s < exercise.max_rep_s


def test_a_minimal_definition_is_enough() -> None:
    wave = parse_exercise(MINIMAL, "wave.toml")
    assert (wave.name, wave.faults, wave.postures) == ("wave", (), ())


def test_no_rep_lasts_longer_than_what_it_is_judged_on_is_kept() -> None:
    """Also of what was taught to an earlier version."""
    assert parse_exercise("max_rep_s = 31.0\n" + MINIMAL, "wave.toml").max_rep_s == 25.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MINIMAL.replace('measure = "shoulder"', 'measure = "sholder"'), "unknown measure 'sholder'; choose one of"),
        (MINIMAL.replace("peak = 160.0", "peak = 10.0"), "rest and peak are both 10"),
        (MINIMAL.replace('"each"', '"either"'), "signal.sides"),
        (MINIMAL.replace('name = "wave"', 'name = "Wave Up"'), "name"),
        (MINIMAL.replace("needs", "neds"), "neds"),
        (MINIMAL.replace('["shoulders"]', '["legs"]'), "needs.0: Value error, unknown part of the body 'legs'; choose"),
        (MINIMAL.replace('title = "Wave"\n', ""), "title: Field required"),
        (MINIMAL + '[[postures]]\nmeasure = "trunk_lean"\n', "trunk_lean: give 'above', 'below' or both"),
        (
            MINIMAL + '[[postures]]\nmeasure = "trunk_lean"\nabove = 50.0\nbelow = 20.0\n',
            "trunk_lean: nothing is above 50.0 and below 20.0",
        ),
        ("min_rep_s = 12.0\n" + MINIMAL, "min_rep_s 12.0 is not below max_rep_s 12.0"),
        (MINIMAL + FAULT.replace("below = 150.0", ""), "give either 'above' or 'below'"),
        (MINIMAL + FAULT.replace("below = 150.0", "below = 150.0\nabove = 10.0"), "give either 'above' or 'below'"),
        (MINIMAL + FAULT.replace("below = 150.0", "above = 150.0\nbegun = 4.0"), "'begun' goes with an 'excursion'"),
        (MINIMAL + FAULT.replace('"front"', '"top"'), "faults.0.views"),
        (MINIMAL + FAULT.replace("tolerance = 6.0", "tolerance = -1.0"), "faults.0.tolerance"),
        ("name = ", "not valid TOML"),
    ],
)
def test_a_wrong_definition_is_refused_with_file_and_reason(text: str, says: str) -> None:
    with pytest.raises(ExerciseError) as refused:
        parse_exercise(text, "wave.toml")
    assert str(refused.value).startswith("wave.toml: ")
    assert says in str(refused.value)


def test_a_definition_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "wave.toml"
    path.write_text(MINIMAL + FAULT, "utf-8")
    assert read_exercise(path).faults[0].limit == 150.0


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match=r"gone\.toml: cannot be read"):
        read_exercise(tmp_path / "gone.toml")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wave.toml"
    path.write_bytes(MINIMAL.replace("Up and down.", "Für alle.").encode("cp1252"))
    with pytest.raises(ExerciseError, match=r"wave\.toml: not UTF-8.*save it again"):
        read_exercise(path)


@pytest.mark.parametrize(("value", "excess"), [(160.0, -10.0), (150.0, 0.0), (120.0, 30.0)])
def test_excess_grows_beyond_the_limit(value: float, excess: float) -> None:
    assert parse_exercise(MINIMAL + FAULT, "wave.toml").faults[0].excess(value) == pytest.approx(excess)


@pytest.mark.parametrize(
    ("name", "called", "movement"),
    [
        ("squats", "squats", "squatting"),
        ("squats", "sit_down", "squatting"),
        ("bicep_curls", "hammer_curls", "curling"),
    ],
)
def test_what_is_done_is_known_by_the_name_or_by_what_is_looked_at(name: str, called: str, movement: str) -> None:
    assert builtin_exercises()[name].model_copy(update={"name": called}).movement == movement


def test_a_taught_exercise_is_no_movement_that_is_known() -> None:
    assert parse_exercise(MINIMAL, "here").movement is None
