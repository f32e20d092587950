"""How long the picture of an MP4 or QuickTime file is said to last, which OpenCV does not tell."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_UNKNOWN: Final = frozenset({0, 2**32 - 1, 2**64 - 1})


def mp4_duration(path: Path) -> float | None:
    """Seconds that the file gives its video track, what was trimmed away left out; None where it does not say.

    OpenCV counts the frames that are stored. A trim without encoding anew keeps those before the cut and only notes
    that they are not to be shown (an edit list), so their number says nothing about time.
    """
    try:
        return _duration(_movie(path))
    except (OSError, struct.error):
        return None


def _movie(path: Path) -> bytes:
    """The box ``moov`` of the file, without its header; empty where there is none."""
    length = path.stat().st_size
    with path.open("rb") as file:
        while len(header := file.read(8)) == 8:
            size, kind = struct.unpack(">I4s", header)
            if size == 1:
                size = struct.unpack(">Q", file.read(8))[0] - 8
            left = length - file.tell()
            rest = min(size - 8, left) if size else left  # of a file that is no MP4 this may be any number
            if kind == b"moov":
                return file.read(rest)
            if rest < 0:
                break
            file.seek(rest, 1)
    return b""


def _duration(movie: bytes) -> float | None:
    boxes = list(_boxes(movie))
    scale = next((_number(box, ">I", 12, 20) for kind, box in boxes if kind == b"mvhd"), 0)
    tracks = [dict(_boxes(box)) for kind, box in boxes if kind == b"trak"]
    ticks = [_ticks(track[b"tkhd"]) for track in tracks if b"tkhd" in track and _is_video(track)]
    known = [one for one in ticks if one not in _UNKNOWN]
    return min(known) / scale if known and scale else None


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of the boxes that lie one after the other."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8:
            return
        yield kind, data[at + 8 : at + size]
        at += size


def _is_video(track: dict[bytes, bytes]) -> bool:
    return dict(_boxes(track.get(b"mdia", b""))).get(b"hdlr", b"")[8:12] == b"vide"


def _ticks(header: bytes) -> int:
    return _number(header, ">Q" if header[:1] == b"\1" else ">I", 20, 28)


def _number(header: bytes, form: str, short: int, long: int) -> int:
    """A number of a header whose times take 4 bytes (version 0) or 8."""
    found: int = struct.unpack_from(form, header, long if header[:1] == b"\1" else short)[0]
    return found
