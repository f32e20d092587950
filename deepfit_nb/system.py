"""System libraries that MediaPipe and its OpenCV load, and the Debian packages that hold them.

Needs nothing but Python, so that ``python3 -m deepfit_nb.system`` can look before anything is installed.
"""

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


def require_system_libraries() -> None:
    """Raise a `SetupError` that names the missing libraries and the command that installs them.

    Other systems than Linux come with what MediaPipe needs.
    """
    if sys.platform != "linux":
        return
    missing = {library: package for library, package in SYSTEM_LIBRARIES.items() if not _loads(library)}
    if missing:
        raise SetupError(
            f"MediaPipe needs system libraries that are not installed: {', '.join(missing)}. "
            f"On Debian or Ubuntu: sudo apt-get install {' '.join(missing.values())}"
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    try:
        require_system_libraries()
    except SetupError as error:
        sys.exit(f"error: {error}")
