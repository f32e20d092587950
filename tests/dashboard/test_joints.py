from __future__ import annotations

from dataclasses import replace

import numpy as np

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.dashboard.joints import angle_labels
from deepfit_nb.kinematics import ANGLES
from tests.storage.workouts import report


def test_angles_of_the_exercise_are_written_beside_their_joints() -> None:
    angles = np.arange(len(ANGLES), dtype=np.float32) * 10
    squat = replace(report(0), exercise="squats", angles=angles)
    left_knee, right_knee = 25, 26
    assert angle_labels(squat, builtin_exercises()) == {
        left_knee: f"{10 * ANGLES.index('knee_left')}°",
        right_knee: f"{10 * ANGLES.index('knee_right')}°",
    }


def test_unknown_angles_and_unknown_exercises_are_not_labelled() -> None:
    assert angle_labels(report(0), builtin_exercises()) == {}
    assert angle_labels(replace(report(0, seen=False), exercise="squats"), builtin_exercises()) == {}
