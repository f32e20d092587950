"""What to analyse and what to call the result."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Final

from deepfit_nb.capture.video import VIDEO_SUFFIXES
from deepfit_nb.errors import MediaError
from deepfit_nb.storage.session import Session

RECORDING_SUFFIX: Final = ".npz"
SOURCE_SUFFIXES: Final = VIDEO_SUFFIXES | {RECORDING_SUFFIX}


def is_recording(path: Path) -> bool:
    """Whether it is named as a pose recording is; all else is taken for a video."""
    return path.suffix.lower() == RECORDING_SUFFIX


def find_sources(path: str | Path, *, out: Path | None = None) -> list[Path]:
    """The file itself, or all videos and pose recordings in the folder and below it, in order of name.

    Raises `MediaError` where there is no such path, or nothing to analyse in the folder. Hidden files and folders are
    passed over, and so are ``.npz`` archives of something else than poses.

    What an analysis has left in `out`, its folder for results, is no source of the next one: recordings in it that were
    saved of a video are passed over, but not what the user has put there.
    """
    path, out = Path(path), out and out.resolve()
    if not path.exists():
        raise MediaError(f"{path}: no such file or folder")
    if not path.is_dir():
        return [path]
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = [
            Path(folder, name)
            for name in names
            if Path(name).suffix.lower() in SOURCE_SUFFIXES and not name.startswith(".")
        ]
        if Path(folder).resolve() == out:
            inside = [source for source in inside if not _was_saved_of_a_video(source)]
        found += inside
    found = [source for source in found if not _holds_something_else(source)]
    if not found:
        raise MediaError(f"{path}: holds no video ({', '.join(sorted(VIDEO_SUFFIXES))}) and no pose recording (.npz)")
    return sorted(found)


def _was_saved_of_a_video(path: Path) -> bool:
    """Whether the session beside it is of another file, as that of a video whose poses were saved under its stem."""
    if not is_recording(path):
        return False
    try:
        return Session.load(path.with_suffix(".session.json")).source != path.name
    except MediaError:  # there is none
        return False


def _holds_something_else(path: Path) -> bool:
    """Whether it is a sound archive, but not of poses. A damaged one may be a recording, and is complained of later."""
    if not is_recording(path) or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not {"image.npy", "world.npy", "ok.npy"} <= set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):  # its table of contents is damaged
        return False


def unique(paths: Iterable[Path]) -> list[Path]:
    """The paths in order, each file once however it was named."""
    return list({path.resolve(): path for path in reversed(list(paths))}.values())[::-1]


def output_stems(sources: Sequence[Path]) -> dict[Path, str]:
    """A name for each source's outputs, so that no two sources (distinct files) overwrite each other's.

    It is the file's stem, whatever else is analysed, unless another source has the same. Sources that share a stem get
    their whole name (``squat.mp4`` and ``squat.npz``); if that is not enough the folder's name is put before it
    (``monday_squat.mp4``); and if even that is taken, a number behind it. Names that differ only in case count as the
    same, since on some file systems they are.
    """
    stems: dict[Path, str] = {}
    candidates = [(source.stem, source.name, f"{source.resolve().parent.name}_{source.name}") for source in sources]
    uses = [Counter(names[level].casefold() for names in candidates) for level in range(3)]
    taken = {stem for stem, sharing in uses[0].items() if sharing == 1}
    for source, names in zip(sources, candidates, strict=True):
        level = next((level for level in range(3) if uses[level][names[level].casefold()] == 1), 2)
        if level == 0:
            stems[source] = names[0]
            continue
        numbered = (names[level] if n == 1 else f"{names[level]}-{n}" for n in count(1))
        stems[source] = next(name for name in numbered if name.casefold() not in taken)
        taken.add(stems[source].casefold())
    return stems
