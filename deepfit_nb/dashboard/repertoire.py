"""`Repertoire`: the exercises that can be chosen, each as one person does it."""

from __future__ import annotations

import logging
from pathlib import Path

from deepfit_nb.coaching import Exercise, builtin_exercises
from deepfit_nb.coaching.calibration import Calibration
from deepfit_nb.errors import DeepFitError
from deepfit_nb.recognition import EXERCISES
from deepfit_nb.storage.calibrations import CalibrationStore
from deepfit_nb.storage.taught import TaughtExercises
from deepfit_nb.wording import words

_log = logging.getLogger(__name__)

#: Whose calibrations they are where nobody has given a name.
_NAMELESS = "me"


class Repertoire:
    """The built-in exercises, those the user has taught, and the person's calibrations of both.

    Attributes
    ----------
    exercises
        By name, as the book has them.
    person
        Whose calibrations are used; may be empty.
    """

    def __init__(self, taught: TaughtExercises | None = None, calibrations: str | Path | None = None) -> None:
        self._taught = taught or TaughtExercises()
        self._folder = calibrations
        self.person = ""
        self.exercises: dict[str, Exercise] = {}
        self.refresh()

    def refresh(self) -> None:
        """Look again which exercises have been taught."""
        self.exercises = {**{name: builtin_exercises()[name] for name in EXERCISES}, **self._taught.load()}

    def options(self) -> list[tuple[str, str]]:
        """What people read, and the name, of each exercise."""
        return [(words(name) if name in EXERCISES else one.title, name) for name, one in self.exercises.items()]

    def joints(self, exercise: str) -> list[str]:
        """The joints whose angles tell most about an exercise."""
        return list(self.exercises[exercise].angles)

    def definitions(self, exercise: str | None) -> dict[str, Exercise]:
        """What a coach needs to follow an exercise or, where it is to be recognised, all that can be."""
        return {name: self._adapted(name) for name in ([exercise] if exercise is not None else EXERCISES)}

    def calibration(self, exercise: str) -> Calibration | None:
        """The person's own range, where it is known; raises `DeepFitError` where it cannot be read."""
        return self._store.load(exercise)

    def save(self, calibration: Calibration) -> None:
        """Keep the person's range."""
        self._store.save(calibration)

    def forget(self, exercise: str) -> None:
        """From now on by the book again."""
        self._store.forget(exercise)

    @property
    def _store(self) -> CalibrationStore:
        return CalibrationStore(self.person.strip() or _NAMELESS, self._folder)

    def _adapted(self, name: str) -> Exercise:
        """As the person does it; a calibration that cannot be read must not keep them from their workout."""
        try:
            learned = self.calibration(name)
        except DeepFitError as error:
            _log.warning("%s", error)
            learned = None
        return learned.apply(self.exercises[name]) if learned is not None else self.exercises[name]
