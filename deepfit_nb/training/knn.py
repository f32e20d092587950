"""A k-nearest-neighbour baseline over pose embeddings, after the recipe in MediaPipe's pose classification guide."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier

from deepfit_nb.kinematics.normalise import from_vector
from deepfit_nb.pose import Pose
from deepfit_nb.pose.keypoints import MMFIT_KEYPOINTS
from deepfit_nb.recognition.classes import EXERCISES, NON_ACTIVITY, Recognition
from deepfit_nb.recognition.vote import TimeVote
from deepfit_nb.training.dataset import frame_vectors, synthetic_frames

#: The offsets between these keypoints are the embedding: along limbs, across joints, and from side to side.
_PAIRS: Final = (
    ("neck", "right_hip"),
    ("neck", "left_hip"),
    ("right_shoulder", "right_elbow"),
    ("left_shoulder", "left_elbow"),
    ("right_elbow", "right_wrist"),
    ("left_elbow", "left_wrist"),
    ("right_hip", "right_knee"),
    ("left_hip", "left_knee"),
    ("right_knee", "right_ankle"),
    ("left_knee", "left_ankle"),
    ("right_shoulder", "right_wrist"),
    ("left_shoulder", "left_wrist"),
    ("right_hip", "right_ankle"),
    ("left_hip", "left_ankle"),
    ("right_hip", "right_wrist"),
    ("left_hip", "left_wrist"),
    ("right_shoulder", "right_ankle"),
    ("left_shoulder", "left_ankle"),
    ("right_elbow", "left_elbow"),
    ("right_knee", "left_knee"),
    ("right_wrist", "left_wrist"),
    ("right_ankle", "left_ankle"),
)
_FROM, _TO = (np.array([MMFIT_KEYPOINTS.index(pair[end]) for pair in _PAIRS], np.intp) for end in (0, 1))


def embedding(vectors: NDArray[np.floating]) -> NDArray[np.floating]:
    """(..., 44) from normalised frame vectors (..., 36)."""
    points = from_vector(vectors)
    offsets = points[..., _TO, :] - points[..., _FROM, :]
    return offsets.reshape(*offsets.shape[:-2], -1)


class NearestNeighbours:
    """Ten nearest of some thousand synthetic frames, and a time vote: a `Recogniser` without an idle class."""

    def __init__(self, frames: int = 20_000, seed: int = 0, neighbours: int = 10) -> None:
        x, y = synthetic_frames(frames, seed)
        self._model = KNeighborsClassifier(neighbours).fit(embedding(x), y)
        self._vote = TimeVote(len(EXERCISES))

    def reset(self) -> None:
        self._vote.reset()

    def update(self, time_s: float, pose: Pose | None) -> Recognition:
        ballot = None
        if pose is not None:
            ballot = np.zeros(len(EXERCISES), np.float32)
            ballot[self._model.classes_] = self._model.predict_proba(embedding(frame_vectors(pose.image[None])))[0]
        mean = self._vote.update(time_s, ballot)
        probabilities = np.append(mean, np.float32(1 - mean.sum())).clip(0, 1)
        best = int(mean.argmax())
        label = EXERCISES[best] if mean[best] else NON_ACTIVITY
        return Recognition(label, float(probabilities.max()), probabilities)
