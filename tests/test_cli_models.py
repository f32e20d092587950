"""The sub-commands that make models and measure them: what they refuse before the work."""

import pytest

from deepfit_nb.kinematics.elbows import ELBOWS
from deepfit_nb.kinematics.limbs import LIMBS
from deepfit_nb.training import environment
from tests.commands import run


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--angles", "--form"),
        ("train", "--clips", "somewhere"),
        ("render", "--strangers", "--brief", "--out", "somewhere"),
        ("render", "--count", "0", "--out", "somewhere"),
        ("render", "--seed", "-1", "--out", "somewhere"),
    ],
)
def test_a_wrong_option_is_a_usage_error(monkeypatch, arguments):
    assert run(monkeypatch, *arguments) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--form", "--out", "{file}"),
        ("train", "--form", "--work", "{file}"),
        ("evaluate", "recognition", "nowhere", "--out", "{file}/figures.json"),
        ("evaluate", "coaching", "--clips-only", "--json", "{file}/figures.json"),
        ("evaluate", "ablations", "--out", "{file}/figures.json"),
        ("render", "--out", "{file}"),
    ],
)
def test_results_that_could_not_be_written_are_refused_before_the_work(monkeypatch, capsys, tmp_path, arguments):
    file = tmp_path / "file"
    file.touch()
    assert run(monkeypatch, *(argument.format(file=file) for argument in arguments)) == 1
    assert "cannot be made a folder for results" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--data", "{empty}/nowhere"), "nowhere: is not a folder. Give the folder mm-fit"),
        (("--data", "{empty}"), "has no workout w00. Unpack all of MM-Fit there"),
        (("--data", "{empty}", "--split", "mine"), "unknown split 'mine'; known: paper, unseen, seed"),
    ],
)
def test_a_wrong_data_set_is_told_before_anything_is_made_or_tensorflow_imported(
    monkeypatch, capsys, tmp_path, arguments, told
):
    monkeypatch.setattr(environment, "require_training", pytest.fail)  # what comes next
    (tmp_path / "empty").mkdir()
    out = tmp_path / "out"
    given = [argument.format(empty=tmp_path / "empty") for argument in arguments]
    assert run(monkeypatch, "train", *given, "--out", str(out)) == 1
    assert told in capsys.readouterr().err
    assert not out.exists()


def test_clips_that_are_not_there_are_asked_for(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "evaluate", "coaching", "--clips-only") == 1
    assert "name a folder with --clips" in capsys.readouterr().err


def test_all_models_of_angles_are_made_and_reported_on(monkeypatch, capsys, tmp_path):
    pytest.importorskip("tensorflow")
    made = []
    monkeypatch.setattr("deepfit_nb.training.angles.train_angles", lambda out: "table of any body")
    monkeypatch.setattr(
        "deepfit_nb.training.readers.train_reader", lambda lesson, out: made.append(lesson.subject) or "table"
    )
    monkeypatch.setattr(environment, "require_training", lambda *names: None)
    assert run(monkeypatch, "train", "--angles", "--out", str(tmp_path), "--work", str(tmp_path)) == 0
    assert made == [ELBOWS, LIMBS]
    printed = capsys.readouterr().out
    assert all(text in printed for text in ("table of any body", "elbows, held out", "limbs, held out"))
