from importlib.metadata import version

import pytest

from deepfit_nb import __version__
from deepfit_nb.capture import batch
from deepfit_nb.errors import SetupError
from deepfit_nb.pose import bundle
from deepfit_nb.pose.bundle import PoseBundle
from deepfit_nb.storage import History
from deepfit_nb.storage.folder import DATA_VARIABLE
from tests.commands import run
from tests.storage.workouts import workout_set


def test_setup_gets_the_pose_model_asked_for(monkeypatch, capsys, tmp_path):
    asked = []
    monkeypatch.setattr(
        bundle, "ensure_bundle", lambda variant: asked.append(variant) or PoseBundle(tmp_path, "0" * 64)
    )
    assert run(monkeypatch, "setup", "--pose-model", "lite") == 0
    assert asked == ["lite"]
    assert "ready" in capsys.readouterr().out


def test_an_error_a_user_can_mend_is_shown_without_a_traceback(monkeypatch, capsys):
    def fail(variant: str) -> PoseBundle:
        raise SetupError("do [this] about it")

    monkeypatch.setattr(bundle, "ensure_bundle", fail)
    assert run(monkeypatch, "setup") == 1
    shown = capsys.readouterr().err
    assert "error: do [this] about it" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("arguments", [("setup", "--pose-model", "huge"), ("dashboard", "--port", "70000")])
def test_a_wrong_option_is_a_usage_error(monkeypatch, arguments):
    assert run(monkeypatch, *arguments) == 2


def test_who_stops_an_analysis_gets_the_exit_code_of_that(monkeypatch, tmp_path):
    def stop(*given, **others):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "analyze_all", stop)
    assert run(monkeypatch, "analyze", "squats.mp4", "--out", str(tmp_path)) == 130


def test_the_version_is_one(monkeypatch, capsys):
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.strip() == version("deepfit-nb") == __version__


def test_the_history_is_shown_and_written(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    with History() as history:
        history.add(history.begin("webcam"), workout_set())
    assert run(monkeypatch, "history") == 0
    assert "Squats" in capsys.readouterr().out
    assert run(monkeypatch, "history", "--export", str(tmp_path / "sets.csv")) == 0
    assert "sets kept so far: 1, written to" in capsys.readouterr().out
    assert "squats" in (tmp_path / "sets.csv").read_text()
