from dataclasses import replace

import numpy as np
import pytest

from deepfit_nb.coaching.hindsight import angles_in_hindsight, exercises_in_hindsight, other_exercise
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.kinematics.measures import INDEX, MEASURES
from tests.storage.workouts import rep, report, workout_set


def said_live(labels):
    """Reports a second apart."""
    return [report(float(time), label) for time, label in enumerate(labels)]


@pytest.mark.parametrize(
    ("seconds", "reps", "kept"),
    [
        (2, [], False),
        (4, [], True),
        (2, [rep(1, 9.0, 11.0)], True),  # within its time
        (2, [rep(1, 6.0, 9.0)], True),  # the answer lags behind
        (2, [rep(1, 4.0, 7.0)], False),
    ],
)
def test_an_exercise_that_is_said_for_a_moment_without_a_rep_was_a_mistake(seconds, reps, kept):
    labels = ["non_activity"] * 10 + ["squats"] * seconds + ["non_activity"] * 10
    sets = [workout_set(reps)] if reps else []
    said = list(exercises_in_hindsight(said_live(labels), sets)[10 : 10 + seconds])
    within = [reps and reps[0].start_s <= time <= reps[0].end_s for time in range(10, 10 + seconds)]
    assert said == ["squats" if kept or inside else "non_activity" for inside in within]


def test_what_is_said_as_the_clip_ends_stands():
    labels = ["non_activity"] * 5 + ["squats"] * 2
    assert exercises_in_hindsight(said_live(labels), [])[-1] == "squats"


@pytest.mark.parametrize(
    ("chosen", "labels", "other"),
    [
        ("pushups", ["non_activity"] * 20 + ["squats"] * 10, "squats"),
        ("pushups", ["squats"] * 8 + ["lunges"] * 2, "squats"),
        ("pushups", ["squats"] * 6 + ["lunges"] * 4, None),
        ("pushups", ["squats"] * 5 + ["pushups"] * 5, None),
        ("squats", ["squats"] * 10, None),
        ("situps", ["non_activity"] * 50 + ["squats"] * 3 + ["non_activity"], None),  # a glimpse
        ("pushups", ["non_activity"] * 10, None),
        ("sit_down", ["squats"] * 10, None),  # taught: it may well look like that
    ],
)
def test_another_exercise_than_the_chosen_one_is_noticed_where_it_is_plain(chosen, labels, other):
    assert other_exercise(said_live(labels), chosen) == other


@pytest.mark.parametrize(
    ("exercise", "knees"),
    [("squats", [90, 80, 80, 80, 90]), ("lunges", [90, 70, 70, 70, 90]), ("taught_one", [90] * 5)],
)
def test_all_through_a_set_angles_are_seen_in_the_light_of_what_was_done(exercise, knees):
    """From its first rep on, though the live ones could not know it then; before and after it as of any body."""
    measured = np.full(len(MEASURES), 90, np.float32)
    measured[INDEX["knee_squatting_left"]], measured[INDEX["knee_lunging_left"]] = 80, 70
    reports = [replace(report(0.04 * time), measured=measured) for time in range(5)]
    angles = angles_in_hindsight(reports, [workout_set([rep(1, 0.04, 0.12)], exercise=exercise)])
    assert angles.shape == (5, len(ANGLES))
    assert angles[:, ANGLES.index("knee_left")] == pytest.approx(knees)
    assert angles[:, ANGLES.index("elbow_left")] == pytest.approx(90)
