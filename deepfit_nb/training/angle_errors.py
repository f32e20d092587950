"""How far the coach's joint angles and camera azimuth are from the truth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching import FrameReport, WorkoutSet, builtin_exercises
from deepfit_nb.coaching.hindsight import angles_in_hindsight
from deepfit_nb.kinematics import ANGLES, without_side
from deepfit_nb.training.coaching_cases import Case

#: Angles expected to be this far off, or further, claim nothing.
_CLAIMED_DEG = 20.0


class AngleErrors:
    """Gathers measured minus true angles of many recordings, for the joints that each one's exercise uses.

    The angles are those that the coach has live or, with ``hindsight``, those that an analysis keeps. What claims
    anything is told by the errors that are expected live.
    """

    def __init__(self, *, hindsight: bool = False) -> None:
        self._hindsight = hindsight
        self._differences: defaultdict[str, list[NDArray[np.float64]]] = defaultdict(list)
        self._claimed: list[bool] = []
        self._azimuths: list[float] = []

    def add(self, case: Case, reports: Sequence[FrameReport], sets: Sequence[WorkoutSet]) -> None:
        """Take in a recording of one exercise, what the coach reported of it and the sets that it found."""
        if math.isfinite(case.azimuth_deg):
            off = np.array([report.view.azimuth_deg for report in reports]) - case.azimuth_deg
            self._azimuths.append(float(np.nanmedian(np.abs((off + 180) % 360 - 180))))
        if case.angles is None or not case.sets:
            return
        live = np.array([report.angles for report in reports], float)
        measured = angles_in_hindsight(reports, sets) if self._hindsight else live
        expected = np.array([report.angle_errors for report in reports], float)
        used = builtin_exercises()[case.sets[0].exercise].angles
        for index, name in enumerate(ANGLES):
            joint = without_side(name)
            if joint not in used:
                continue
            difference = measured[:, index] - case.angles[:, index]
            known = np.isfinite(difference)
            claimed = known & (expected[:, index] < _CLAIMED_DEG)
            self._claimed += claimed[known].tolist()
            if claimed.any():
                self._differences[joint].append(difference[claimed])

    @property
    def azimuth(self) -> dict[str, float]:
        """Median and largest over recordings of each one's median error of the azimuth, in degrees."""
        if not self._azimuths:
            return {}
        return {"median_deg": float(np.median(self._azimuths)), "worst_deg": max(self._azimuths)}

    @property
    def claimed(self) -> float:
        """Share of the angles whose expected error is small enough to claim anything."""
        return float(np.mean(self._claimed)) if self._claimed else math.nan

    def by_joint(self) -> dict[str, dict[str, float]]:
        """Per joint, and over ``all``, in degrees.

        ``offset``: the median of measured minus true over all recordings. ``median``, ``p90``: of the error left when
        it is taken out. ``own_median``, ``own_p90``: the same with an offset of its own for every recording and side,
        as bodies, clothes and views have it.
        """
        table, together = {}, defaultdict[str, list[NDArray[np.float64]]](list)
        for joint, parts in self._differences.items():
            offset = float(np.median(np.concatenate(parts)))
            common = np.abs(np.concatenate(parts) - offset)
            own = np.abs(np.concatenate([part - np.median(part) for part in parts]))
            table[joint] = {"offset": offset, **_spread(common, own)}
            together["common"].append(common)
            together["own"].append(own)
        if table:
            table["all"] = _spread(np.concatenate(together["common"]), np.concatenate(together["own"]))
        return table


def _spread(common: NDArray[np.float64], own: NDArray[np.float64]) -> dict[str, float]:
    return {
        "median": float(np.median(common)),
        "p90": float(np.percentile(common, 90)),
        "own_median": float(np.median(own)),
        "own_p90": float(np.percentile(own, 90)),
        "frames": len(common),
    }
