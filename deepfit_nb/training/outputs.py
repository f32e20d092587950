"""Where results go: made and tried before the work, so that who cannot write there learns it at once."""

from __future__ import annotations

from pathlib import Path

from deepfit_nb.errors import MediaError
from deepfit_nb.storage import atomic


def prepare_folder(folder: Path) -> None:
    """Make a folder for results; raises `MediaError` where that, or writing to it, is not possible."""
    try:
        atomic.prepare_folder(folder)
    except OSError as error:
        raise MediaError(f"{folder}: cannot be made a folder for results ({error.strerror}); name another") from error


def prepare_file(path: Path) -> None:
    """Make the folder of a file of results; raises `MediaError` where the file cannot be written there."""
    if path.is_dir():
        raise MediaError(f"{path}: is a folder; name a file in it")
    prepare_folder(path.parent)
