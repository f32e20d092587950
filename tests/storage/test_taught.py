"""Taught exercises on disk."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.teaching import to_toml
from deepfit_nb.errors import DeepFitError, ExerciseError
from deepfit_nb.storage.taught import TaughtExercises

SIT_DOWN = builtin_exercises()["squats"].model_copy(update={"name": "sit_down", "title": "Sit down"})


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    taught = TaughtExercises(tmp_path / "new")
    assert taught.load() == {}
    path = taught.save(SIT_DOWN)
    assert path == tmp_path / "new" / "sit_down.toml"
    assert taught.load() == {"sit_down": SIT_DOWN}


def test_a_built_in_exercise_cannot_be_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    taught = TaughtExercises(tmp_path)
    with pytest.raises(ExerciseError, match="another name"):
        taught.save(builtin_exercises()["squats"])
    path = taught.save(SIT_DOWN)
    path.write_text(path.read_text().replace('"sit_down"', '"squats"'))
    with caplog.at_level(logging.WARNING):
        assert taught.load() == {}
    assert "named squats" in caplog.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name = ", "not valid TOML"),
        ('title = "Kniebeuge für alle"'.encode("cp1252"), "not UTF-8"),
        (to_toml(SIT_DOWN).replace('"hips"', '"legs"').encode(), "unknown part of the body 'legs'"),
    ],
)
def test_a_damaged_file_is_named_and_does_not_hide_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes, says: str
) -> None:
    taught = TaughtExercises(tmp_path)
    taught.save(SIT_DOWN)
    (tmp_path / "broken.toml").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert list(taught.load()) == ["sit_down"]
    assert "broken.toml" in caplog.text
    assert says in caplog.text


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeepFitError, match="another folder"):
        TaughtExercises(tmp_path / "file").save(SIT_DOWN)
