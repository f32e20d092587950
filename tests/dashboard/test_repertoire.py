from __future__ import annotations

import logging
from pathlib import Path

import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.calibration import Calibration
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.recognition import EXERCISES
from deepfit_nb.storage.taught import TaughtExercises

SQUATS = builtin_exercises()["squats"]
SIT_DOWN = SQUATS.model_copy(update={"name": "sit_down", "title": "Sit down"})
LEARNED = Calibration(
    exercise="squats", reps=5, rom_deg=61.5, rep_s=2.4, signal=SQUATS.signal.measures, shortfall={"shallow_depth": 0.2}
)


@pytest.fixture
def repertoire(tmp_path: Path) -> Repertoire:
    return Repertoire(TaughtExercises(tmp_path / "taught"), tmp_path / "calibrations")


def test_taught_exercises_can_be_chosen_and_coached_but_are_not_recognised(
    repertoire: Repertoire, tmp_path: Path
) -> None:
    assert [name for _, name in repertoire.options()] == list(EXERCISES)
    TaughtExercises(tmp_path / "taught").save(SIT_DOWN)
    repertoire.refresh()
    assert repertoire.options()[-1] == ("Sit down", "sit_down")
    assert repertoire.definitions("sit_down") == {"sit_down": SIT_DOWN}
    assert set(repertoire.definitions(None)) == set(EXERCISES)


def test_a_person_is_coached_by_their_own_range_and_others_are_not(repertoire: Repertoire) -> None:
    repertoire.save(LEARNED)
    assert repertoire.definitions("squats") == {"squats": LEARNED.apply(SQUATS)}
    assert repertoire.definitions(None)["squats"] == LEARNED.apply(SQUATS)
    assert repertoire.definitions(None)["lunges"] == builtin_exercises()["lunges"]
    repertoire.person = "Ada"
    assert repertoire.definitions("squats") == {"squats": SQUATS}
    repertoire.person = " "
    repertoire.forget("squats")
    assert repertoire.definitions("squats") == {"squats": SQUATS}


def test_an_unreadable_calibration_does_not_stop_the_workout(
    repertoire: Repertoire, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    repertoire.save(LEARNED)
    (file,) = (tmp_path / "calibrations").iterdir()
    file.write_text("{")
    with caplog.at_level(logging.WARNING):
        assert repertoire.definitions("squats") == {"squats": SQUATS}
    assert "calibrate again" in caplog.text
