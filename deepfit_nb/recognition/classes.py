"""The class names, in the order of every probability vector, and what a recogniser says of a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose import Pose

#: MM-Fit's ten exercises.
EXERCISES: Final[tuple[str, ...]] = (
    "squats",
    "lunges",
    "bicep_curls",
    "situps",
    "pushups",
    "tricep_extensions",
    "dumbbell_rows",
    "jumping_jacks",
    "dumbbell_shoulder_press",
    "lateral_shoulder_raises",
)

#: MM-Fit's own eleventh class.
NON_ACTIVITY: Final = "non_activity"

CLASSES: Final[tuple[str, ...]] = (*EXERCISES, NON_ACTIVITY)


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """What is being done now.

    Attributes
    ----------
    label
        One of `CLASSES`; ``non_activity`` also when the recogniser is not sure enough to name an exercise.
    confidence
        Calibrated probability of the label, 0..1.
    probabilities
        (11,) in the order of `CLASSES`, summing to 1.
    """

    label: str
    confidence: float
    probabilities: NDArray[np.float32]


class Recogniser(Protocol):
    """A streaming recogniser: one call a frame, in the order of time."""

    def update(self, time_s: float, pose: Pose | None) -> Recognition:
        """Take in one frame (``None``: nobody seen) and say what is being done now."""
        ...

    def reset(self) -> None:
        """Forget everything: the next frame begins a new stream."""
        ...
