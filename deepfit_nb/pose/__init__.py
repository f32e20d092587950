"""What a body is: keypoints, `Pose`, `PoseRecording`, and the detector that finds them in a frame."""

from deepfit_nb.pose.keypoints import (
    BONES,
    LANDMARK_NAMES,
    MIRRORED,
    MMFIT_BONES,
    MMFIT_KEYPOINTS,
    Landmark,
    to_mmfit,
)
from deepfit_nb.pose.pose import Pose
from deepfit_nb.pose.recording import PoseRecording

__all__ = [
    "BONES",
    "LANDMARK_NAMES",
    "MIRRORED",
    "MMFIT_BONES",
    "MMFIT_KEYPOINTS",
    "Landmark",
    "Pose",
    "PoseRecording",
    "to_mmfit",
]
