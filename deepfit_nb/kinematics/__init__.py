"""How the body moves: joint angles, normalisation, camera view, smoothing."""

from deepfit_nb.kinematics.angles import ANGLES, TRIPLES, joint_angles

__all__ = ["ANGLES", "TRIPLES", "joint_angles"]
