"""Exercises that users have taught by demonstration, one TOML file each."""

from __future__ import annotations

import logging
from pathlib import Path

from deepfit_nb.coaching import Exercise, builtin_exercises, read_exercise
from deepfit_nb.coaching.teaching import to_toml
from deepfit_nb.errors import DeepFitError, ExerciseError
from deepfit_nb.storage.atomic import atomic_write, remedy
from deepfit_nb.storage.folder import user_data_folder

_log = logging.getLogger(__name__)


class TaughtExercises:
    """The user's own exercises; the dashboard offers them beside the built-in ones::

        TaughtExercises().save(teach(recording, "sit_down"))

    Parameters
    ----------
    folder
        Where the files are; None: ``exercises`` in `user_data_folder`.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder) if folder else user_data_folder() / "exercises"

    def save(self, exercise: Exercise) -> Path:
        """Keep an exercise, in place of an older one of that name; returns its file, which may be edited."""
        if exercise.name in builtin_exercises():
            raise ExerciseError(f"{exercise.name} is a built-in exercise; teach yours under another name")
        path = self.folder / f"{exercise.name}.toml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with atomic_write(path) as temporary:
                temporary.write_text(to_toml(exercise), "utf-8")
        except OSError as error:
            raise DeepFitError(f"{path}: the exercise cannot be written ({error}); {remedy(error)}") from error
        return path

    def load(self) -> dict[str, Exercise]:
        """All of them by name. A file that cannot be used is passed over with a warning: the others are wanted too."""
        found: dict[str, Exercise] = {}
        for path in sorted(self.folder.glob("*.toml")):
            try:
                exercise = read_exercise(path)
                if exercise.name in builtin_exercises() or exercise.name in found:
                    raise ExerciseError(f"{path}: there is another exercise named {exercise.name}")
            except ExerciseError as error:
                _log.warning("%s", error)
            else:
                found[exercise.name] = exercise
        return found
