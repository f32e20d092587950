"""How well: exercise definitions, rep counting, form rules, and the `Coach` that runs them over a stream."""

from deepfit_nb.coaching.coach import Coach
from deepfit_nb.coaching.definition import Exercise, builtin_exercises, read_exercise
from deepfit_nb.coaching.report import Cue, Fault, FrameReport, Rep, WorkoutSet

__all__ = [
    "Coach",
    "Cue",
    "Exercise",
    "Fault",
    "FrameReport",
    "Rep",
    "WorkoutSet",
    "builtin_exercises",
    "read_exercise",
]
