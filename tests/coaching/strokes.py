"""Measures of one movement there and back, as rules see it."""

from __future__ import annotations

import numpy as np

from deepfit_nb.kinematics.measures import INDEX, MEASURES
from deepfit_nb.kinematics.stretch import Stretch

FRAMES = 21
PROGRESS = np.sin(np.linspace(0, np.pi, FRAMES))


def knee_bend(knee_left: float = 90.0, knee_right: float = 90.0, rest: float = 170.0) -> Stretch:
    """A movement of the knees from ``rest`` to so many degrees and back in two seconds; all else stays at 1."""
    values, errors = np.ones((FRAMES, len(MEASURES))), np.full((FRAMES, len(MEASURES)), 4.0)
    for side, bent in (("left", knee_left), ("right", knee_right)):
        values[:, [INDEX[f"knee_{side}"], INDEX[f"knee_squatting_{side}"]]] = (rest + (bent - rest) * PROGRESS)[:, None]
    return Stretch(np.linspace(0, 2, FRAMES), values, errors)
