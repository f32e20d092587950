"""Targets that follow a person's range, and limits that do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deepfit_nb.coaching import Exercise, builtin_exercises
from deepfit_nb.coaching.calibration import Calibration, calibrate
from deepfit_nb.coaching.demonstration import coached
from deepfit_nb.errors import ExerciseError
from deepfit_nb.pose import PoseRecording
from deepfit_nb.training.camera import View
from deepfit_nb.training.synthesis import EXACT, make_recording
from tests.factories import Figure, cosine, film

SIDE = View(azimuth_deg=80.0)
SQUATS, PUSHUPS = builtin_exercises()["squats"], builtin_exercises()["pushups"]


def seen(exercise: str, *, fault: str | None = None, reps: int = 5, seed: int = 0) -> PoseRecording:
    return make_recording(exercise, reps=reps, fault=fault, seed=seed, view=SIDE, detector=EXACT)[0]


def faults(exercise: Exercise, recording: PoseRecording) -> list[str]:
    return [fault.id for one in coached(exercise, recording) for rep in one.reps for fault in rep.faults]


def calibration(exercise: Exercise = SQUATS, **learned: object) -> Calibration:
    usual = {"reps": 5, "rom_deg": 80.0, "rep_s": 2.0, "signal": exercise.signal.measures, "shortfall": {}}
    return Calibration.model_validate({"exercise": exercise.name, **usual, **learned})


def limits(exercise: Exercise) -> dict[tuple[str, str, str], float]:
    return {(rule.id, rule.measure, rule.statistic): rule.limit for rule in exercise.faults}


def test_a_set_that_reaches_the_targets_changes_no_limit() -> None:
    learned = calibrate(SQUATS, seen("squats"))
    assert learned.reps == 5
    assert learned.rep_s == pytest.approx(2.0, abs=0.3)
    assert set(learned.shortfall.values()) == {0.0}
    assert set(learned.shortfall) == set(SQUATS.range_rules)
    assert limits(learned.apply(SQUATS)) == limits(SQUATS)


def test_a_short_range_becomes_the_persons_own() -> None:
    short = seen("squats", fault="shallow_depth")
    adapted = calibrate(SQUATS, short).apply(SQUATS)
    assert faults(SQUATS, short) == ["shallow_depth"] * 5
    assert faults(adapted, seen("squats", fault="shallow_depth", seed=3)) == []
    assert [one.count for one in coached(adapted, seen("squats", reps=4))] == [4]


def test_progress_ends_where_the_person_does() -> None:
    learned = calibrate(SQUATS, seen("squats", fault="shallow_depth"))
    (knee, *_), (defined, *_) = learned.apply(SQUATS).signal.measures, SQUATS.signal.measures
    assert knee.measure == defined.measure == "knee_squatting"
    assert knee.peak > defined.peak + 10
    assert knee.rest == pytest.approx(defined.rest, abs=10)


@pytest.mark.parametrize(("exercise", "fault"), [("squats", "trunk_lean"), ("pushups", "hip_sag")])
def test_form_that_may_hurt_is_not_learned(exercise: str, fault: str) -> None:
    with pytest.raises(ExerciseError, match=f"[012] good reps are seen, 3 are needed .*{fault.replace('_', ' ')}"):
        calibrate(builtin_exercises()[exercise], seen(exercise, fault=fault))


def test_limits_that_protect_stay() -> None:
    learned = calibration(PUSHUPS, shortfall={rule.cue: 0.2 for rule in PUSHUPS.faults})
    before, after = limits(PUSHUPS), limits(learned.apply(PUSHUPS))
    depth = ("short_range", "elbow_pushing", "min")
    assert after[depth] == pytest.approx(before[depth] + 0.2 * 90)
    assert {key: limit for key, limit in after.items() if key[0] != "short_range"} == {
        key: limit for key, limit in before.items() if key[0] != "short_range"
    }
    sagging = seen("pushups", fault="hip_sag")
    assert faults(learned.apply(PUSHUPS), sagging).count("hip_sag") == faults(PUSHUPS, sagging).count("hip_sag") > 0


@pytest.mark.parametrize("name", sorted(builtin_exercises()))
def test_nothing_goes_beyond_what_is_safe(name: str) -> None:
    exercise = builtin_exercises()[name]
    hardly = tuple(
        one.model_copy(update={"peak": one.rest + 0.01 * (one.peak - one.rest)}) for one in exercise.signal.measures
    )
    everything = {rule.cue: 1.0 for rule in exercise.faults}
    adapted = calibration(exercise, signal=hardly, shortfall=everything).apply(exercise)
    for one, defined in zip(adapted.signal.measures, exercise.signal.measures, strict=True):
        assert (one.peak - one.rest) / (defined.peak - defined.rest) == pytest.approx(0.7)
    spans = {one.measure: abs(one.peak - one.rest) for one in exercise.signal.measures}
    for key, limit in limits(adapted).items():
        assert abs(limit - limits(exercise)[key]) <= 0.25 * spans.get(key[1], 0.0) + 1e-9


def test_too_few_reps_are_refused() -> None:
    with pytest.raises(ExerciseError, match=r"Squat: 2 good reps are seen, 3 are needed\. Do five reps"):
        calibrate(SQUATS, seen("squats", reps=2))


def test_one_of_an_earlier_version_is_left_aside_and_said(caplog: pytest.LogCaptureFixture) -> None:
    """Before 0.14.0 curls knew their elbows only as those of any body."""
    curls = builtin_exercises()["bicep_curls"]
    signal = [{"measure": "elbow", "rest": 150, "peak": 80}, {"measure": "hand_height", "rest": -0.9, "peak": -0.3}]
    assert calibration(curls, signal=signal, shortfall={"Curl all the way up": 0.2}).apply(curls) == curls
    assert "calibrate again" in caplog.text


def test_it_fits_its_own_exercise_only() -> None:
    with pytest.raises(ExerciseError, match="a calibration of squats does not fit pushups"):
        calibration(SQUATS).apply(PUSHUPS)


def test_who_cannot_straighten_their_arms_is_still_told_to_bend_them() -> None:
    curls = builtin_exercises()["bicep_curls"]
    times, amounts = cosine(5)

    def arms(hanging: float, folded: float) -> Callable[[float], Figure]:
        return lambda amount: Figure(
            knee=(175, 175), hip=(177, 177), shoulder=(5, 5), elbow=(hanging - (hanging - folded) * amount,) * 2
        )

    learned = calibrate(curls, film(arms(118, 45), times, amounts, azimuth_deg=85))
    before, after = limits(curls), limits(learned.apply(curls))
    moved = {key for key in before if before[key] != pytest.approx(after[key])}
    assert moved == {("short_range", "elbow_curling", "max")}


def test_only_a_limit_that_was_moved_is_personal() -> None:
    """What shallow squats look like in general must not make the margin of one's own depth smaller."""
    depth = next(rule for rule in SQUATS.faults if rule.id == "shallow_depth")
    for shortfall, personal in (({depth.cue: 0.2}, True), ({depth.cue: 0.0}, False), ({}, False)):
        rules = calibration(shortfall=shortfall).apply(SQUATS).faults
        assert {rule.personal for rule in rules if rule.id == depth.id} == {personal}
        assert not any(rule.personal for rule in rules if rule.id != depth.id)


@pytest.mark.parametrize("key", ["id", "cue"])
def test_a_range_learnt_by_an_earlier_version_still_relaxes_the_limit(key: str) -> None:
    depth = next(rule for rule in SQUATS.faults if rule.id == "shallow_depth")
    relaxed = limits(calibration(shortfall={getattr(depth, key): 0.2}).apply(SQUATS))
    assert relaxed[(depth.id, depth.measure, depth.statistic)] > depth.limit
