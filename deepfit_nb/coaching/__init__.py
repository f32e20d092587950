"""How well: exercise definitions, rep counting, form rules, and the `Coach` that runs them over a stream."""

from deepfit_nb.coaching.report import Cue, Fault, FrameReport, Rep, WorkoutSet

__all__ = ["Cue", "Fault", "FrameReport", "Rep", "WorkoutSet"]
