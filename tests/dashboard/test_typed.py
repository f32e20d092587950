"""Paths as people paste them."""

from __future__ import annotations

from pathlib import Path

import pytest

from deepfit_nb.dashboard.typed import typed_path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/videos/a.mp4", "/videos/a.mp4"),
        ("  /videos/a.mp4\n", "/videos/a.mp4"),
        ('"/my videos/a.mp4"', "/my videos/a.mp4"),
        ("'/my videos/a.mp4'", "/my videos/a.mp4"),
        ("/videos/5' squats.mp4", "/videos/5' squats.mp4"),
        ("~/a.mp4", "/home/me/a.mp4"),
        ("'~/a.mp4'", "/home/me/a.mp4"),
        ("~nobody-of-this-name/a.mp4", "~nobody-of-this-name/a.mp4"),
        ("file:///my%20videos/a.mp4", "/my videos/a.mp4"),
        ("FILE://localhost/videos/a%23.mp4", "/videos/a#.mp4"),
        ("file:///videos/set #2.mp4", "/videos/set #2.mp4"),
    ],
)
def test_the_path_is_the_one_that_is_meant(monkeypatch: pytest.MonkeyPatch, text: str, path: str) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert typed_path(text) == Path(path)
