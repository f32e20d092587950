"""Calibrations of people, one small JSON file for each person and exercise."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from unicodedata import normalize
from urllib.parse import quote

from pydantic import ValidationError

from deepfit_nb.coaching import Exercise, builtin_exercises
from deepfit_nb.coaching.calibration import Calibration
from deepfit_nb.errors import DeepFitError
from deepfit_nb.storage.atomic import atomic_write, remedy
from deepfit_nb.storage.folder import user_data_folder

#: File systems take 255 bytes, of which `atomic_write` needs 14 for its temporary file.
_LONGEST_NAME: Final = 255 - 14


class CalibrationStore:
    """The calibrations of one person.

    A calibrated person is coached by their own range::

        store = CalibrationStore("Ada")
        store.save(calibrate(exercise, recording))
        Coach(exercises=store.adapted())

    Parameters
    ----------
    person
        Any name; upper and lower case are the same person, and so are both ways in which Unicode writes an accent.
    folder
        Where the files are; None: ``calibrations`` in `user_data_folder`.
    """

    def __init__(self, person: str, folder: str | Path | None = None) -> None:
        if not person.strip():
            raise DeepFitError("a calibration needs the name of a person")
        self.person = person
        self.folder = Path(folder) if folder else user_data_folder() / "calibrations"

    def path(self, exercise: str) -> Path:
        """The file of one exercise, whether it is there or not."""
        person, rest = quote(normalize("NFC", self.person.strip().casefold()), safe=" "), f".{exercise}.json"
        if len(person) + len(rest) > _LONGEST_NAME:  # a letter that is not ASCII takes six characters or more
            # The plus sign is quoted in names, so that nobody's own name is that of another cut short.
            end = "+" + hashlib.sha256(person.encode()).hexdigest()[:16]
            person = person[: max(0, _LONGEST_NAME - len(rest) - len(end))] + end
        return self.folder / (person + rest)

    def load(self, exercise: str) -> Calibration | None:
        """The calibration of an exercise; None where there is none."""
        path = self.path(exercise)
        try:
            found = Calibration.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise DeepFitError(f"{path}: no readable calibration; delete it and calibrate again ({error})") from error
        if found.exercise != exercise:
            raise DeepFitError(f"{path}: a calibration of {found.exercise}; delete it and calibrate {exercise} again")
        return found

    def save(self, calibration: Calibration) -> Path:
        """Keep a calibration, in place of an older one; returns its file."""
        path = self.path(calibration.exercise)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with atomic_write(path) as temporary:
                temporary.write_text(calibration.model_dump_json(indent=2, exclude_defaults=True), "utf-8")
        except OSError as error:
            raise DeepFitError(f"{path}: the calibration cannot be written ({error}); {remedy(error)}") from error
        return path

    def forget(self, exercise: str) -> None:
        """Delete the calibration of an exercise; nothing happens where there is none."""
        path = self.path(exercise)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise DeepFitError(f"{path}: the calibration cannot be deleted ({error})") from error

    def adapted(self, exercises: Mapping[str, Exercise] | None = None) -> dict[str, Exercise]:
        """Exercises (by default the built-in ones) by name, those that the person has calibrated adapted to them."""
        given = exercises if exercises is not None else builtin_exercises()
        found = {name: self.load(name) for name in given}
        return {name: one.apply(given[name]) if (one := found[name]) is not None else given[name] for name in given}
