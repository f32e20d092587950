"""What is told of the coach's angles where the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deepfit_nb.kinematics import ANGLES
from deepfit_nb.kinematics.measures import INDEX, MEASURES
from deepfit_nb.pose import PoseRecording
from deepfit_nb.training.angle_errors import AngleErrors
from deepfit_nb.training.coaching_cases import Case, KnownSet
from tests.storage.workouts import rep, report, workout_set

FRAMES = 7


@pytest.mark.parametrize(("hindsight", "offset"), [(False, 10.0), (True, 3.0)])
def test_an_analysis_is_judged_by_the_angles_that_it_keeps(hindsight: bool, offset: float) -> None:
    """Live the knee is 10 degrees too straight, in the light of the set that was found 3."""
    truth = np.full((FRAMES, len(ANGLES)), 80.0)
    measured = np.full(len(MEASURES), 80, np.float32)
    for side in ("left", "right"):
        measured[INDEX[f"knee_squatting_{side}"]] = 83
    reports = [
        replace(
            report(float(time)),
            angles=np.full(len(ANGLES), 90, np.float32),
            measured=measured,
        )
        for time in range(FRAMES)
    ]
    recording = PoseRecording.from_poses([(one.time_s, one.pose) for one in reports], fps=1, size=(640, 480))
    errors = AngleErrors(hindsight=hindsight)
    errors.add(
        Case("squats", recording, (KnownSet("squats", 2),), angles=truth),
        reports,
        [workout_set([rep(1, 0.0, float(FRAMES))])],
    )
    assert errors.by_joint()["knee"]["offset"] == pytest.approx(offset)
    assert errors.claimed == 1
