"""How the body moves: joint angles, normalisation, camera view, smoothing."""

from deepfit_nb.kinematics.angles import ANGLES, TRIPLES, joint_angles, without_side
from deepfit_nb.kinematics.filters import OneEuro, smoothed
from deepfit_nb.kinematics.view import UNKNOWN_VIEW, View, ViewEstimator, ViewName

__all__ = [
    "ANGLES",
    "TRIPLES",
    "UNKNOWN_VIEW",
    "OneEuro",
    "View",
    "ViewEstimator",
    "ViewName",
    "joint_angles",
    "smoothed",
    "without_side",
]
