"""Which joints matter to an exercise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from deepfit_nb.coaching import Exercise, FrameReport
from deepfit_nb.kinematics import ANGLES, TRIPLES

#: Landmark at the apex of each angle; the trunk has none.
_APEX: Final = {angle: int(triple[1]) for angle, triple in TRIPLES.items()}


def angle_labels(report: FrameReport, exercises: Mapping[str, Exercise]) -> dict[int, str]:
    """Texts to write beside landmarks: the angle of the exercise's first joint, both sides, where it is known."""
    if report.exercise is None:
        return {}
    joint = exercises[report.exercise].angles[0]
    values = {
        name: float(report.angles[ANGLES.index(name)]) for name in (f"{joint}_left", f"{joint}_right") if name in _APEX
    }
    return {_APEX[name]: f"{value:.0f}°" for name, value in values.items() if math.isfinite(value)}
