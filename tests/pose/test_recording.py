"""Pose recordings on disk: what is saved is read back, and what is none is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deepfit_nb.errors import MediaError
from deepfit_nb.pose import PoseRecording

FRAMES = 20
ARRAYS: dict[str, Any] = {
    "image": np.random.default_rng(0).random((FRAMES, 33, 4), np.float32),
    "world": np.random.default_rng(1).random((FRAMES, 33, 3), np.float32),
    "ok": np.ones(FRAMES, bool),
    "fps": 25.0,
    "size": np.array([640, 480]),
}


def archive(**changes: object) -> Callable[[Path], None]:
    arrays: Any = {**ARRAYS, **changes}
    return lambda path: np.savez_compressed(path, **arrays)


def without_ok(path: Path) -> None:
    np.savez(path, **{name: array for name, array in ARRAYS.items() if name != "ok"})


def flipped(path: Path) -> None:
    """Damage within the compressed numbers."""
    archive()(path)
    data = bytearray(path.read_bytes())
    data[1000:1100] = b"\xff" * 100
    path.write_bytes(data)


def renamed(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    archive()(tmp_path / "a.npz")
    loaded = PoseRecording.load(tmp_path / "a.npz")
    loaded.save(tmp_path / "b.npz")
    again = PoseRecording.load(tmp_path / "b.npz")
    for name in ("image", "world", "ok", "time_s"):
        np.testing.assert_array_equal(getattr(again, name), getattr(loaded, name))
    assert (again.fps, again.size) == (25.0, (640, 480))
    np.testing.assert_allclose(loaded.time_s, np.arange(FRAMES) / 25)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda path: None, "not a readable pose recording.*make it anew"),
        (
            lambda path: path.write_bytes(b"PK\3\4 and then nothing"),
            r"recording \(no \.npz, or one that breaks off\); make",
        ),
        (lambda path: path.write_text("a text"), r"recording \(no \.npz, or one that breaks off\); make it anew"),
        (flipped, "not a readable pose recording.*make it anew"),
        (renamed, "not a readable pose recording.*make it anew"),
        (archive(size=np.array(640)), "not a readable pose recording.*make it anew"),
        (archive(fps=np.array([25.0, 25.0])), "not a readable pose recording.*make it anew"),
        (archive(ok=np.array(True)), "not a readable pose recording.*make it anew"),
        (archive(ok=np.ones((FRAMES, 1), bool)), r"ok has shape \(20, 1\).*make it anew"),
        (archive(ok=np.ones(FRAMES - 1, bool)), "image has shape.*make it anew"),
        (archive(fps=-1.0), "time_s must be finite and strictly increasing"),
        (without_ok, "not a pose recording: .*ok"),
    ],
)
def test_what_is_no_recording_is_named_with_what_to_do(
    tmp_path: Path, make: Callable[[Path], None], complaint: str
) -> None:
    make(tmp_path / "clip.npz")
    with pytest.raises(MediaError, match=rf"clip\.npz: .*{complaint}"):
        PoseRecording.load(tmp_path / "clip.npz")
