"""Which exercise: classifiers over poses, and their voting over time."""

from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY, Recogniser, Recognition
from deepfit_nb.recognition.frame import FrameClassifier
from deepfit_nb.recognition.sequence import SequenceClassifier, SequenceRecogniser
from deepfit_nb.recognition.vote import TimeVote, VotingRecogniser

__all__ = [
    "CLASSES",
    "EXERCISES",
    "NON_ACTIVITY",
    "FrameClassifier",
    "Recogniser",
    "Recognition",
    "SequenceClassifier",
    "SequenceRecogniser",
    "TimeVote",
    "VotingRecogniser",
]
