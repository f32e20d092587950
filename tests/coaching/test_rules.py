"""The margin that a rule grants, and the verdict that follows."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.definition import FaultRule
from deepfit_nb.coaching.rules import margin_factor, verdict
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
    judged = verdict(rule, knee_bend(104, 104), PROGRESS, "side", "both", log_odds)
    assert judged.usual == rule.tolerance
    assert judged.margin == pytest.approx(factor * rule.tolerance)
    assert judged.fault == (judged.excess > factor * rule.tolerance)


@pytest.mark.parametrize(
    ("log_odds", "asked", "personal", "speaks"),
    [
        (0.0, True, False, False),
        (2.0, True, False, True),
        (2.0, False, False, False),  # another rule of the same fault is made for this view
        (2.0, True, True, False),  # what faults look like in general says nothing of one person's limits
    ],
)
@pytest.mark.parametrize("changes", [{"views": ("side",)}, {"views": ("front",), "max_error": 0.1}])
def test_what_the_rep_as_a_whole_bears_out_needs_no_good_view(
    changes: dict[str, object], log_odds: float, asked: bool, personal: bool, speaks: bool
) -> None:
    rule = knee_rule().model_copy(update={**changes, "personal": personal})
    judged = verdict(rule, knee_bend(130, 130), PROGRESS, "front", "both", log_odds, asked)
    assert judged.clear == judged.fault == speaks


def test_a_value_within_its_limit_is_no_fault_however_likely_it_is() -> None:
    assert not verdict(knee_rule(), knee_bend(98, 98), PROGRESS, "side", "both", 9.0).fault


@pytest.mark.parametrize(("fault", "made_for"), [("knee_valgus", False), ("trunk_lean", True)])
def test_a_view_that_no_rule_of_a_fault_is_made_for_is_open_to_them_all(fault: str, made_for: bool) -> None:
    squats = builtin_exercises()["squats"]
    rules = [rule for rule in squats.faults if rule.id == fault]
    of_view = ["side" in rule.views for rule in rules]
    assert any(of_view) == made_for
    assert [squats.asks(rule, "side") for rule in rules] == (of_view if made_for else [True] * len(rules))


@pytest.mark.parametrize(("begun", "speaks"), [(None, (True, True)), (10.0, (True, False))])
def test_a_limb_that_leaps_at_the_far_end_alone_is_not_believed_where_the_rule_asks_for_that(
    begun: float | None, speaks: tuple[bool, bool]
) -> None:
    """Both rise by 40 degrees; the one on the way, the other at its end."""
    rule = knee_rule().model_copy(update={"statistic": "excursion", "above": 20.0, "begun": begun})
    rising = knee_bend(130, 130, rest=90)
    at_end = np.where((PROGRESS > 0.8)[:, None], rising.values, knee_bend(90, 90, rest=90).values)
    leaping = Stretch(rising.times, at_end, rising.errors)
    found = [verdict(rule, one, PROGRESS, "side", "both") for one in (rising, leaping)]
    assert tuple(one.fault for one in found) == speaks
    assert [one.value for one in found] == pytest.approx([40, 40], abs=3)


def knee_rule() -> FaultRule:
    """Squats end with the knees bent to 100 degrees at most."""
    return next(rule for rule in builtin_exercises()["squats"].faults if rule.measure == "knee")
