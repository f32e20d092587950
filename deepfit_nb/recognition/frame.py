"""The frame classifier: which exercise a single body looks most like. It knows no idle class and no time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.normalise import from_vector, normalise, to_vector
from deepfit_nb.pose import Pose
from deepfit_nb.pose.keypoints import to_mmfit
from deepfit_nb.recognition.classes import EXERCISES
from deepfit_nb.recognition.model import TFLiteModel
from deepfit_nb.resources import resource

#: Changes whenever the meaning of the 36 numbers does.
FRAME_FEATURE_VERSION: Final = 1


def pose_vector(pose: Pose) -> NDArray[np.floating]:
    """The classifier's 36 numbers of a pose, in pixels: the x of the 18 keypoints and then the y."""
    return to_vector(to_mmfit(pose.xy))


class FrameClassifier:
    """The seed's network (36-64-32-16-10) with the normalisation it was trained on.

    Raises `deepfit_nb.errors.ModelError` where the file is absent or does not fit.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._model = TFLiteModel(
            path or resource("models", "frame_classifier.tflite"),
            kind="frame", classes=EXERCISES, input_shape=(36,), feature_version=FRAME_FEATURE_VERSION,
        )  # fmt: skip

    @property
    def sha256(self) -> str:
        return self._model.sha256

    def probabilities(self, x36: NDArray[np.floating]) -> NDArray[np.float32]:
        """(10,) in the order of `EXERCISES`, summing to 1.

        ``x36`` (36,): the x of the 18 MM-Fit keypoints and then the y, in pixels or any other unit; it is normalised
        here. NaN where a keypoint is absent.
        """
        x36 = np.asarray(x36, float)
        if x36.shape != (36,):
            raise ValueError(f"the frame classifier takes 36 numbers, not {x36.shape}")
        return self._model.run(to_vector(normalise(from_vector(x36))).astype(np.float32))

    def predict(self, x36: NDArray[np.floating]) -> str:
        """The most probable exercise of `probabilities`."""
        return EXERCISES[int(self.probabilities(x36).argmax())]
