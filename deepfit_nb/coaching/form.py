"""Judging a rep: its faults, its range of motion at every joint, its symmetry."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.definition import Exercise
from deepfit_nb.coaching.impression import Impression, rep_features
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.progress import ProgressSignal
from deepfit_nb.coaching.report import Fault, Rep
from deepfit_nb.coaching.rules import verdict
from deepfit_nb.kinematics import ANGLES, View
from deepfit_nb.kinematics.measures import INDEX, angle_columns
from deepfit_nb.kinematics.movements import best_known
from deepfit_nb.kinematics.stretch import Side, Stretch, combined

#: Below this part of the other side's range a side is taken to rest.
_RESTS = 0.4
#: Progress known no better than this says nothing of a side.
_UNSEEN = 0.4


def judge(
    exercise: Exercise, counted: CountedRep, number: int, memory: MotionMemory, view: View, impression: Impression
) -> Rep:
    """The full account of a counted rep, taken to be a full one.

    Parameters
    ----------
    number
        Its number in the set, from 1.
    view
        From where it was seen: rules that this view cannot carry keep quiet, unless the whole bears them out.
    impression
        Says how likely each fault is, from the rep as a whole.
    """
    stretch = memory.between(counted.start_s, counted.end_s)
    made_by, judged_on = _sides(exercise, counted, stretch)
    progress, _ = _progress(exercise, stretch, judged_on)
    log_odds = impression(exercise.name, rep_features(stretch, progress, judged_on, view))
    faults: dict[str, Fault] = {}
    for rule in exercise.faults:
        odds, open_to_it = log_odds.get(rule.id, 0.0), exercise.may_be_borne_out(rule, view.name)
        found = verdict(rule, stretch, progress, view.name, judged_on, odds, open_to_it)
        if found.fault and (rule.id not in faults or found.size > faults[rule.id].excess):
            faults[rule.id] = Fault(rule.id, found.value, rule.limit, found.at_s, found.size, rule.cue)
    signal, _ = combined(best_known(exercise.signal.joint, exercise.movement), stretch, judged_on)
    columns = zip(ANGLES, angle_columns(exercise.movement), strict=True)
    ranges = {name: _range(stretch.values[:, column]) for name, column in columns}
    # In the light of a movement a joint is seen with an eye on the other one, which would make them more alike.
    apart = [f"{exercise.signal.joint}_{side}" for side in ("left", "right")]
    left, right = (_range(stretch.values[:, INDEX[name]]) if name in INDEX else math.nan for name in apart)
    rep = Rep(
        number=number,
        start_s=counted.start_s,
        peak_s=counted.peak_s,
        end_s=counted.end_s,
        rom_deg=_range(signal),
        partial=False,
        faults=tuple(faults.values()),
        side=made_by,
        judged_on=judged_on,
        symmetry=min(left, right) / max(left, right) if judged_on == "both" and max(left, right) > 0 else math.nan,
        joint_rom_deg=ranges,
        impression=log_odds,
    )
    return timed(rep, counted.start_s, counted.end_s, exercise.signal.first == "concentric")


def timed(rep: Rep, start_s: float, end_s: float, concentric_first: bool) -> Rep:
    """The same rep with another start and end; its faults stay within them."""
    faults = tuple(replace(fault, at_s=min(max(fault.at_s, start_s), end_s)) for fault in rep.faults)
    out_s, back_s = rep.peak_s - start_s, end_s - rep.peak_s
    concentric_s, eccentric_s = (out_s, back_s) if concentric_first else (back_s, out_s)
    return replace(rep, start_s=start_s, end_s=end_s, concentric_s=concentric_s, eccentric_s=eccentric_s, faults=faults)


def _progress(exercise: Exercise, stretch: Stretch, side: Side) -> tuple[NDArray[np.float64], float]:
    """Progress over a stretch, and its median expected error."""
    progress, errors = ProgressSignal(exercise.signal, side).over(stretch)
    return progress, float(np.median(errors))


def _sides(exercise: Exercise, counted: CountedRep, stretch: Stretch) -> tuple[Side, Side]:
    """Which side made the rep, and which one its form is judged on.

    The other side shared in it unless it was seen to rest; but it is judged only if it was seen to move.
    """
    if counted.side == "both":
        return "both", "both"
    other: Side = "right" if counted.side == "left" else "left"
    progress, error = _progress(exercise, stretch, other)
    if error > _UNSEEN:
        return "both", counted.side
    own, _ = _progress(exercise, stretch, counted.side)
    moved = (
        _range(progress) >= _RESTS * counted.span and _in_step(own, progress) and in_posture(exercise, stretch, other)
    )
    return ("both", "both") if moved else (counted.side, counted.side)


def _in_step(one: NDArray[np.floating], other: NDArray[np.floating]) -> bool:
    """Whether two sides go there and back together; arms that see-saw move against each other."""
    known = np.isfinite(one) & np.isfinite(other)
    return known.sum() < 3 or float(np.cov(one[known], other[known])[0, 1]) > 0


def in_posture(exercise: Exercise, stretch: Stretch, side: Side) -> bool:
    """Whether the body, or that side of it, was where the exercise has it."""
    at_peak = any(posture.judged == "at_peak" for posture in exercise.postures)
    far = _far_half(exercise, stretch, side) if at_peak else stretch
    for posture in exercise.postures:
        values, _ = combined(posture.measure, far if posture.judged == "at_peak" else stretch, side)
        spread = posture.judged == "spread"
        if not posture.holds(np.ptp(np.nanpercentile(values, [10, 90])) if spread else np.nanmean(values)):
            return False
    return True


def _far_half(exercise: Exercise, stretch: Stretch, side: Side) -> Stretch:
    """The frames of a rep in which it is more than half-way out."""
    progress, _ = _progress(exercise, stretch, side)
    known = np.isfinite(progress)
    if not known.any():
        return stretch
    far = known & (progress >= (progress[known].max() + progress[known].min()) / 2)
    return Stretch(stretch.times[far], stretch.values[far], stretch.errors[far])


def _range(values: NDArray[np.floating]) -> float:
    """Largest minus smallest value, but for the 2 % at either end that a single bad frame would decide."""
    known = values[np.isfinite(values)]
    return float(np.subtract(*np.percentile(known, [98, 2]))) if len(known) else math.nan
