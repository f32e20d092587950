"""What is looked at of a body to tell its knees, hips, shoulders and other elbows, where it is known what it does.

The whole body is: in a lunge seen from the front the height of the hips tells of the knees, in a sit-up the lean of the
trunk tells of the hips.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.estimator import JOINTS, LANDMARKS, OF_ANY_JOINT, UNIT_DEG
from deepfit_nb.kinematics.general import GENERAL, Body, sided_columns
from deepfit_nb.kinematics.movements import LIMB_READINGS
from deepfit_nb.kinematics.readers import Subject

Array = NDArray[np.floating]

_ANGLE_UNIT: Final = 90.0
_HEIGHTS: Final = ("hand_height", "elbow_height", "forearm_height")
#: What a body has once, and its unit.
_WHOLE: Final = {
    "trunk_lean": 60.0, "trunk_pitch": 60.0, "hip_line": 60.0, "hip_height": 1.0, "feet_apart": 2.0, "knee_track": 2.0,
}  # fmt: skip
#: Those of them whose expected errors tell of the view as well.
_DOUBTED: Final = ("trunk_lean", "trunk_pitch", "hip_line")
_DOUBT_UNIT: Final = 10.0
_WIDTH: Final = len(JOINTS) * (OF_ANY_JOINT + 4) + 2 * len(_HEIGHTS) + len(_WHOLE) + len(_DOUBTED) + len(LANDMARKS)

_ANGLE_COLUMNS, _HEIGHT_COLUMNS = sided_columns(*JOINTS), sided_columns(*_HEIGHTS)
_WHOLE_COLUMNS, _DOUBTED_COLUMNS = ([GENERAL.index(name) for name in names] for names in (_WHOLE, _DOUBTED))
_WHOLE_UNIT: Final = np.array(list(_WHOLE.values()))
_SEEN: Final = np.array(LANDMARKS).reshape(2, -1)


def limb_features(body: Body) -> Array:
    """What the network sees of each side: (..., 2, 183), NaN where it is not known."""
    values, errors = body.measures
    joints = body.joints[..., :OF_ANY_JOINT].reshape(*body.joints.shape[:-2], -1)
    angles, doubts = values[..., _ANGLE_COLUMNS] / _ANGLE_UNIT, np.log(errors[..., _ANGLE_COLUMNS] / UNIT_DEG)
    heights, seen = values[..., _HEIGHT_COLUMNS], body.visibility[..., _SEEN]
    whole = values[..., _WHOLE_COLUMNS] / _WHOLE_UNIT, np.log(errors[..., _DOUBTED_COLUMNS] / _DOUBT_UNIT)
    parts = [joints]
    for sided in (angles, doubts, heights, seen):
        parts += [sided, sided[..., ::-1, :]]
    parts += [np.repeat(once[..., None, :], 2, axis=-2) for once in whole]
    return np.concatenate(parts, axis=-1)


LIMBS: Final = Subject("limbs", LIMB_READINGS, limb_features, _WIDTH)
