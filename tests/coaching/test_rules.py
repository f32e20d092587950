"""The margin that a rule grants, and the verdict that follows."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.rules import margin_factor, verdict
from tests.coaching.strokes import PROGRESS, knee_bend


@pytest.mark.parametrize(("log_odds", "factor"), [(0, 1), (1, 0.5), (9, 0.5), (-1, 1.5), (-2, 2), (-9, 2.5)])
def test_how_far_a_margin_shrinks_and_grows(log_odds: float, factor: float) -> None:
    assert margin_factor(log_odds) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("log_odds", "personal", "factor"), [(0, False, 1), (4, False, 0.5), (-4, False, 2.5), (4, True, 1)]
)
def test_a_verdict_has_the_margin_that_the_impression_leaves_it(log_odds: float, personal: bool, factor: float) -> None:
    squats = builtin_exercises()["squats"]
    rule = next(rule for rule in squats.faults if rule.measure == "knee").model_copy(update={"personal": personal})
    judged = verdict(rule, knee_bend(104, 104), PROGRESS, "side", "both", log_odds)
    assert judged.margin == pytest.approx(factor * rule.tolerance)
    assert judged.fault == (judged.excess > factor * rule.tolerance)
