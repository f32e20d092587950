import sys

import numpy as np
import pytest

from deepfit_nb.kinematics.angles import ANGLES, joint_angles
from deepfit_nb.pose.keypoints import Landmark as L
from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY
from deepfit_nb.training.body import Body, landmarks
from deepfit_nb.training.camera import View
from deepfit_nb.training.idle import IDLE_NAMES
from deepfit_nb.training.norms import FAULTS, PLAIN, plain_style
from deepfit_nb.training.script import Activity
from deepfit_nb.training.styles import STYLES, sample_style
from deepfit_nb.training.synthesis import (
    EXACT,
    make_activities,
    make_recording,
    make_workout,
    random_recording,
    set_script,
)  # fmt: skip

SIDE = View(azimuth_deg=90.0, height_m=0.9, distance_m=6.0)


def angle(truth_angles: np.ndarray, name: str) -> np.ndarray:
    return truth_angles[:, ANGLES.index(name)]


def test_every_exercise_has_styles_and_a_plain_one() -> None:
    assert set(STYLES) == set(PLAIN) == set(EXERCISES)


def test_making_skeletons_needs_no_tensorflow() -> None:
    assert "deepfit_nb.training.synthesis" in sys.modules
    import subprocess

    code = (
        "import deepfit_nb.training.synthesis, deepfit_nb.training.dataset, sys; sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_same_seed_gives_the_same_recording(exercise: str) -> None:
    first, _ = make_recording(exercise, reps=2, seed=7)
    again, _ = make_recording(exercise, reps=2, seed=7)
    other, _ = make_recording(exercise, reps=2, seed=8)
    np.testing.assert_array_equal(first.image, again.image)
    assert not np.array_equal(first.image, other.image)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_truth_agrees_with_the_landmarks_of_an_exact_detector(exercise: str) -> None:
    recording, truth = make_recording(exercise, reps=2, detector=EXACT)
    np.testing.assert_allclose(joint_angles(recording.world)[:, :8], truth.angles[:, :8], atol=0.2)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_reps_labels_and_phase_belong_together(exercise: str) -> None:
    recording, truth = make_recording(exercise, reps=4)
    (done,) = truth.sets
    assert done.reps == 4
    during = truth.label == CLASSES.index(exercise)
    np.testing.assert_array_equal(during, truth.rep >= 0)
    assert (truth.label[~during] == CLASSES.index(NON_ACTIVITY)).all()
    for rep, (start, end) in enumerate(zip(done.rep_edges_s, done.rep_edges_s[1:], strict=False)):
        inside = (recording.time_s >= start) & (recording.time_s < end)
        assert (truth.rep[inside] == rep).all()
        assert truth.phase[inside].max() > 0.95
        assert truth.phase[inside][0] < 0.05


@pytest.mark.parametrize(
    ("exercise", "name", "start", "peak"),
    [
        ("squats", "knee_left", 165, 85),
        ("lunges", "knee_left", 165, 95),
        ("bicep_curls", "elbow_left", 165, 42),
        ("pushups", "elbow_left", 155, 80),
        ("situps", "hip_left", 120, 55),
        ("jumping_jacks", "shoulder_left", 12, 160),
        ("lateral_shoulder_raises", "shoulder_left", 12, 92),
        ("dumbbell_shoulder_press", "elbow_left", 72, 170),
        ("tricep_extensions", "elbow_left", 62, 168),
        ("dumbbell_rows", "elbow_left", 170, 100),
    ],
)
def test_textbook_ranges(exercise: str, name: str, start: float, peak: float) -> None:
    """What a trainer would measure at either end of a correct rep, within 15 degrees."""
    _, truth = make_recording(exercise, reps=2, detector=EXACT)
    values = angle(truth.angles, name)
    assert values[truth.rep == -1][:10].mean() == pytest.approx(start, abs=15)
    assert values[truth.phase > 0.98].mean() == pytest.approx(peak, abs=15)


@pytest.mark.parametrize(("exercise", "fault"), sorted(FAULTS))
def test_a_fault_changes_the_movement(exercise: str, fault: str) -> None:
    _, good = make_recording(exercise, reps=1, detector=EXACT)
    _, bad = make_recording(exercise, reps=1, detector=EXACT, fault=fault)
    moved = np.abs(good.angles - bad.angles).max()
    # Valgus bends no knee further: it moves it inward, which angles hardly show.
    assert moved > (2 if fault == "knee_valgus" else 8)
    assert bad.sets[0].fault == fault


def test_an_unknown_fault_or_exercise_names_those_known() -> None:
    with pytest.raises(ValueError, match="shallow_depth"):
        make_recording("squats", fault="bad_hair")
    with pytest.raises(ValueError, match="pushups"):
        make_recording("yoga")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_limbs_keep_their_length_in_every_style(exercise: str) -> None:
    for seed in range(5):
        rng = np.random.default_rng([seed, 9])
        style = sample_style(exercise, rng)
        recording, _ = make_recording(exercise, reps=1, style=style, detector=EXACT)
        for first, second in ((L.LEFT_KNEE, L.LEFT_ANKLE), (L.RIGHT_ELBOW, L.RIGHT_WRIST), (L.LEFT_HIP, L.LEFT_KNEE)):
            length = np.linalg.norm(recording.world[:, first] - recording.world[:, second], axis=-1)
            assert np.ptp(length) < 1e-3


def test_alternating_arms_take_turns() -> None:
    style = sample_style("bicep_curls", np.random.default_rng(0)).with_values(sides="alternate", side=0.0, closed=140.0)
    _, truth = make_recording("bicep_curls", reps=4, style=style, detector=EXACT)
    for rep in range(4):
        left, right = (angle(truth.angles, f"elbow_{side}")[truth.rep == rep].min() for side in ("left", "right"))
        assert (left < right) == (rep % 2 == 0)


@pytest.mark.parametrize(("side", "first"), [(0.0, "left"), (1.0, "right")])
def test_arms_that_see_saw_pass_each_other_half_way(side: float, first: str) -> None:
    style = plain_style("bicep_curls").with_values(sides="seesaw", side=side)
    _, truth = make_recording("bicep_curls", reps=4, style=style, detector=EXACT)
    lead, other = (angle(truth.angles, f"elbow_{name}") for name in (first, "right" if first == "left" else "left"))
    middle = (truth.rep >= 1) & (truth.rep <= 2)
    # Four lifts in all, two of each arm; what one arm bends the other straightens.
    assert [int(arm[truth.rep == rep].argmin() > 0) for rep, arm in enumerate((lead, other, lead, other))] == [1] * 4
    assert [bool(lead[truth.rep == rep].min() < 60) for rep in (0, 2)] == [True, True]
    assert [bool(other[truth.rep == rep].min() < 60) for rep in (1, 3)] == [True, True]
    assert np.corrcoef(lead[middle], other[middle])[0, 1] < -0.9


def test_walking_lunges_end_where_the_steps_led() -> None:
    style = plain_style("lunges").with_values(kind="walking", step=0.75)
    level = View(azimuth_deg=90.0, height_m=0.9, distance_m=40.0)
    recording, truth = make_recording("lunges", reps=3, style=style, detector=EXACT, view=level)
    hips, ankles = (recording.image[:, first : first + 2, 0].mean(1) for first in (23, 27))
    per_step = np.diff([hips[truth.rep == rep][0] for rep in range(3)])
    leg = Body().leg / np.ptp(recording.world[0, :, 1]) * np.ptp(recording.image[0, :, 1])
    assert np.abs(per_step) == pytest.approx([0.75 * leg] * 2, rel=0.1)
    assert abs(ankles[-1] - hips[-1]) < 0.1 * leg, "feet together under the hips at the end"
    assert np.abs(np.diff(hips)).max() < 0.1 * leg, "nobody jumps from one step to the next"


@pytest.mark.parametrize(
    ("exercise", "name", "least", "most"),
    [
        ("squats", "knee_left", 0, 100),
        ("squats", "trunk_lean", 0, 50),
        ("lunges", "trunk_lean", 0, 25),
        ("pushups", "elbow_left", 0, 100),
        ("jumping_jacks", "shoulder_left", 142, 180),
        ("lateral_shoulder_raises", "shoulder_left", 75, 105),
        ("dumbbell_rows", "trunk_lean", 45, 90),
        ("dumbbell_shoulder_press", "elbow_left", 150, 180),
        ("tricep_extensions", "elbow_left", 134, 180),
    ],
)
def test_a_correct_set_obeys_the_benchmarks(exercise: str, name: str, least: float, most: float) -> None:
    """At its peak, the true angle is inside the limit of the form rule of that exercise, whatever the style."""
    for seed in range(20):
        script = set_script(np.random.default_rng(seed), exercise, None)
        if script[1].style.flag("one_arm") or script[1].style.word("sides", "both") != "both":
            continue
        _, truth = make_activities(script, seed=seed, detector=EXACT)
        peak = float(np.median(angle(truth.angles, name)[truth.phase > 0.93]))
        assert least - 2 <= peak <= most + 2, (seed, script[1].style)


def test_a_workout_has_its_sets_in_order() -> None:
    names = ["squats", "pushups", "jumping_jacks"]
    recording, truth = make_workout(names, reps=3, rest_s=4, varied=True, seed=3)
    assert [one.exercise for one in truth.sets] == names
    assert [one.reps for one in truth.sets] == [3, 3, 3]
    for before, after in zip(truth.sets, truth.sets[1:], strict=False):
        assert after.start_s - before.end_s > 4
    assert recording.time_s[-1] > truth.sets[-1].end_s + 3


@pytest.mark.parametrize("name", IDLE_NAMES)
def test_idle_time_is_finite_and_labelled_idle(name: str) -> None:
    recording, truth = make_activities([Activity(name, duration_s=3)], fps=10)
    assert np.isfinite(recording.image[recording.ok]).all()
    assert (truth.label == CLASSES.index(NON_ACTIVITY)).all()
    assert not truth.sets


def test_strangers_are_all_different_and_whole() -> None:
    rng = np.random.default_rng(0)
    sizes = set()
    for exercise in (*EXERCISES, None):
        recording, truth = random_recording(rng, exercise=exercise)
        assert np.isfinite(recording.image[recording.ok]).all()
        assert len(truth.sets) == (exercise is not None)
        sizes.add((recording.size, round(truth.view.azimuth_deg)))
    assert len(sizes) == 11


def test_azimuth_says_which_side_is_near() -> None:
    for azimuth, nearer in ((90.0, L.LEFT_SHOULDER), (-90.0, L.RIGHT_SHOULDER)):
        recording, _ = make_recording("squats", reps=1, detector=EXACT, view=View(azimuth_deg=azimuth))
        depth = recording.world[:, [L.LEFT_SHOULDER, L.RIGHT_SHOULDER], 2].mean(0)
        assert [L.LEFT_SHOULDER, L.RIGHT_SHOULDER][int(depth.argmin())] == nearer


def test_standing_feet_are_on_the_floor_and_the_head_at_the_top() -> None:
    body = Body.sample(np.random.default_rng(1))
    from deepfit_nb.training.stances import standing

    points = landmarks(body, standing(body))[0]
    assert abs(points[[L.LEFT_HEEL, L.RIGHT_FOOT_INDEX], 1]).max() < 0.06
    assert points[L.NOSE, 1] == pytest.approx(0.93 * body.stature, rel=0.08)


def test_the_detector_errs_more_where_limbs_are_hidden() -> None:
    seen, _ = make_recording("bicep_curls", reps=3, view=SIDE)
    exact, _ = make_recording("bicep_curls", reps=3, view=SIDE, detector=EXACT)
    error = np.nanmedian(np.linalg.norm(seen.image[..., :2] - exact.image[..., :2], axis=-1), axis=0)
    assert error[L.RIGHT_WRIST] > error[L.LEFT_WRIST]
    assert np.nanmedian(seen.image[:, L.RIGHT_ELBOW, 3]) < np.nanmedian(seen.image[:, L.LEFT_ELBOW, 3])
