"""Many sources in one run: one that fails, or the user who stops it, takes nothing from the others."""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
import tempfile
from pathlib import Path

import pytest
from rich.console import Console

from deepfit_nb.capture import batch
from deepfit_nb.capture.analyze import Analysis, analyze
from deepfit_nb.errors import DeepFitError, MediaError, ModelError
from deepfit_nb.pose import PoseRecording
from tests.capture.clips import write_video
from tests.factories import cosine, curl, film


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three sources, of which the second is to fail."""
    for name in ("a", "b", "c"):
        film(curl, *cosine(2)).save(tmp_path / f"{name}.npz")
    return tmp_path


def run(folder: Path) -> bool:
    return batch.analyze_all([folder], folder / "out", exercise="bicep_curls", console=Console(stderr=True))


def raises(monkeypatch: pytest.MonkeyPatch, error: BaseException, *, at: str = "b") -> None:
    def one(source: Path, **options: object) -> Analysis:
        if source.stem == at:
            raise error
        return analyze(source, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "analyze", one)


def finished(folder: Path) -> list[str]:
    return [path.name[0] for path in sorted((folder / "out").glob("*.session.json"))]


def test_a_source_that_fails_in_whatever_way_is_named_and_the_next_analysed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    raises(monkeypatch, TypeError("no such thing"))
    with caplog.at_level(logging.ERROR):
        assert not run(folder)
    assert finished(folder) == ["a", "c"]
    assert "b.npz: could not be analysed (TypeError: no such thing)" in capsys.readouterr().err
    assert "TypeError: no such thing" in caplog.text


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ModelError("of no source alone")])
def test_what_is_finished_is_shown_where_the_run_ends_early(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    raises(monkeypatch, error)
    with pytest.raises(type(error)):
        run(folder)
    assert finished(folder) == ["a"]
    shown = capsys.readouterr().out
    assert "Biceps curls" in shown
    assert "Results are in" in shown


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("a", "stopped: nothing was finished, so nothing is kept"),
        ("c", "stopped: the results of 2 of 3 files are kept in"),
    ],
)
def test_who_stops_a_run_is_told_what_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], at: str, told: str
) -> None:
    raises(monkeypatch, KeyboardInterrupt(), at=at)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("frames", "told"), [(1, "in its only frame (det"), (2, "in any of its 2 frames (det")])
def test_nobody_is_told_of_as_many_frames_as_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], frames: int, told: str
) -> None:
    nobody = PoseRecording.from_poses(((time_s, None) for time_s in range(frames)), fps=1.0, size=(640, 480))
    nobody.save(tmp_path / "room.npz")
    assert not run(tmp_path)
    assert told in capsys.readouterr().err


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="no such names there")
def test_a_name_that_is_no_text_is_complained_of_and_the_others_analysed(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """FFmpeg would take the process with it, and the session file cannot hold such a name."""
    (folder / "b.npz").rename(folder / os.fsdecode(b"caf\xe9.npz"))
    write_video(folder / "clip.mp4", frames=3).rename(folder / os.fsdecode(b"caf\xe9.mp4"))
    out = folder / os.fsdecode(b"\xe9t\xe9")  # a folder may be called so
    assert not batch.analyze_all([folder], out, exercise="bicep_curls", console=Console(stderr=True))
    assert sorted(path.name for path in out.glob("*.json")) == ["a.session.json", "c.session.json"]
    complaints = capfd.readouterr().err
    for name in ("caf\\udce9.npz", "caf\\udce9.mp4"):
        assert f"{folder / name}: its name is not valid UTF-8; rename it" in complaints
    assert "Traceback" not in complaints


@pytest.mark.parametrize(
    ("number", "advice"), [(errno.EROFS, "make that folder writable"), (errno.ENOSPC, "make room on that disk")]
)
def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_analysed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(batch, "analyze", pytest.fail)
    with pytest.raises(MediaError, match=f"{advice}, or choose another folder with --out"):
        run(folder)


@pytest.mark.parametrize(("number", "ends"), [(errno.ENOSPC, True), (errno.EROFS, True), (errno.ENAMETOOLONG, False)])
def test_results_that_cannot_be_written_are_told_and_end_the_run_where_no_others_can_be(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, ends: bool
) -> None:
    def save(self: Analysis, out: Path, stem: str, **options: bool) -> None:
        if stem == "b":
            raise OSError(number, os.strerror(number))
        usual(self, out, stem, **options)

    usual = Analysis.save
    monkeypatch.setattr(Analysis, "save", save)
    told = rf"b\.npz: its results cannot be written to .*out \({os.strerror(number)}\); .*choose another folder"
    if ends:
        with pytest.raises(DeepFitError, match=told):
            run(folder)
    else:
        assert not run(folder)
        assert re.search(told, capsys.readouterr().err)
    assert finished(folder) == (["a"] if ends else ["a", "c"])
