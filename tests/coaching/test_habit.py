"""What is known of a person's reps before the next one."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.habit import Habit


def rep(end_s: float, *, length_s: float = 2.0, span: float = 1.0, valid: bool = True) -> CountedRep:
    start_s, peak_s = end_s - length_s, end_s - length_s / 2
    return CountedRep(start_s, peak_s, peak_s, peak_s, end_s, span, 0.1, "both", settled=True, valid=valid)


def habit_of(*reps: CountedRep, arms: bool = False) -> Habit:
    habit = Habit(arms=arms)
    for one in reps:
        habit.add(one)
    return habit


def test_of_somebody_who_has_done_nothing_nothing_is_known() -> None:
    habit = Habit()
    habit.rest(100.0)
    assert (len(habit), habit.span, habit.length_s) == (0, 0.0, 0.0)


def test_the_usual_rep_is_the_median_of_the_latest_five() -> None:
    spans, lengths = [9.0, 0.8, 1.0, 0.9, 1.1, 0.2], [9.0, 2.0, 2.5, 3.0, 1.0, 2.2]
    habit = habit_of(*(rep(10.0 + i, span=s, length_s=t) for i, (s, t) in enumerate(zip(spans, lengths, strict=True))))
    assert (len(habit), habit.span) == (5, 0.9)
    assert habit.length_s == pytest.approx(2.2)


@pytest.mark.parametrize("none", ["valid", "merged"])
def test_what_turns_out_to_be_no_rep_teaches_nothing(none: str) -> None:
    made_up = rep(12.0, span=0.1)
    habit = habit_of(rep(8.0), rep(10.0), made_up)
    assert len(habit) == 3
    setattr(made_up, none, none == "merged")
    assert (len(habit), habit.span) == (2, 1.0)


@pytest.mark.parametrize(
    ("spans", "arms", "usual"),
    [([1.2], False, 0.6), ([1.2, 0.4], False, 0.4), ([1.2, 0.4, 0.5], False, 0.5), ([1.2, 0.2], True, 0.7)],
)
def test_a_first_rep_that_was_far_too_wide_does_not_set_the_range(spans: list[float], arms: bool, usual: float) -> None:
    assert habit_of(*(rep(10.0 + i, span=span) for i, span in enumerate(spans)), arms=arms).span == pytest.approx(usual)


@pytest.mark.parametrize(("now_s", "known"), [(12.0, 2), (19.9, 2), (20.1, 0)])
def test_a_rest_makes_it_forget(now_s: float, known: int) -> None:
    habit = habit_of(rep(10.0), rep(12.0))
    habit.rest(now_s)
    assert len(habit) == known


def test_a_slow_rep_is_no_rest() -> None:
    habit = habit_of(rep(10.0), rep(12.0))
    habit.busy(18.0)
    habit.rest(25.9)
    assert len(habit) == 2
