"""Everything the coach judges by, measured on one body (or on many) with an expected error for each quantity.

`deepfit_nb.kinematics.general` measures any body; the angles of one that is known to do something come from
`deepfit_nb.kinematics.readers`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.angles import ANGLES
from deepfit_nb.kinematics.elbows import ELBOWS
from deepfit_nb.kinematics.general import GENERAL, RATIOS, Measures, measure_any
from deepfit_nb.kinematics.limbs import LIMBS
from deepfit_nb.kinematics.movements import best_known
from deepfit_nb.kinematics.readers import shipped_reader

Array = NDArray[np.floating]

_SUBJECTS: Final = (ELBOWS, LIMBS)
#: Names of all that is measured: what any body has, then the angles in the light of each movement.
MEASURES: Final[tuple[str, ...]] = (
    *GENERAL,
    *(
        f"{joint}_{movement}_{side}"
        for subject in _SUBJECTS
        for side in ("left", "right")
        for joint, movement in subject.readings
    ),
)
INDEX: Final[dict[str, int]] = {name: i for i, name in enumerate(MEASURES)}
#: (62,) which of `MEASURES` are angles in degrees; the others are ratios.
DEGREES: Final = ~np.isin(MEASURES, RATIOS)


def measure(image: Array, world: Array, lengths: Array) -> Measures:
    """Measure bodies: (..., 62) in the order of `MEASURES`. Arguments as in `measure_any`."""
    body = measure_any(image, world, lengths)
    parts = [body.measures]
    for subject in _SUBJECTS:
        angles, errors = shipped_reader(subject)(subject.features(body), subject.corrected(body))
        by_side = (*angles.shape[:-2], -1)
        parts.append(Measures(angles.reshape(by_side), errors.reshape(by_side)))
    return Measures(*(np.concatenate(part, -1) for part in zip(*parts, strict=True)))


def angle_columns(movement: str | None = None) -> tuple[int, ...]:
    """Where `MEASURES` has each of the nine `ANGLES`, as it is best known."""
    return tuple(INDEX[best_known(name, movement)] for name in ANGLES)
