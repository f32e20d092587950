"""Which joints matter to an exercise."""

from __future__ import annotations

import math
from typing import Final

from deepfit_nb.coaching import FrameReport
from deepfit_nb.coaching.definition import builtin_exercises
from deepfit_nb.kinematics import ANGLES, TRIPLES

#: Landmark at the apex of each angle; the trunk has none.
_APEX: Final = {angle: int(triple[1]) for angle, triple in TRIPLES.items()}


def joints_of(exercise: str) -> list[str]:
    """The joints whose angles tell an exercise's story, as its definition names them."""
    return list(builtin_exercises()[exercise].angles)


def angle_labels(report: FrameReport) -> dict[int, str]:
    """Texts to write beside landmarks: the angle of the exercise's first joint, both sides, where it is known."""
    if report.exercise is None:
        return {}
    joint = joints_of(report.exercise)[0]
    values = {
        name: float(report.angles[ANGLES.index(name)]) for name in (f"{joint}_left", f"{joint}_right") if name in _APEX
    }
    return {_APEX[name]: f"{value:.0f}°" for name, value in values.items() if math.isfinite(value)}
