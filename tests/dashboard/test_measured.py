"""What was measured of a fault, with its unit."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching import Fault, builtin_exercises
from deepfit_nb.dashboard.measured import measured


@pytest.mark.parametrize(
    ("exercise", "fault", "words"),
    [
        ("squats", Fault("shallow_depth", 120.4, 100.0, 1.0, 2.0), "120°, limit 100°"),
        ("squats", Fault("shallow_depth", 0.75, 0.68, 1.0, 2.0), "0.75, limit 0.68"),  # of the same name, from in front
        ("squats", Fault("knee_valgus", 0.613, 0.8, 1.0, 2.0), "0.613, limit 0.8"),
        ("pushups", Fault("hip_pike", -20.0, -12.0, 1.0, 2.0), "-20°, limit -12°"),
        ("bicep_curls", Fault("back_swing", 12.0, 8.0, 1.0, 2.0), "12°, limit 8°"),
        ("squats", Fault("shallow_depth", 120.0, 104.5, 1.0, 2.0), "120°, limit 104°"),  # its limit was moved
        ("squats", Fault("of_no_rule", 120.0, 100.0, 1.0, 2.0), "120, limit 100"),
    ],
)
def test_degrees_have_their_unit_and_ratios_none(exercise: str, fault: Fault, words: str) -> None:
    assert measured(fault, builtin_exercises()[exercise].faults) == words
