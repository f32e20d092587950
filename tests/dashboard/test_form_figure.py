"""The figure of the form faults says what the coach says."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.demonstration import coached, observe
from deepfit_nb.dashboard.form_figure import judge_reps
from deepfit_nb.pose import Landmark as L
from deepfit_nb.pose import PoseRecording
from tests.factories import Figure, cosine, film, squat


def one_arm_too_high(azimuth_deg: float) -> PoseRecording:
    """Lateral raises: the right arm to 90 degrees, the left one further."""
    times, amounts = cosine(3)
    return film(
        lambda amount: Figure(shoulder=(10 + 115 * amount, 10 + 80 * amount), elbow=(170, 170), abducted=True),
        times,
        amounts,
        azimuth_deg=azimuth_deg,
    )


def shallow(*hidden: L, depth: float = 0.65) -> PoseRecording:
    """Squats to 113 degrees, or another part of 95, perhaps with hidden legs."""
    times, amounts = cosine(3)
    return film(squat, times, depth * amounts, azimuth_deg=40, hidden=hidden)


LEGS = (L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE)


@pytest.mark.parametrize(
    ("exercise", "recording", "found"),
    [
        ("lateral_shoulder_raises", one_arm_too_high(0), {"raised_too_high"}),
        ("squats", shallow(), {"shallow_depth"}),
        ("squats", shallow(*LEGS), {"shallow_depth"}),
        ("squats", shallow(*LEGS, depth=0.9), set()),
    ],
)
def test_a_dot_is_a_fault_where_the_coach_finds_one(exercise: str, recording: PoseRecording, found: set[str]) -> None:
    definition = builtin_exercises()[exercise]
    (done,) = coached(definition, recording)
    assert [{fault.id for fault in rep.faults} for rep in done.reps] == [found] * 3
    motions = observe(recording)
    drawn: list[set[str]] = [set() for _ in done.reps]
    for rule in definition.faults:
        for ids, judged in zip(drawn, judge_reps(definition, rule, done, motions), strict=True):
            if judged.fault:
                ids.add(rule.id)
                assert judged.excess > judged.margin >= 0.5 * rule.tolerance
            assert judged.clear or not judged.fault
    assert drawn == [found] * 3


def test_what_is_out_of_view_is_not_clear() -> None:
    definition = builtin_exercises()["squats"]
    recording = shallow()
    (done,) = coached(definition, recording)
    valgus = next(rule for rule in definition.faults if rule.id == "knee_valgus" and done.view not in rule.views)
    assert not any(judged.clear for judged in judge_reps(definition, valgus, done, observe(recording)))
    assert np.isfinite([judged.value for judged in judge_reps(definition, valgus, done, observe(recording))]).all()
