"""The margin that a rule grants, and the verdict that follows."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.definition import FaultRule
from deepfit_nb.coaching.rules import margin_factor, verdict
from deepfit_nb.kinematics import ViewName
from deepfit_nb.kinematics.stretch import Stretch
from tests.coaching.strokes import PROGRESS, knee_bend


@pytest.mark.parametrize(("log_odds", "factor"), [(0, 1), (0.4, 0.7), (9, 0.5), (-1, 1.75), (-2, 2.5), (-9, 3)])
def test_how_far_a_margin_shrinks_and_grows(log_odds: float, factor: float) -> None:
    assert margin_factor(log_odds) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("log_odds", "personal", "factor"), [(0, False, 1), (4, False, 0.5), (-4, False, 3), (4, True, 1)]
)
def test_a_verdict_has_the_margin_that_the_impression_leaves_it(log_odds: float, personal: bool, factor: float) -> None:
    rule = knee_rule().model_copy(update={"personal": personal})
    judged = verdict(rule, knee_bend(102, 102), PROGRESS, "side", "both", log_odds, False)
    assert judged.usual == rule.tolerance == 8
    assert judged.excess == pytest.approx(6, abs=1)
    assert judged.margin == pytest.approx(factor * rule.tolerance)
    assert judged.fault == (factor < 1)


@pytest.mark.parametrize(
    ("log_odds", "open_to_it", "personal", "speaks"),
    [
        (0.0, True, False, False),
        (2.0, True, False, True),
        (2.0, False, False, False),
        (2.0, True, True, False),  # what faults look like in general says nothing of one person's limits
    ],
)
@pytest.mark.parametrize("changes", [{"views": ("side",)}, {"views": ("front",), "max_error": 0.1}])
def test_what_the_rep_as_a_whole_bears_out_needs_no_good_view(
    changes: dict[str, object], log_odds: float, open_to_it: bool, personal: bool, speaks: bool
) -> None:
    rule = knee_rule().model_copy(update={**changes, "personal": personal})
    judged = verdict(rule, knee_bend(130, 130), PROGRESS, "front", "both", log_odds, open_to_it)
    assert judged.clear == judged.fault == speaks


def test_a_value_within_its_limit_is_no_fault_however_likely_it_is() -> None:
    assert not verdict(knee_rule(), knee_bend(98, 98), PROGRESS, "side", "both", 9.0, True).fault


@pytest.mark.parametrize(
    ("fault", "view", "open_to_it"),
    [
        ("knee_valgus", "side", [True, True]),  # none of its rules is made for this view
        ("trunk_lean", "side", [True, False, False]),  # one of them is
        ("knee_valgus", "unknown", [False, False]),
        ("shallow_depth", "front", [False, False]),  # a calibration may have learnt that somebody cannot go deeper
    ],
)
def test_what_the_rep_as_a_whole_may_bear_out(fault: str, view: ViewName, open_to_it: list[bool]) -> None:
    squats = builtin_exercises()["squats"]
    rules = [rule for rule in squats.faults if rule.id == fault]
    assert [squats.may_be_borne_out(rule, view) for rule in rules] == open_to_it


@pytest.mark.parametrize(("begun", "speaks"), [(None, [True, True]), (10.0, [True, False])])
def test_a_limb_that_leaps_at_the_far_end_alone_is_not_believed_where_the_rule_asks_for_that(
    begun: float | None, speaks: list[bool]
) -> None:
    """Both rise by 40 degrees; the one on the way, the other at its end."""
    rising = knee_bend(130, 130, rest=90)
    at_end = np.where((PROGRESS > 0.8)[:, None], rising.values, knee_bend(90, 90, rest=90).values)
    leaping = Stretch(rising.times, at_end, rising.errors)
    found = [verdict(rise_rule(begun), one, PROGRESS, "side", "both", 0.0, False) for one in (rising, leaping)]
    assert [one.fault for one in found] == speaks
    assert all(one.clear for one in found)
    assert [one.value for one in found] == pytest.approx([40, 40], abs=3)


def test_where_nothing_was_seen_half_way_a_rule_that_asks_for_it_keeps_quiet() -> None:
    rising = knee_bend(130, 130, rest=90)
    seen = (PROGRESS < 0.3) | (PROGRESS > 0.7)
    cut = Stretch(rising.times[seen], rising.values[seen], rising.errors[seen])
    faults = [verdict(rise_rule(b), cut, PROGRESS[seen], "side", "both", 0.0, False).fault for b in (None, 10.0)]
    assert faults == [True, False]


def test_who_did_not_begin_to_rise_is_as_good_as_anybody_within_the_limit() -> None:
    still = verdict(rise_rule(10.0), knee_bend(90, 90, rest=90), PROGRESS, "side", "both", 0.0, False)
    assert still.clear
    assert still.excess < 0


def rise_rule(begun: float | None) -> FaultRule:
    """Knees rise by 20 degrees at most."""
    return knee_rule().model_copy(update={"statistic": "excursion", "above": 20.0, "begun": begun})


def knee_rule() -> FaultRule:
    """Squats end with the knees bent to 96 degrees at most."""
    return next(rule for rule in builtin_exercises()["squats"].faults if rule.measure == "knee_squatting")
