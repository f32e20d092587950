"""What a form rule makes of a rep: the value it looks at, what MediaPipe's error grants it, and the verdict.

The margin that it grants depends on what the rep looks like as a whole (`deepfit_nb.coaching.impression`).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching.definition import FaultRule, Statistic
from deepfit_nb.kinematics import ViewName
from deepfit_nb.kinematics.stretch import Side, Stretch, columns, combined

#: A rep is half done while its progress is between these parts of its range.
HALF_WAY: Final = (0.35, 0.6)
#: Its far and near end are the frames whose progress is within this part of its range of the extremes.
END_PART: Final = 0.15
#: A rule's margin is multiplied by 1 less so much for each unit of log-odds, within bounds. At the log-odds of the last
#: the rep as a whole carries a claim that this view, or so large an error, could not. Chosen on 502 rendered sets, each
#: judged with a network that had not learnt from it: with 0.5 a unit, at most 2.5 and no claim carried, 83.3 % of the
#: faults are found and 3.9 % of the reps blamed for others; so, 84.7 and 3.2 %. A smaller least factor finds more
#: there, but blames reps that go just as far as they may.
_PER_LOG_ODDS: Final = 0.75
_FACTORS: Final = (0.5, 3.0)
_LIKELY: Final = 1.0
#: Nobody who was not seen for this long during a rep can be told that they did not go far enough.
_UNSEEN_S: Final = 0.4
#: A claim about the worse one of two sides must exceed the error so many times more: chance, too, picks the worse.
_PICKED: Final = 2.0


class Verdict(NamedTuple):
    """What a rule says of a rep.

    ``value`` is what was measured, ``error`` its expected error, ``at_s`` when it was worst; ``margin`` is what the
    value may be beyond the limit before it is a fault, ``usual`` what it may be where the rep as a whole says nothing;
    the margin is infinite where what must come with it did not (`FaultRule.begun`). Where the view, or what was seen,
    cannot carry the claim, it is not ``clear``.
    """

    value: float
    error: float
    margin: float
    usual: float
    at_s: float
    excess: float
    clear: bool

    @property
    def fault(self) -> bool:
        """The rule is broken, beyond doubt."""
        return self.clear and self.excess > self.margin

    @property
    def size(self) -> float:
        """How large a fault is: 1 where it begins, and one more for each usual margin beyond that."""
        beyond = self.excess - self.margin
        return 1 + beyond / self.usual if self.usual > 0 else math.inf


def margin_factor(log_odds: float) -> float:
    """By what a rule's margin is multiplied: 1 at even odds, half where the fault is likely, up to 3 where not."""
    return min(max(1 - _PER_LOG_ODDS * log_odds, _FACTORS[0]), _FACTORS[1])


def verdict(
    rule: FaultRule,
    stretch: Stretch,
    progress: NDArray[np.floating],
    view: ViewName,
    side: Side,
    log_odds: float,
    may_be_borne_out: bool,
) -> Verdict:
    """A rule applied to a rep: to both sides together, or to the worse one alone where that one breaks it.

    An arm that is raised too high is, whatever the other one does.

    Parameters
    ----------
    stretch, progress
        The rep's measures, and its progress (N,) in the same frames.
    view
        From where it was seen.
    side
        The side, or sides, that it is judged on.
    log_odds
        Of the fault, from what the rep looks like as a whole; 0 where nothing is known of that.
    may_be_borne_out
        Whether that may also carry the claim where the view, or the error, cannot (`Exercise.may_be_borne_out`).
    """
    odds = 0.0 if rule.personal else log_odds
    own = rule.max_error if view in rule.views else -math.inf
    max_error = math.inf if may_be_borne_out and odds >= _LIKELY else own
    whole = _verdict(rule, stretch, progress, side, 1.0, odds, max_error)
    if side != "both" or rule.asks_for_more or len(columns(rule.measure)) != 2:
        return whole
    one_sided = [_verdict(rule, stretch, progress, one, _PICKED, odds, max_error) for one in ("left", "right")]
    return max([whole, *(one for one in one_sided if one.fault)], key=lambda one: (one.fault, one.size))


def _verdict(
    rule: FaultRule,
    stretch: Stretch,
    progress: NDArray[np.floating],
    side: Side,
    caution: float,
    log_odds: float,
    max_error: float,
) -> Verdict:
    value, error, at_s = measured(rule, stretch, progress, side)
    unseen = rule.asks_for_more and np.diff(stretch.times).max(initial=0.0) > _UNSEEN_S
    clear = error <= max_error and not unseen and math.isfinite(value)
    usual = max(rule.tolerance, caution * _caution(rule) * error)
    margin = margin_factor(log_odds) * usual if _begun(rule, stretch, progress, side) else math.inf
    return Verdict(value, error, margin, usual, at_s, rule.excess(value), clear)


def _begun(rule: FaultRule, stretch: Stretch, progress: NDArray[np.floating], side: Side) -> bool:
    """What is furthest at the far end had begun half-way there, if the rule asks for that."""
    if rule.begun is None:
        return True
    half_way, _, _ = measured(rule, stretch, progress, side, "half_way")
    return half_way >= rule.begun


def _caution(rule: FaultRule) -> float:
    """How many times the expected error a claim must exceed its limit by."""
    # What differs from the start of the same rep is free of the error that both have in common; where a body stands
    # still its median over many frames is better known than a single one.
    if rule.statistic in ("excursion", "drop", "half_way", "peak", "rest"):
        return 0.5
    # A limb that is not seen well seems to bend less than it does, so that it "did not go far enough" needs more. On
    # 1,378 rendered reps, once the error instead of twice: 7 of 265 more such faults found, 18 of 731 more made up.
    # (Where the rep as a whole looks like the fault, `margin_factor` makes it once.)
    return 2.0 if rule.asks_for_more else 1.0


def measured(
    rule: FaultRule,
    stretch: Stretch,
    progress: NDArray[np.floating],
    side: Side,
    statistic: Statistic | None = None,
) -> tuple[float, float, float]:
    """What a rule looks at in a rep: the value, its expected error, and when it was worst. NaN when unseen.

    Where a ``statistic`` is given, that one instead of the rule's.
    """
    statistic = statistic or rule.statistic
    values, errors = combined(rule.measure, stretch, side)
    known = np.isfinite(values) & np.isfinite(progress)
    if rule.where is not None:
        judged, _ = combined(rule.where.measure, stretch, side)
        known &= np.isfinite(judged) & rule.where.holds(judged)
    if known.sum() < 3:
        return math.nan, math.inf, math.nan
    times, values, errors, progress = stretch.times[known], values[known], errors[known], progress[known]
    low, high = np.min(progress), np.max(progress)
    far = progress >= high - END_PART * (high - low)
    near = progress <= low + END_PART * (high - low)
    at_peak, at_rest = float(np.median(values[far])), float(np.median(values[near]))
    match statistic:
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
            half = (done >= HALF_WAY[0]) & (done <= HALF_WAY[1])
            if not half.any():
                return math.nan, math.inf, math.nan
            value, at_s = float(np.median(values[half])), float(times[half][0])
    if statistic in ("excursion", "half_way"):
        value -= at_rest
    elif statistic == "drop":
        value = at_rest - value
    return value, float(np.median(errors)), at_s
