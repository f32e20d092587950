"""Judging a rep: its faults, its range of motion at every joint, its symmetry."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.definition import Exercise, FaultRule, columns
from deepfit_nb.coaching.memory import MotionMemory, Stretch, combined
from deepfit_nb.coaching.progress import ProgressSignal
from deepfit_nb.coaching.report import Fault, Rep, Side
from deepfit_nb.kinematics import ANGLES, View

#: Below this part of the other side's range a side is taken to rest.
_RESTS = 0.4
#: A rep is half done while its progress is between these parts of its range.
_HALF_WAY = (0.35, 0.6)
#: Nobody who was not seen for this long during a rep can be told that they did not go far enough.
_UNSEEN_S = 0.4
#: Progress known no better than this says nothing of a side.
_UNSEEN = 0.4
#: A claim about the worse one of two sides must exceed the error so many times more: chance, too, picks the worse.
_PICKED = 2.0


def judge(exercise: Exercise, counted: CountedRep, number: int, memory: MotionMemory, view: View) -> Rep:
    """The full account of a counted rep, taken to be a full one.

    Parameters
    ----------
    number
        Its number in the set, from 1.
    view
        From where it was seen: rules that this view cannot carry keep quiet.
    """
    stretch = memory.between(counted.start_s, counted.end_s)
    made_by, judged_on = _sides(exercise, counted, stretch)
    progress, _ = _progress(exercise, stretch, judged_on)
    faults: dict[str, Fault] = {}
    for rule in exercise.faults:
        fault = _worst(rule, stretch, progress, view, judged_on)
        if fault is not None and (rule.id not in faults or fault.excess > faults[rule.id].excess):
            faults[rule.id] = fault
    signal, _ = combined(exercise.signal.joint, stretch, judged_on)
    ranges = {name: _range(stretch.values[:, i]) for i, name in enumerate(ANGLES)}
    left, right = (ranges.get(f"{exercise.signal.joint}_{s}", math.nan) for s in ("left", "right"))
    rep = Rep(
        number=number,
        start_s=counted.start_s,
        peak_s=counted.peak_s,
        end_s=counted.end_s,
        rom_deg=_range(signal),
        partial=False,
        faults=tuple(faults.values()),
        side=made_by,
        symmetry=min(left, right) / max(left, right) if judged_on == "both" and max(left, right) > 0 else math.nan,
        joint_rom_deg=ranges,
    )
    return timed(rep, counted.start_s, counted.end_s, exercise.signal.first == "concentric")


def timed(rep: Rep, start_s: float, end_s: float, concentric_first: bool) -> Rep:
    """The same rep with another start and end."""
    out_s, back_s = rep.peak_s - start_s, end_s - rep.peak_s
    concentric_s, eccentric_s = (out_s, back_s) if concentric_first else (back_s, out_s)
    return replace(rep, start_s=start_s, end_s=end_s, concentric_s=concentric_s, eccentric_s=eccentric_s)


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
        found = np.nanpercentile(values, [10, 90]) if posture.judged == "throughout" else np.nanmean(values)
        if not posture.holds(found).all():
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


def measured(
    rule: FaultRule, stretch: Stretch, progress: NDArray[np.floating], side: Side
) -> tuple[float, float, float]:
    """What a rule looks at in a rep: the value, its expected error, and when it was worst. NaN when unseen."""
    values, errors = combined(rule.measure, stretch, side)
    known = np.isfinite(values) & np.isfinite(progress)
    if rule.where is not None:
        judged, _ = combined(rule.where.measure, stretch, side)
        known &= np.isfinite(judged) & rule.where.holds(judged)
    if known.sum() < 3:
        return math.nan, math.inf, math.nan
    times, values, errors, progress = stretch.times[known], values[known], errors[known], progress[known]
    low, high = np.min(progress), np.max(progress)
    far = progress >= high - 0.15 * (high - low)
    near = progress <= low + 0.15 * (high - low)
    at_peak, at_rest = float(np.median(values[far])), float(np.median(values[near]))
    worst = int(np.argmax(values) if rule.above is not None else np.argmin(values))
    match rule.statistic:
        case "peak":
            value, at_s = at_peak, float(times[far][len(times[far]) // 2])
        case "rest":
            value, at_s = at_rest, float(times[near][0])
        case "max" | "excursion":
            worst = int(np.argmax(values))
            value, at_s = float(np.percentile(values, 95)), float(times[worst])
        case "min" | "drop":
            worst = int(np.argmin(values))
            value, at_s = float(np.percentile(values, 5)), float(times[worst])
        case "half_way":
            done = (progress - low) / max(high - low, 1e-9)
            half = (done >= _HALF_WAY[0]) & (done <= _HALF_WAY[1])
            if not half.any():
                return math.nan, math.inf, math.nan
            value, at_s = float(np.median(values[half])), float(times[half][0])
    if rule.statistic in ("excursion", "half_way"):
        value -= at_rest
    elif rule.statistic == "drop":
        value = at_rest - value
    return value, float(np.median(errors)), at_s


def _worst(rule: FaultRule, stretch: Stretch, progress: NDArray[np.floating], view: View, side: Side) -> Fault | None:
    """A fault of both sides together, or of the worse one alone: an arm raised too high is, whatever the other does."""
    sides: tuple[Side, ...] = (side,)
    if side == "both" and not rule.asks_for_more and len(columns(rule.measure)) == 2:
        sides = ("both", "left", "right")
    found = [
        fault
        for one in sides
        if (fault := _check(rule, stretch, progress, view, one, 1.0 if one == side else _PICKED)) is not None
    ]
    return max(found, key=lambda fault: fault.excess, default=None)


def _caution(rule: FaultRule) -> float:
    """How many times the expected error a claim must exceed its limit by."""
    # What differs from the start of the same rep is free of the error that both have in common; where a body stands
    # still its median over many frames is better known than a single one.
    if rule.statistic in ("excursion", "drop", "half_way", "peak", "rest"):
        return 0.5
    # A limb that is not seen well seems to move less than it does, so "you did not go far enough" needs more. On 1,378
    # rendered reps, once the error instead of twice: 7 of 265 more such faults found, 18 of 731 more made up.
    return 2.0 if rule.asks_for_more else 1.0


def _check(
    rule: FaultRule, stretch: Stretch, progress: NDArray[np.floating], view: View, side: Side, caution: float
) -> Fault | None:
    if view.name not in rule.views:
        return None
    if rule.asks_for_more and np.diff(stretch.times).max(initial=0.0) > _UNSEEN_S:
        return None
    value, error, at_s = measured(rule, stretch, progress, side)
    margin = max(rule.tolerance, caution * _caution(rule) * error)
    if not math.isfinite(value) or error > rule.max_error or rule.excess(value) <= margin:
        return None
    return Fault(rule.id, value, rule.limit, at_s, rule.excess(value) / margin)
