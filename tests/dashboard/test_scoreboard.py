from __future__ import annotations

from dataclasses import replace

import pytest

from deepfit_nb.coaching import Cue, WorkoutSet
from deepfit_nb.coaching.report import Severity
from deepfit_nb.dashboard.scoreboard import Scoreboard, summed_up
from tests.storage.workouts import DEEP, rep, report, workout_set


def test_recognised_exercise_is_shown_before_its_first_set() -> None:
    board = Scoreboard()
    board.show(report(0), [], fixed=False)
    assert (board.exercise, board.confidence) == ("", 0)
    board.show(report(0, "jumping_jacks"), [], fixed=False)
    assert (board.exercise, board.confidence) == ("Jumping jacks", 100)


def test_confidence_is_that_of_the_set_in_progress() -> None:
    board = Scoreboard()
    sets = [workout_set([rep(1), rep(2), rep(3), rep(4, partial=True)])]
    board.show(replace(report(0, "lunges"), exercise="squats", sets=1, reps=3, partial_reps=1), sets, fixed=False)
    assert (board.exercise, board.confidence, board.sets, board.reps, board.partial_reps) == ("Squats", 0, 1, 3, 1)


def test_history_names_faults_and_how_many_reps_had_them() -> None:
    board = Scoreboard()
    reps = [rep(1, faults=[DEEP]), rep(2, faults=[DEEP]), rep(3, partial=True), rep(4)]
    board.show_history([workout_set(reps)])
    (entry,) = board.history
    assert (entry["title"], entry["reps"], entry["partial_reps"]) == ("Squats", 3, 1)
    assert [fault["count"] for fault in entry["faults"]] == [2]


def test_a_set_that_has_no_rep_yet_is_neither_listed_nor_numbered() -> None:
    board = Scoreboard()
    sets = [workout_set([rep(1)], "lunges")]
    board.show(replace(report(0), exercise="squats", sets=2), sets, fixed=False)
    assert ([one["title"] for one in board.history], board.sets) == (["Lunges"], 0)
    sets.append(workout_set([rep(1, partial=True)]))
    board.show(replace(report(1), exercise="squats", sets=2, partial_reps=1), sets, fixed=False)
    assert ([one["title"] for one in board.history], board.sets) == (["Lunges", "Squats"], 2)


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        ([workout_set([rep(1)]), workout_set([rep(1), rep(2)], "pushups")], "Done: 1 rep of squats, 2 push-ups."),
        ([workout_set([rep(1)]), workout_set([rep(1), rep(2, partial=True)])], "Done: 2 squats."),
        ([workout_set([rep(1, partial=True)])], "No reps were counted."),
        ([], "No reps were counted."),
    ],
)
def test_a_workout_is_summed_up(sets: list[WorkoutSet], told: str) -> None:
    assert summed_up(sets) == told


@pytest.mark.parametrize(("severity", "pointed_out"), [(None, True), ("info", True), ("major", False)])
def test_another_exercise_than_the_chosen_one_is_pointed_out_where_it_is_well_seen(
    severity: Severity | None, pointed_out: bool
) -> None:
    board = Scoreboard()
    framing = Cue("cut_off", "Step back", severity) if severity else None
    board.show(replace(report(0), framing=framing), [], fixed=True, other="pushups")
    assert (board.framing["text"] == "This looks like push-ups: choose it above") == pointed_out
    board.show(report(1), [], fixed=True)
    assert board.framing == {}


def test_messages_come_and_go() -> None:
    board = Scoreboard()
    board.show(replace(report(0), cue=Cue("deep", "Sit a little deeper", "major")), [], fixed=False)
    assert board.cue == {"text": "Sit a little deeper", "severity": "major"}
    board.show(report(1), [], fixed=False)
    assert board.cue == {}


def test_there_is_no_praise_for_what_is_hardly_seen() -> None:
    board = Scoreboard()
    praise, hint = Cue("good", "Good rep", "info"), Cue("cut_off", "I cannot see your ankles: step back", "major")
    board.show(replace(report(0), cue=praise, framing=hint), [], fixed=False)
    assert (board.cue, board.framing) == ({}, {"text": hint.text, "severity": "major"})
    board.show(replace(report(1), cue=praise, framing=replace(hint, severity="minor")), [], fixed=False)
    assert board.cue["text"] == "Good rep"


def test_taught_exercises_are_not_recognised_so_nothing_is_sure() -> None:
    board = Scoreboard()
    board.show(replace(report(0), exercise="sit_down", sets=1, reps=2), [], fixed=True)
    assert (board.exercise, board.confidence, board.reps) == ("Sit down", 0, 2)


def test_only_what_has_changed_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Scoreboard()
    board.show(report(0, "squats"), [], fixed=False)
    sent: set[str] = set()
    monkeypatch.setattr(board, "send_state", sent.update)
    board.show(report(1, "squats"), [], fixed=False)
    assert sent == set()
    board.show(replace(report(2, "squats"), reps=1), [], fixed=False)
    assert sent == {"reps"}
