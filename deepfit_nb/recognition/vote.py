"""A majority vote over time, for classifiers that look at single frames."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose import Pose
from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY, Recognition
from deepfit_nb.recognition.frame import FrameClassifier, pose_vector


class TimeVote:
    """Means of probability vectors over the last seconds, each weighted by the time it stood for.

    The seed voted over 250 frames, which is 8 seconds of one camera and 30 of another; this is the same at any rate.
    """

    def __init__(self, size: int, span_s: float = 2.5) -> None:
        self._size = size
        self._span_s = span_s
        self._ballots: deque[tuple[float, float, NDArray[np.float32]]] = deque()
        self._last_s: float | None = None

    def reset(self) -> None:
        self._ballots.clear()
        self._last_s = None

    def update(self, time_s: float, probabilities: NDArray[np.floating] | None) -> NDArray[np.float32]:
        """Take in the ballot of one frame (None: no opinion) and return the mean (size,); zeros without a ballot."""
        # A frame after a gap must not outweigh a second of frames before it.
        weight = 0.1 if self._last_s is None else min(time_s - self._last_s, 0.2)
        self._last_s = time_s
        if probabilities is not None:
            self._ballots.append((time_s, weight, np.asarray(probabilities, np.float32)))
        while self._ballots and self._ballots[0][0] < time_s - self._span_s:
            self._ballots.popleft()
        if not self._ballots:
            return np.zeros(self._size, np.float32)
        weights = np.array([ballot[1] for ballot in self._ballots], np.float32)
        return weights @ np.stack([ballot[2] for ballot in self._ballots]) / weights.sum()


class VotingRecogniser:
    """The frame classifier with a time vote, as a `Recogniser`. ``non_activity`` only where nobody is seen."""

    def __init__(self, classifier: FrameClassifier, span_s: float = 2.5) -> None:
        self._classifier = classifier
        self._vote = TimeVote(len(EXERCISES), span_s)

    def reset(self) -> None:
        self._vote.reset()

    def update(self, time_s: float, pose: Pose | None) -> Recognition:
        ballot = None if pose is None else self._classifier.probabilities(pose_vector(pose))
        mean = self._vote.update(time_s, ballot)
        probabilities = np.append(mean, np.float32(1 - mean.sum())).astype(np.float32).clip(0, 1)
        best = int(mean.argmax())
        if not mean[best]:
            return Recognition(NON_ACTIVITY, 1.0, probabilities)
        return Recognition(CLASSES[best], float(mean[best]), probabilities)
