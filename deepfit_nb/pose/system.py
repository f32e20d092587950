"""System libraries that MediaPipe and its OpenCV load, and the Debian packages that hold them."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

from deepfit_nb.errors import SetupError

#: Shared library → Debian (and Ubuntu) package. Wheels carry all else.
SYSTEM_LIBRARIES: Final[dict[str, str]] = {
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libGL.so.1": "libgl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
}


def missing_system_libraries() -> dict[str, str]:
    """The entries of `SYSTEM_LIBRARIES` that the loader does not find; empty except on Linux, where they matter."""
    return {lib: package for lib, package in SYSTEM_LIBRARIES.items() if not _loads(lib)} if _is_linux() else {}


def require_system_libraries() -> None:
    """Raise a `SetupError` that names the missing libraries and the command that installs them."""
    missing = missing_system_libraries()
    if missing:
        raise SetupError(
            f"MediaPipe needs system libraries that are not installed: {', '.join(missing)}. "
            f"On Debian or Ubuntu: sudo apt-get install {' '.join(missing.values())}"
        )


def _is_linux() -> bool:
    return sys.platform == "linux"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
