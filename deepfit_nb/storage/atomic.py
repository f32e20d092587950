"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


@contextmanager
def atomic_write(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; when the block ends without an error it takes the place of `path`.

    A reader never sees half a file, and a run that is killed leaves the old file as it was. The temporary file is
    in the same folder because a rename is atomic only within one file system.
    """
    path = Path(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes the file private; give it the permissions that an ordinary new file would have.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def prepare_folder(folder: Path) -> None:
    """Make a folder and write to it, so that who cannot learns it before the work; raises `OSError` then."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as trial:
        trial.write(b"-")


def remedy(error: OSError) -> str:
    """What to do where a file could not be written."""
    if error.errno in _FULL:
        return "make room on that disk, or choose another folder"
    if error.errno in _FORBIDDEN:
        return "make that folder writable, or choose another folder"
    return "choose another folder"


def concerns_all(error: OSError) -> bool:
    """Whether no other file could be written there either."""
    return error.errno in _FULL | _FORBIDDEN
