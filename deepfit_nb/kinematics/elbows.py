"""What is looked at of an arm to tell its elbow, where it is known what the arms do.

Who rows has the upper arm along the trunk when the elbow is bent; who extends the arms overhead keeps it upright: so
what is seen of shoulder, trunk and the other arm tells of an elbow behind body or head.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.estimator import JOINTS, OF_ANY_JOINT, UNIT_DEG
from deepfit_nb.kinematics.general import GENERAL, Body, sided_columns
from deepfit_nb.kinematics.movements import ELBOW_READINGS
from deepfit_nb.kinematics.readers import Subject
from deepfit_nb.pose import Landmark as L

Array = NDArray[np.floating]

#: What is looked at of an arm, of both arms each.
_ARM: Final = ("elbow", "shoulder", "hip", "hand_height", "elbow_height", "forearm_height")
_ARM_UNIT: Final = np.array([90.0, 90.0, 90.0, 1.0, 1.0, 1.0])
_ARMS: Final = sided_columns(*_ARM)
_TRUNK: Final = [GENERAL.index("trunk_lean"), GENERAL.index("trunk_pitch")]
_TRUNK_UNIT: Final = 60.0
_SEEN: Final = np.array(
    [
        [L.LEFT_SHOULDER, L.LEFT_ELBOW, L.LEFT_WRIST, L.LEFT_HIP],
        [L.RIGHT_SHOULDER, L.RIGHT_ELBOW, L.RIGHT_WRIST, L.RIGHT_HIP],
    ]
)
#: So many of the estimator's features are looked at of the other arm, which matters less.
_OTHER: Final = 21
_WIDTH: Final = 2 * OF_ANY_JOINT + _OTHER + 2 * len(_ARM) + 4 + 2 + 2 * _SEEN.shape[1]

_ELBOW, _SHOULDER = JOINTS.index("elbow"), JOINTS.index("shoulder")


def elbow_features(body: Body) -> Array:
    """What the network sees of each arm: (..., 2, 117), NaN where it is not known."""
    (values, errors), joints = body.measures, body.joints
    elbow, shoulder = joints[..., _ELBOW, :OF_ANY_JOINT], joints[..., _SHOULDER, :OF_ANY_JOINT]
    of_arm, of_error = values[..., _ARMS] / _ARM_UNIT, np.log(errors[..., _ARMS[:, :2]] / UNIT_DEG)
    trunk, seen = values[..., _TRUNK] / _TRUNK_UNIT, body.visibility[..., _SEEN]
    parts = (
        elbow, shoulder, elbow[..., ::-1, :_OTHER],
        of_arm, of_arm[..., ::-1, :], of_error, of_error[..., ::-1, :],
        np.repeat(trunk[..., None, :], 2, axis=-2), seen, seen[..., ::-1, :],
    )  # fmt: skip
    return np.concatenate(parts, axis=-1)


ELBOWS: Final = Subject("elbows", ELBOW_READINGS, elbow_features, _WIDTH)
