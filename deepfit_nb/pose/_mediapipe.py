"""MediaPipe, imported without TensorFlow and without its chatter."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from contextlib import AbstractContextManager
from threading import RLock
from types import ModuleType
from typing import Final

from deepfit_nb.system import require_system_libraries

# absl's prefix of an information or warning line (E and F, errors, are let through), TFLite's delegate notes, and the
# remarks that logging begins before it was configured, which is Python's normal state.
_NOISE = re.compile(
    rb"[IW]\d{4} \d\d:\d\d:\d\d|INFO: Created TensorFlow Lite|WARNING: (Logging before|All log messages before)"
)

# File descriptor 2 and ``sys.modules`` belong to the whole process: two threads that took and gave them back by turns
# would leave them in each other's state.
_PROCESS = RLock()


def import_mediapipe() -> ModuleType:
    """The `mediapipe` package; raises `SetupError` that names the Debian packages where system libraries are missing.

    On import mediapipe looks for ``tensorflow.tools.docs``, of use only to those who build its documentation. Where
    TensorFlow is installed that costs 4-7 s and half a gigabyte in every dashboard kernel, so it is hidden for the
    duration of the import. (None in ``sys.modules`` is Python's own way to say "not to be found".)
    """
    if "mediapipe" not in sys.modules:
        require_system_libraries()
    with _PROCESS:
        if "tensorflow" in sys.modules:
            import mediapipe

            return mediapipe
        sys.modules["tensorflow"] = None  # type: ignore[assignment]
        try:
            import mediapipe
        finally:
            del sys.modules["tensorflow"]
        return mediapipe


class _Silence:
    """Keeps file descriptor 2 as long as anybody is inside: the first one in takes it, the last one out gives it back.

    Nobody waits for the others, who may be loading a model.
    """

    def __init__(self) -> None:
        self._inside = 0

    def __enter__(self) -> None:
        with _PROCESS:
            if not self._inside:
                sys.stderr.flush()
                self._captured = tempfile.TemporaryFile()  # closed by the last one out
                self._stderr = os.dup(2)
                os.dup2(self._captured.fileno(), 2)
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with _PROCESS:
            self._inside -= 1
            if not self._inside:
                self._give_back()

    def _give_back(self) -> None:
        os.dup2(self._stderr, 2)
        with self._captured as captured:
            captured.seek(0)
            for line in captured:
                if not _NOISE.match(line):
                    os.write(self._stderr, line)
        os.close(self._stderr)


_SILENCE: Final = _Silence()


def without_chatter() -> AbstractContextManager[None]:
    """Keep MediaPipe's information and warning lines out of stderr; all else that is written there comes through.

    Its C++ side writes to file descriptor 2, and no setting of its own silences it; ipykernel would show those lines
    in the notebook.
    """
    return _SILENCE
