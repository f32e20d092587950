"""Paths as people type or paste them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname


def typed_path(text: str) -> Path:
    """The path that is meant: without quotes around it, from a ``file://`` URL, and with ``~`` for the home folder."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    if text.lower().startswith("file://"):
        # The path as it is: a # or ? in a file's name is no part of a URL to those who paste it unquoted.
        text = url2pathname(text[len("file://") + len(urlsplit(text).netloc) :])
    try:
        return Path(text).expanduser()
    except RuntimeError:  # there is no such user
        return Path(text)
