"""Many sources in one run: one that fails, or the user who stops it, takes nothing from the others."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from rich.console import Console

from deepfit_nb.capture import batch
from deepfit_nb.capture.analyze import Analysis, analyze
from deepfit_nb.errors import ModelError
from tests.factories import cosine, curl, film


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three sources, of which the second is to fail."""
    for name in ("a", "b", "c"):
        film(curl, *cosine(2)).save(tmp_path / f"{name}.npz")
    return tmp_path


def run(folder: Path) -> bool:
    return batch.analyze_all([folder], folder / "out", exercise="bicep_curls", console=Console(stderr=True))


def second_raises(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def one(source: Path, **options: object) -> Analysis:
        if source.stem == "b":
            raise error
        return analyze(source, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "analyze", one)


def finished(folder: Path) -> list[str]:
    return [path.name[0] for path in sorted((folder / "out").glob("*.session.json"))]


def test_a_source_that_fails_in_whatever_way_is_named_and_the_next_analysed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    second_raises(monkeypatch, TypeError("no such thing"))
    with caplog.at_level(logging.ERROR):
        assert not run(folder)
    assert finished(folder) == ["a", "c"]
    assert "b.npz: could not be analysed (TypeError: no such thing)" in capsys.readouterr().err
    assert "TypeError: no such thing" in caplog.text


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ModelError("of no source alone")])
def test_what_is_finished_is_shown_where_the_run_ends_early(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    second_raises(monkeypatch, error)
    with pytest.raises(type(error)):
        run(folder)
    assert finished(folder) == ["a"]
    shown = capsys.readouterr().out
    assert "Biceps curls" in shown
    assert "Results are in" in shown
