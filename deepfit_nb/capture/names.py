"""File names that are no text, or read like markup: Linux lets a name be any bytes, and old archives leave such."""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape

from deepfit_nb.errors import MediaError


def printable(text: str | Path) -> str:
    """The text with what is no UTF-8 written out (``caf\\udce9.mp4``), so that it can be printed and sent anywhere."""
    return str(text).encode("utf-8", "backslashreplace").decode("utf-8")


def in_markup(text: str | Path) -> str:
    """As rich prints it unchanged, whatever the names of files in it hold."""
    return escape(printable(text))


def require_utf8(name: str | Path, path: Path) -> None:
    """Raise `MediaError` where a name of `path` is no UTF-8: OpenCV would end the process, and JSON cannot hold it."""
    if printable(name) != str(name):
        raise MediaError(f"{printable(path)}: its name is not valid UTF-8; rename it")
