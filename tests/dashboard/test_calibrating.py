"""The personal range on the dashboard, from the first of the five reps to being forgotten again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import RLock

import pytest

from deepfit_nb.capture.analyze import Analysis
from deepfit_nb.coaching import Coach, FrameReport, builtin_exercises
from deepfit_nb.dashboard.calibrating import CalibrationSet, OwnRange
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.dashboard.scoreboard import Scoreboard
from deepfit_nb.pose import PoseRecording
from deepfit_nb.storage.taught import TaughtExercises
from tests.storage.workouts import DEEP, pose, rep, workout_set

SQUATS = builtin_exercises()["squats"]


class Coached:
    """An `OwnRange` whose coach is a real one, made anew whenever it asks for that."""

    def __init__(self, folder: Path) -> None:
        self.repertoire = Repertoire(TaughtExercises(folder / "taught"), folder / "calibrations")
        self.board = Scoreboard()
        self.own_range = OwnRange(self.board, self.repertoire, self.follow, RLock())
        self.follow("squats")

    def follow(self, exercise: str | None) -> None:
        self.coach = Coach(exercise, exercises=self.own_range.definitions(exercise))

    def watch(self, recording: PoseRecording) -> list[FrameReport]:
        reports = []
        for time_s, seen in recording:
            reports.append(self.coach.update(seen, time_s=time_s))
            self.own_range.add(time_s, seen)
            if reports[-1].counted:
                self.own_range.count(self.coach.sets)
        return reports

    @property
    def actions(self) -> list[str]:
        return list(self.board.range["actions"])


@pytest.fixture
def coached(tmp_path: Path) -> Coached:
    return Coached(tmp_path)


def faults(reports: list[FrameReport]) -> list[int]:
    return [len(rep.faults) for one in reports for rep in one.counted]


def test_who_cannot_go_further_is_not_told_to_once_calibrated(coached: Coached, shallow: Analysis) -> None:
    coached.own_range.show("squats")
    assert coached.actions == ["calibrate"]
    assert 0 not in faults(coached.watch(shallow.recording))

    coached.own_range.begin("squats")
    assert "0 of 5" in coached.board.range["text"]
    assert set(faults(coached.watch(shallow.recording))) == {0}  # while calibrating nobody is told to go further
    assert "4 of 5" in coached.board.range["text"]
    coached.own_range.finish()  # stopped after four, which are enough
    assert coached.actions == ["again", "forget"]
    learned = coached.repertoire.calibration("squats")
    assert learned is not None
    assert f"{learned.rom_deg:.0f}° of the knee" in coached.board.range["text"]

    coached.follow("squats")
    assert set(faults(coached.watch(shallow.recording))) == {0}
    coached.own_range.forget("squats")
    assert coached.actions == ["calibrate"]
    assert 0 not in faults(coached.watch(shallow.recording))


def test_five_good_reps_end_it(coached: Coached, shallow: Analysis) -> None:
    coached.own_range.begin("squats")
    coached.watch(shallow.recording)
    before = coached.coach
    coached.own_range.count([*coached.coach.sets, workout_set([rep(5, 58.0, 60.0)])])
    assert coached.repertoire.calibration("squats") is not None
    assert coached.coach is not before
    assert not coached.board.range["learning"]


def test_too_few_reps_are_told_and_none_are_nothing_to_speak_of(coached: Coached) -> None:
    coached.own_range.begin("squats")
    coached.own_range.finish()
    assert coached.actions == ["calibrate"]
    coached.own_range.begin("squats")
    coached.own_range.add(1.0, None)
    coached.own_range.count([workout_set([rep()])])
    coached.own_range.finish()
    assert "3 are needed" in coached.board.range["text"]
    assert coached.repertoire.calibration("squats") is None


def test_reps_that_do_not_count_are_named_with_the_reason(coached: Coached) -> None:
    coached.own_range.begin("squats")
    leaning = replace(DEEP, id="trunk_lean")
    coached.own_range.count([workout_set([rep(faults=[leaning]), rep(partial=True), rep(faults=[leaning])])])
    assert coached.board.range["text"].endswith("Not counted: 2 with trunk lean, 1 partial.")
    assert "0 of 5" in coached.board.range["text"]
    coached.own_range.finish()
    assert coached.board.range["text"] == "No good rep was seen: 2 with trunk lean, 1 partial."
    assert coached.actions == ["calibrate"]


def test_another_exercise_ends_it_without_a_trace(coached: Coached) -> None:
    coached.own_range.begin("squats")
    coached.own_range.change("lunges")
    assert not coached.board.range["learning"]
    assert coached.own_range.definitions("squats") == {"squats": SQUATS}
    coached.own_range.change(None)
    assert coached.actions == []


def test_partial_and_faulty_reps_do_not_count() -> None:
    learning = CalibrationSet(SQUATS)
    learning.sets = [workout_set([rep(), rep(partial=True), rep(faults=[DEEP])])]
    assert learning.good == 1


def test_a_rep_that_is_taken_back_does_not_count_any_more(coached: Coached) -> None:
    coached.own_range.begin("squats")
    coached.own_range.count([workout_set([rep(1), rep(2, partial=True)])])
    assert "1 of 5" in coached.board.range["text"]
    assert "1 partial" in coached.board.range["text"]
    coached.own_range.count([workout_set([rep(1)])])
    assert "1 of 5" in coached.board.range["text"]
    assert "partial" not in coached.board.range["text"]


def test_reps_of_two_minutes_ago_do_not_count_any_more() -> None:
    learning = CalibrationSet(SQUATS)
    for time_s in (0.0, 3.0, 97.0, 100.0):
        learning.add(time_s, pose())
    learning.sets = [workout_set([rep(1, 1.0, 3.0), rep(2, 97.0, 100.0)])]
    assert learning.good == 2
    learning.add(125.0, pose())
    assert learning.good == 1


def test_only_faults_of_range_are_left_out() -> None:
    assert {rule.id for rule in CalibrationSet(SQUATS).definition.faults} == {"trunk_lean", "knee_valgus"}
