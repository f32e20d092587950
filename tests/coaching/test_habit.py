"""What is known of a person's reps before the next one."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.habit import Habit


def rep(end_s: float, *, length_s: float = 2.0, span: float = 1.0, valid: bool = True) -> CountedRep:
    start_s, peak_s = end_s - length_s, end_s - length_s / 2
    return CountedRep(start_s, peak_s, peak_s, peak_s, end_s, span, 0.1, "both", settled=True, valid=valid)


def habit_of(*reps: CountedRep) -> Habit:
    habit = Habit()
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


def test_what_was_no_rep_teaches_nothing() -> None:
    habit = habit_of(rep(10.0), rep(12.0, span=0.1, valid=False))
    assert (len(habit), habit.span) == (1, 1.0)


@pytest.mark.parametrize(("now_s", "known"), [(12.0, 2), (19.9, 2), (20.1, 0)])
def test_a_rest_makes_it_forget(now_s: float, known: int) -> None:
    habit = habit_of(rep(10.0), rep(12.0))
    habit.rest(now_s)
    assert len(habit) == known
