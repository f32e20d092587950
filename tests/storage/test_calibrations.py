"""Calibrations on disk."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.calibration import Calibration
from deepfit_nb.errors import DeepFitError
from deepfit_nb.storage.calibrations import CalibrationStore

SQUATS = builtin_exercises()["squats"]
LEARNED = Calibration(
    exercise="squats", reps=5, rom_deg=61.5, rep_s=2.4, signal=SQUATS.signal.measures, shortfall={"shallow_depth": 0.2}
)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    store = CalibrationStore("Ada", tmp_path / "new")
    assert store.load("squats") is None
    path = store.save(LEARNED)
    assert store.load("squats") == LEARNED
    assert [file.name for file in path.parent.iterdir()] == ["ada.squats.json"]


def test_a_new_calibration_takes_the_place_of_the_old(tmp_path: Path) -> None:
    store = CalibrationStore("Ada", tmp_path)
    newer = LEARNED.model_copy(update={"rom_deg": 80.0})
    store.save(LEARNED)
    store.save(newer)
    assert store.load("squats") == newer


def test_forgotten_calibrations_are_gone(tmp_path: Path) -> None:
    store = CalibrationStore("Ada", tmp_path)
    store.save(LEARNED)
    for _ in range(2):
        store.forget("squats")
        assert store.load("squats") is None
    assert list(tmp_path.iterdir()) == []


def test_only_calibrated_exercises_are_adapted(tmp_path: Path) -> None:
    store = CalibrationStore("Ada", tmp_path)
    store.save(LEARNED)
    adapted = store.adapted()
    assert set(adapted) == set(builtin_exercises())
    assert adapted["squats"] == LEARNED.apply(SQUATS)
    assert {name for name, one in adapted.items() if one != builtin_exercises()[name]} == {"squats"}


@pytest.mark.parametrize("other", ["Bob", "Ada Lovelace", "../Ada", "Ada/x", "ädä", "Ada.squats", "..", "A%64a"])
def test_people_are_kept_apart_and_within_the_folder(other: str, tmp_path: Path) -> None:
    folder = tmp_path / "calibrations"
    CalibrationStore("Ada", folder).save(LEARNED)
    store = CalibrationStore(other, folder)
    assert store.load("squats") is None
    assert store.save(LEARNED).resolve().parent == folder.resolve()
    assert CalibrationStore(other, folder).load("squats") == LEARNED


@pytest.mark.parametrize(
    ("person", "whole"),
    [
        ("a" * 229, True),  # as long as it could ever be kept
        ("a" * 230, False),
        ("Александра Константинопольская-Преображенская", False),
        ("สมชาย วงศ์สวัสดิ์รัตนพันธุ์" * 20, False),
    ],
)
def test_a_name_of_any_length_can_be_kept_and_is_kept_apart(person: str, whole: bool, tmp_path: Path) -> None:
    """What was kept under a whole name before is still found."""
    store = CalibrationStore(person, tmp_path)
    assert store.load("squats") is None
    assert (store.save(LEARNED).name == f"{quote(person.casefold(), safe=' ')}.squats.json") == whole
    assert CalibrationStore(person.upper(), tmp_path).load("squats") == LEARNED
    assert CalibrationStore(person + "a", tmp_path).load("squats") is None
    assert store.load("lunges") is None
    store.forget("squats")
    assert list(tmp_path.iterdir()) == []


def test_the_case_of_a_name_does_not_matter(tmp_path: Path) -> None:
    CalibrationStore("Ada ", tmp_path).save(LEARNED)
    assert CalibrationStore("ADA", tmp_path).load("squats") == LEARNED


def test_an_accent_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    """macOS writes it as a letter and a mark of its own."""
    CalibrationStore("Zo\u00eb", tmp_path).save(LEARNED)
    assert CalibrationStore("Zoe\u0308", tmp_path).load("squats") == LEARNED


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    store = CalibrationStore("Ada", tmp_path)
    store.path("squats").write_text('{"exercise": "squats"')
    with pytest.raises(DeepFitError, match=r"ada\.squats\.json: no readable calibration; delete it"):
        store.load("squats")


def test_a_file_under_the_name_of_another_exercise_is_named(tmp_path: Path) -> None:
    store = CalibrationStore("Ada", tmp_path)
    store.save(LEARNED).rename(store.path("lunges"))
    with pytest.raises(DeepFitError, match=r"ada\.lunges\.json: a calibration of squats; delete it"):
        store.load("lunges")


def test_a_person_has_a_name() -> None:
    with pytest.raises(DeepFitError, match="needs the name"):
        CalibrationStore(" ")
