"""Which exercise: classifiers over poses, and their voting over time."""

from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY, Recogniser, Recognition

__all__ = ["CLASSES", "EXERCISES", "NON_ACTIVITY", "Recogniser", "Recognition"]
