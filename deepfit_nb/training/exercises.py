"""The ten exercises as motions: amount of the rep in, posture out.

Each function takes the body, ``amount`` (T, 2), how far the left and the right side are through the rep (0 at its
start, 1 at its peak; both columns alike where the sides cannot differ), the number of the rep in each frame ``rep``
(T,), and a style drawn by `deepfit_nb.training.styles`. What a style holds is listed there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.training.body import Body, Posture
from deepfit_nb.training.exercises_arms import (
    bicep_curls,
    dumbbell_rows,
    dumbbell_shoulder_press,
    lateral_shoulder_raises,
    tricep_extensions,
)
from deepfit_nb.training.exercises_floor import pushups, situps
from deepfit_nb.training.exercises_legs import jumping_jacks, lunges, squats
from deepfit_nb.training.geometry import (
    Array,
)
from deepfit_nb.training.style import Style

Motion = Callable[[Body, Array, NDArray[np.intp], Style], Posture]

MOTIONS: Final[dict[str, Motion]] = {
    "squats": squats,
    "lunges": lunges,
    "bicep_curls": bicep_curls,
    "situps": situps,
    "pushups": pushups,
    "tricep_extensions": tricep_extensions,
    "dumbbell_rows": dumbbell_rows,
    "jumping_jacks": jumping_jacks,
    "dumbbell_shoulder_press": dumbbell_shoulder_press,
    "lateral_shoulder_raises": lateral_shoulder_raises,
}
