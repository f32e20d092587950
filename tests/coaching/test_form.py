"""What is said about a rep whose geometry is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from deepfit_nb.coaching import Coach, Exercise, Rep, builtin_exercises
from deepfit_nb.coaching.form import in_posture
from deepfit_nb.coaching.rules import margin_factor, measured
from deepfit_nb.kinematics import ViewName
from deepfit_nb.kinematics.measures import INDEX, MEASURES
from deepfit_nb.kinematics.stretch import Stretch
from deepfit_nb.pose import Landmark as L
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


def shallow(amount: float) -> Figure:
    """A squat that ends at a knee of 128 degrees."""
    return squat(0.5 * amount)


def leaning(amount: float) -> Figure:
    """A deep squat with the trunk tipped to 70 degrees."""
    knee, lean = 175 - 95 * amount, 70 * amount
    return Figure(trunk_lean=lean, knee=(knee,) * 2, hip=(25 * amount + knee - lean,) * 2)


def drifting(amount: float) -> Figure:
    """A curl whose elbow comes 45 degrees forward."""
    return Figure(knee=(175, 175), shoulder=(5 + 45 * amount,) * 2, elbow=(170 - 110 * amount,) * 2)


def lifted(degrees: float) -> Callable[[float], Figure]:
    """A curl whose elbow seems to come so far forward at the top alone, as where the forearm hides it."""
    return lambda amount: Figure(
        knee=(175, 175),
        shoulder=(5 + 5 * degrees * max(0.0, amount - 0.8),) * 2,
        elbow=(170 - 110 * amount,) * 2,
    )


def swinging(amount: float) -> Figure:
    """A curl with the trunk thrown 20 degrees back."""
    lean = -20 * amount
    return Figure(trunk_lean=lean, hip=(180 - lean,) * 2, elbow=(170 - 125 * amount,) * 2)


def leaning_back(amount: float) -> Figure:
    """A curl done with the trunk 18 degrees back all the time."""
    return Figure(trunk_lean=-18, hip=(198,) * 2, elbow=(170 - 125 * amount,) * 2)


def extension(folded: float) -> Callable[[float], Figure]:
    """A triceps extension with upright upper arms, from an elbow bent to so many degrees."""
    return lambda amount: Figure(shoulder=(172, 172), elbow=(folded + (165 - folded) * amount,) * 2)


def short_jack(amount: float) -> Figure:
    """A jumping jack whose arms stop at 105 degrees."""
    return jack(0.6 * amount)


def raised(top: float) -> Callable[[float], Figure]:
    """A lateral raise to so many degrees."""
    return lambda amount: Figure(shoulder=(10 + (top - 10) * amount,) * 2, elbow=(165, 165), abducted=True)


def sit_up(trunk: float, hip: float, slope: float = 0.0) -> Callable[[float], Figure]:
    """A sit-up on a bench of that slope, to a trunk so many degrees behind upright and that angle to the thighs."""
    lying = 85 + slope

    def motion(amount: float) -> Figure:
        lean, bent = -lying + (lying - trunk) * amount, 125 - (125 - hip) * amount
        return Figure(trunk_lean=lean, hip=(bent,) * 2, knee=(90, 90), shoulder=(20, 20), elbow=(60, 60))

    return motion


def short_lunge(amount: float) -> Figure:
    """A lunge that ends with the hips at three quarters of a leg, though the rear knee is bent square."""
    return Figure(hip=(180 - 40 * amount, 180), knee=(175 - 50 * amount, 175 - 75 * amount))


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


def arched(least: float, most: float) -> Callable[[float], Figure]:
    """A press whose trunk goes from the one lean to the other."""

    def motion(amount: float) -> Figure:
        lean = least + (most - least) * amount
        arms = (90 + 80 * amount,) * 2
        return Figure(trunk_lean=lean, hip=(180 - lean,) * 2, shoulder=arms, elbow=arms, abducted=True)

    return motion


def pressed(top: float) -> Callable[[float], Figure]:
    """A press with elbows that straighten so far."""
    return lambda amount: Figure(shoulder=(90 + 80 * amount,) * 2, elbow=(85 + (top - 85) * amount,) * 2, abducted=True)


def push_up(sag: float) -> Callable[[float], Figure]:
    """A push-up whose hips hang through by so many degrees."""
    return lambda amount: Figure(
        trunk_lean=80 + sag / 2, hip=(180 + sag,) * 2, shoulder=(75 - 55 * amount,) * 2, elbow=(170 - 90 * amount,) * 2
    )


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
