from pathlib import Path

import numpy as np
import pytest

from deepfit_nb.capture.sources import find_sources, output_stems, unique
from deepfit_nb.errors import MediaError
from deepfit_nb.storage import Provenance, Session


@pytest.fixture
def tree(tmp_path):
    for name in ("b.mp4", "a.MOV", "notes.txt", "c.npz", ".hidden.mp4", ".trash/d.mp4", "monday/e.webm"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_a_folder_is_searched_for_videos_and_recordings(tree):
    assert [str(path.relative_to(tree)) for path in find_sources(tree)] == ["a.MOV", "b.mp4", "c.npz", "monday/e.webm"]


def test_archives_of_other_things_are_no_sources(tree):
    np.savez(tree / "weights.npz", layer=[1, 2])
    np.savez(tree / "stills.npz", image=[1], angles=[2])
    np.savez(tree / "poses.npz", image=[1], world=[1], ok=[True])
    assert [path.name for path in find_sources(tree) if path.suffix == ".npz"] == ["c.npz", "poses.npz"]


def test_a_damaged_archive_may_be_a_recording_and_does_not_hide_the_others(tree):
    np.savez(tree / "poses.npz", image=[1], world=[1], ok=[True])
    (tree / "damaged.npz").write_bytes((tree / "poses.npz").read_bytes().replace(b"PK\1\2", b"XXXX"))
    found = [path.name for path in find_sources(tree) if path.suffix == ".npz"]
    assert found == ["c.npz", "damaged.npz", "poses.npz"]


def test_a_file_is_taken_as_it_is(tree):
    assert find_sources(tree / "notes.txt") == [tree / "notes.txt"]


def leave_results(out, stem, source):
    """As an analysis does that saves its recording."""
    np.savez(out / f"{stem}.npz", image=[1], world=[1], ok=[True])
    nothing_done = {"duration_s": 1, "frames": 1, "detected": 1, "provenance": Provenance(deepfit_nb="1")}
    Session(source=source, **nothing_done).save(out / f"{stem}.session.json")


@pytest.mark.parametrize(
    ("out", "found"),
    [
        (None, ["a.MOV", "b.mp4", "b.npz", "c.npz", "monday/d.npz", "monday/e.webm"]),
        (".", ["a.MOV", "b.mp4", "c.npz", "monday/d.npz", "monday/e.webm"]),  # b.npz was saved of b.mp4, c.npz was not
        ("monday", ["a.MOV", "b.mp4", "b.npz", "c.npz", "monday/e.webm"]),  # d.npz was saved of d.mp4
        ("..", ["a.MOV", "b.mp4", "b.npz", "c.npz", "monday/d.npz", "monday/e.webm"]),
        ("nowhere", ["a.MOV", "b.mp4", "b.npz", "c.npz", "monday/d.npz", "monday/e.webm"]),
    ],
)
def test_what_an_analysis_leaves_is_no_source_of_the_next(tree, monkeypatch, out, found):
    leave_results(tree, "b", "b.mp4")
    leave_results(tree, "c", "c.npz")
    leave_results(tree / "monday", "d", "d.mp4")
    monkeypatch.chdir(tree)
    for start in (".", tree):
        sources = find_sources(start, out=out and Path(out))
        assert [path.resolve().relative_to(tree).as_posix() for path in sources] == found


@pytest.mark.parametrize(("name", "complaint"), [("nowhere", "no such file or folder"), ("empty", "holds no video")])
def test_nothing_to_analyse_is_said(tmp_path, name, complaint):
    (tmp_path / "empty").mkdir()
    with pytest.raises(MediaError, match=f"{name}: {complaint}"):
        find_sources(tmp_path / name)


def test_a_file_named_twice_is_one(tree):
    twice = [tree / "b.mp4", tree / "monday" / ".." / "b.mp4", tree / "c.npz"]
    assert unique(twice) == [tree / "b.mp4", tree / "c.npz"]


@pytest.mark.parametrize(
    ("sources", "stems"),
    [
        (["a/x.mp4", "a/y.mp4"], ["x", "y"]),
        (["a/x.mp4", "a/x.npz", "a/y.mp4"], ["x.mp4", "x.npz", "y"]),
        (["a/x.mp4", "b/x.mp4"], ["a_x.mp4", "b_x.mp4"]),
        (["a/x.mp4", "a/X.mp4"], ["a_x.mp4", "a_X.mp4-2"]),
        (["1/a/x.mp4", "2/a/x.mp4"], ["a_x.mp4", "a_x.mp4-2"]),
        (["a/x.mp4", "b/x.mp4", "c/a_x.mp4.npz"], ["a_x.mp4-2", "b_x.mp4", "a_x.mp4"]),  # its own stem, as if alone
        (["a/x.mp4", "a/x.npz", "a/x.mp4.npz"], ["x.mp4-2", "x.npz", "x.mp4"]),
    ],
)
def test_no_two_sources_write_the_same_files(sources, stems):
    named = output_stems([Path(source) for source in sources])
    assert list(named.values()) == stems
