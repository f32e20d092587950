"""The table at the end of a run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deepfit_nb.capture.summary import shown_at_the_end
from deepfit_nb.coaching import WorkoutSet
from tests.storage.workouts import DEEP, rep, workout_set


def result(*sets: WorkoutSet, detected: int = 50) -> Any:
    """What the table looks at of an analysis of 50 frames."""
    return SimpleNamespace(sets=sets, reports=[None] * 50, detected=detected, elapsed_s=2.0)


@pytest.mark.parametrize(
    ("found", "row"),
    [
        (result(workout_set([rep(1), rep(2)])), "[a] Squats 2 1.0-3.0 s none 2.0 s 25"),
        (result(workout_set([rep(1, faults=[DEEP]), rep(2, partial=True)])), "[a] Squats 1 (+1 partial) 1.0-3.0 s"),
        (result(workout_set([rep(1, faults=[DEEP]), rep(2, faults=[DEEP])])), "Shallow depth (2)"),
        (result(), "[a] no exercise 2.0 s 25"),
        (result(detected=0), "[a] nobody 2.0 s 25"),
    ],
)
def test_a_row_says_what_was_found(capsys: pytest.CaptureFixture[str], found: Any, row: str) -> None:
    with shown_at_the_end(Path("out")) as summary:
        summary.add("[a]", found)  # reads like markup, and is none
    shown = " ".join(capsys.readouterr().out.split())
    assert row in shown
    assert "Results are in out" in shown


def test_what_concerns_the_source_stands_in_its_first_row(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_at_the_end(Path("out")) as summary:
        summary.add("clip", result(workout_set(), workout_set()))
    rows = [line for line in capsys.readouterr().out.splitlines() if "Squats" in line]
    assert ["clip" in row for row in rows] == ["2.0 s" in row for row in rows] == [True, False]


def test_a_run_that_is_interrupted_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), shown_at_the_end(Path("out")):
        raise KeyboardInterrupt
    assert capsys.readouterr().out == ""
    with pytest.raises(KeyboardInterrupt), shown_at_the_end(Path("out")) as summary:
        summary.add("clip", result(workout_set()))
        raise KeyboardInterrupt
    assert "clip" in capsys.readouterr().out
