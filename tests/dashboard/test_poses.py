"""Bodies are looked for only once where the same source is asked for again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deepfit_nb.capture.analyze import Analysis
from deepfit_nb.dashboard import poses
from deepfit_nb.dashboard.poses import LastPoses
from deepfit_nb.errors import MediaError


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch, shallow: Analysis) -> list[str]:
    """Names of the videos that were looked at; each shows the shallow squats."""
    names: list[str] = []

    def fake(source: Path, **how: Any) -> Analysis:
        if not source.exists():
            raise MediaError("no such file")
        names.append(source.name)
        return shallow

    monkeypatch.setattr(poses, "analyze", fake)
    return names


def _video(path: Path, content: str = "video") -> Path:
    path.write_text(content)
    return path


def test_another_exercise_needs_no_other_look_at_the_video(
    shallow: Analysis, looked_at: list[str], tmp_path: Path
) -> None:
    last, video = LastPoses(), _video(tmp_path / "a.mp4")
    seen: list[int] = []
    first = last.analysed(video, None, lambda done, expected: None)
    again = last.analysed(video, "lunges", lambda done, expected: seen.append(done))
    assert looked_at == ["a.mp4"]
    assert seen[-1] == len(first.reports)
    assert {one.exercise for one in again.sets} <= {"lunges"}
    assert (again.source, again.provenance) == (shallow.source, shallow.provenance)
    (warning,) = again.warnings
    assert warning.startswith(f"{shallow.source}: looks like squats, but was analysed as lunges")
    same = last.analysed(video, None, lambda done, expected: None)
    assert [one.count for one in same.sets] == [one.count for one in shallow.sets] == [4]
    assert not same.warnings


def test_another_video_and_one_that_has_changed_are_looked_at(looked_at: list[str], tmp_path: Path) -> None:
    last, one, other = LastPoses(), _video(tmp_path / "a.mp4"), _video(tmp_path / "b.mp4")
    for video in (one, other, one):
        last.analysed(video, None, lambda done, expected: None)
    _video(one, "another video")
    last.analysed(one, None, lambda done, expected: None)
    assert looked_at == ["a.mp4", "b.mp4", "a.mp4", "a.mp4"]


def test_a_video_that_is_not_there_is_complained_of(looked_at: list[str], tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        LastPoses().analysed(tmp_path / "none.mp4", None, lambda done, expected: None)
