"""What is said about a rep whose geometry is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from deepfit_nb.coaching import Coach, Exercise, Rep, builtin_exercises
from deepfit_nb.coaching.rules import margin_factor
from deepfit_nb.kinematics import ViewName
from deepfit_nb.pose import Landmark as L
from tests.coaching.motions import (
    arched,
    drifting,
    extension,
    leaning,
    leaning_back,
    lifted,
    pressed,
    push_up,
    raised,
    shallow,
    short_jack,
    short_lunge,
    sit_up,
    swinging,
)
from tests.factories import Figure, cosine, curl, film, jack, pose_of, squat


def reps_of(
    exercise: str, motion: Callable[[float], Figure], azimuth_deg: float, exercises: dict[str, Exercise] | None = None
) -> tuple[Rep, ...]:
    """Three reps of a motion, at a frame rate that is enough: see `test_properties`."""
    times, amounts = cosine(3, fps=15.0)
    coach = Coach(exercise, exercises=exercises)
    for time_s, pose in film(motion, times, amounts, azimuth_deg=azimuth_deg):
        coach.update(pose, time_s=time_s)
    (one,) = coach.finish()
    assert one.count == 3
    return one.reps


def found(reps: tuple[Rep, ...]) -> list[set[str]]:
    return [{fault.id for fault in rep.faults} for rep in reps]


@pytest.mark.parametrize(
    ("exercise", "motion", "azimuth", "fault"),
    [
        ("squats", squat, 80, None),
        ("squats", squat, -80, None),
        ("squats", squat, 0, None),
        ("squats", shallow, 80, "shallow_depth"),
        ("squats", shallow, -80, "shallow_depth"),
        ("squats", leaning, 80, "trunk_lean"),
        ("bicep_curls", curl, 80, None),
        ("bicep_curls", drifting, 80, "elbow_drift"),
        ("bicep_curls", lifted(20), 80, None),
        ("bicep_curls", lifted(50), 40, None),
        ("bicep_curls", swinging, -85, "back_swing"),
        ("bicep_curls", swinging, -45, "back_swing"),
        ("bicep_curls", leaning_back, 85, "back_swing"),
        ("tricep_extensions", extension(70), 85, None),
        ("tricep_extensions", extension(120), 85, "short_range"),
        ("tricep_extensions", extension(120), 20, "short_range"),
        ("situps", sit_up(10, 65), 85, None),
        ("situps", sit_up(45, 65, slope=20), 85, None),  # on a declined bench the trunk never comes upright
        ("situps", sit_up(55, 100), 85, "short_range"),
        ("situps", sit_up(62, 78), 85, "short_range"),  # the hips say that it is far enough, the trunk does not
        ("situps", sit_up(62, 78), 50, "short_range"),
        ("lunges", short_lunge, 85, "short_range"),
        ("lateral_shoulder_raises", raised(92), 10, None),
        ("lateral_shoulder_raises", raised(104), 10, None),
        ("lateral_shoulder_raises", raised(122), 10, "raised_too_high"),
        ("jumping_jacks", jack, 0, None),
        ("jumping_jacks", short_jack, 0, "arms_short"),
    ],
)
def test_each_rep_has_its_fault_and_no_other(
    exercise: str, motion: Callable[[float], Figure], azimuth: float, fault: str | None
) -> None:
    assert found(reps_of(exercise, motion, azimuth)) == [{fault} - {None}] * 3


@pytest.mark.parametrize("azimuth", [0, 30, -45, 60, 85, -85, 180])
@pytest.mark.parametrize(
    ("exercise", "motion"),
    [
        ("squats", squat),
        ("bicep_curls", curl),
        ("jumping_jacks", jack),
        ("lateral_shoulder_raises", raised(90)),
        ("situps", sit_up(10, 65)),
        ("tricep_extensions", extension(70)),
    ],
)
def test_a_textbook_rep_is_blamed_from_nowhere(
    exercise: str, motion: Callable[[float], Figure], azimuth: float
) -> None:
    assert found(reps_of(exercise, motion, azimuth)) == [set()] * 3


@pytest.mark.parametrize(("visibility", "speaks"), [(1.0, True), (0.3, False)])
def test_the_worse_of_two_arms_is_told_of_only_where_it_is_seen_well(visibility: float, speaks: bool) -> None:
    """Both together keep to shoulder height; the left one alone is raised to 115 degrees."""
    times, amounts = cosine(3)
    coach = Coach("lateral_shoulder_raises")
    for time_s, amount in zip(times, amounts, strict=True):
        pose = pose_of(Figure(shoulder=(10 + 105 * amount, 10 + 70 * amount), elbow=(165, 165), abducted=True), time_s)
        pose.image[[L.LEFT_ELBOW, L.LEFT_WRIST], 3] = visibility
        coach.update(pose)
    (one,) = coach.finish()
    assert found(one.reps) == [{"raised_too_high"} if speaks else set()] * 3


def test_arms_that_see_saw_are_judged_one_by_one() -> None:
    """Their mean would hardly bend, and so seem too short a range."""
    times, amounts = cosine(4)
    coach = Coach("bicep_curls")
    for time_s, amount in zip(times, amounts, strict=True):
        coach.update(pose_of(curl(amount, 1 - amount), time_s, azimuth_deg=30))
    (one,) = coach.finish()
    assert {rep.side for rep in one.reps} == {"left", "right"}
    assert found(one.reps) == [set()] * one.count


@pytest.mark.parametrize(("azimuth", "speaks"), [(85, True), (-85, True), (0, False), (40, False), (180, False)])
def test_a_view_that_cannot_carry_the_claim_keeps_quiet(azimuth: float, speaks: bool) -> None:
    squats = builtin_exercises()["squats"]
    rules = tuple(rule.model_copy(update={"views": ("side",)}) for rule in squats.faults if rule.id == "trunk_lean")
    # Under a name of its own: of that nothing is known but its rules.
    from_the_side = squats.model_copy(update={"name": "side_squats", "faults": rules})
    reps = reps_of("side_squats", leaning, azimuth, {"side_squats": from_the_side})
    assert found(reps) == [{"trunk_lean"} if speaks else set()] * 3


@pytest.mark.parametrize(("other_views", "speaks"), [(("side",), True), (("side", "front"), False)])
def test_a_likely_fault_is_told_of_from_a_view_that_no_rule_of_it_is_made_for(
    other_views: tuple[ViewName, ...], speaks: bool
) -> None:
    """From the front the lean alone could not carry the claim; squats that lean look like it as a whole, too."""
    squats = builtin_exercises()["squats"]
    lean = next(rule for rule in squats.faults if rule.id == "trunk_lean")
    one = lean.model_copy(update={"views": ("side",), "above": 40.0, "tolerance": 1.0})
    other = lean.model_copy(update={"views": other_views, "above": 89.0})
    only_from_the_side = squats.model_copy(update={"faults": (one, other)})
    reps = reps_of("squats", leaning, 0, {"squats": only_from_the_side})
    assert all(rep.impression["trunk_lean"] > 1 for rep in reps)
    assert found(reps) == [{"trunk_lean"} if speaks else set()] * 3


def test_a_measure_that_is_not_known_well_enough_keeps_quiet() -> None:
    squats = builtin_exercises()["squats"]
    rules = tuple(rule.model_copy(update={"max_error": 0.1}) for rule in squats.faults)
    strict = squats.model_copy(update={"name": "strict_squats", "faults": rules})
    assert found(reps_of("strict_squats", leaning, 85, {"strict_squats": strict})) == [set()] * 3


@pytest.mark.parametrize(
    ("exercise", "rule", "azimuth", "faulty", "good"),
    [
        ("bicep_curls", ("back_swing", "trunk_pitch", "peak"), 45, leaning_back, curl),
        ("dumbbell_shoulder_press", ("back_arch", "trunk_pitch", "drop"), 45, arched(8, -12), arched(0, 0)),
        ("dumbbell_shoulder_press", ("no_lockout", "elbow", "peak"), 10, pressed(115), pressed(165)),
        ("pushups", ("hip_sag", "hip_line", "peak"), 45, push_up(30), push_up(0)),
    ],
)
def test_a_rule_by_itself_tells_the_fault_that_it_is_for(
    exercise: str,
    rule: tuple[str, str, str],
    azimuth: float,
    faulty: Callable[[float], Figure],
    good: Callable[[float], Figure],
) -> None:
    definition = builtin_exercises()[exercise]
    asked = tuple(
        one
        for one in definition.faults
        if (one.id, one.measure, one.statistic) == rule and view_of(azimuth) in one.views
    )
    assert len(asked) == 1
    alone = {"alone": definition.model_copy(update={"name": "alone", "faults": asked})}
    assert found(reps_of("alone", faulty, azimuth, alone)) == [{rule[0]}] * 3
    assert found(reps_of("alone", good, azimuth, alone)) == [set()] * 3


def view_of(azimuth: float) -> ViewName:
    """What the coach calls the view from there."""
    return "front" if azimuth < 30 else "oblique"


def test_who_was_out_of_sight_is_not_told_that_they_did_not_go_far_enough() -> None:
    """The bottom of the second squat is missing."""
    times, amounts = cosine(3)
    seen = (times < 3.6) | (times > 4.4)
    coach = Coach("squats")
    for time_s, pose in film(squat, times[seen], amounts[seen], azimuth_deg=80):
        coach.update(pose, time_s=time_s)
    (one,) = coach.finish()
    assert found(one.reps) == [set()] * 3


@pytest.mark.parametrize(("least_deg", "speaks"), [(100.0, True), (125.0, False)])
def test_a_claim_must_exceed_the_measures_own_error(least_deg: float, speaks: bool) -> None:
    """A knee of about 128 degrees breaks a limit of 100 by far, that of 125 by less than it is known."""
    squats = builtin_exercises()["squats"]
    (rule,) = (rule for rule in squats.faults if (rule.id, rule.measure) == ("shallow_depth", "knee_squatting"))
    rule = rule.model_copy(update={"above": least_deg, "tolerance": 0.1})
    # Under a name of its own: of that nothing is known but its rules.
    changed = squats.model_copy(update={"name": "half_squats", "faults": (rule,)})
    reps = reps_of("half_squats", shallow, 80, {"half_squats": changed})
    assert found(reps) == [{"shallow_depth"} if speaks else set()] * 3


def test_a_fault_has_value_limit_and_moment() -> None:
    reps = reps_of("squats", shallow, 85)
    rule = next(rule for rule in builtin_exercises()["squats"].faults if rule.id == "shallow_depth")
    for rep in reps:
        (fault,) = rep.faults
        assert fault.value == pytest.approx(shallow(1.0).knee[0], abs=6)
        assert fault.limit == rule.limit
        assert fault.at_s == pytest.approx(rep.peak_s, abs=0.2)
        margin = rule.tolerance * margin_factor(rep.impression[fault.id])
        assert fault.excess == pytest.approx(1 + (fault.value - rule.limit - margin) / rule.tolerance, rel=1e-6)


def test_ranges_of_motion_are_those_of_the_body() -> None:
    rep = reps_of("squats", squat, 90)[1]
    assert rep.rom_deg == pytest.approx(95, abs=8)
    assert rep.joint_rom_deg["knee_left"] == pytest.approx(95, abs=8)
    assert rep.joint_rom_deg["trunk_lean"] == pytest.approx(33, abs=4)
    assert rep.joint_rom_deg["elbow_left"] == pytest.approx(0, abs=8)


@pytest.mark.parametrize(("exercise", "motion", "down_first"), [("squats", squat, True), ("bicep_curls", curl, False)])
def test_the_two_ways_have_their_times(exercise: str, motion: Callable[[float], Figure], down_first: bool) -> None:
    # Out in two seconds, back in one.
    half = (1 - np.cos(np.linspace(0, np.pi, 50))) / 2
    one = np.concatenate([half, half[::-2]])
    amounts = np.concatenate([np.zeros(25), np.tile(one, 3), np.zeros(25)])
    coach = Coach(exercise)
    for time_s, pose in film(motion, np.arange(len(amounts)) / 25, amounts, azimuth_deg=80):
        coach.update(pose, time_s=time_s)
    (found_set,) = coach.finish()
    for rep in found_set.reps:
        out_s, back_s = (rep.eccentric_s, rep.concentric_s) if down_first else (rep.concentric_s, rep.eccentric_s)
        assert out_s == pytest.approx(2, abs=0.3)
        assert back_s == pytest.approx(1, abs=0.3)
        assert out_s + back_s == pytest.approx(rep.end_s - rep.start_s)


@pytest.mark.parametrize(("right", "symmetry"), [(1.0, 1.0), (0.7, 0.7)])
def test_symmetry_is_the_smaller_range_over_the_larger(right: float, symmetry: float) -> None:
    reps = reps_of("bicep_curls", lambda amount: curl(amount, right * amount), 90)
    assert [rep.symmetry for rep in reps] == pytest.approx([symmetry] * 3, abs=0.12)


def test_one_arm_alone_has_a_side_and_no_symmetry() -> None:
    for rep in reps_of("bicep_curls", lambda amount: curl(amount, 0.0), 30):
        assert rep.side == "left"
        assert np.isnan(rep.symmetry)
