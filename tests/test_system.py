import subprocess
import sys

import pytest

from deepfit_nb import system
from deepfit_nb.errors import SetupError


def test_missing_libraries_are_named_with_their_packages(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system, "SYSTEM_LIBRARIES", {"libnone.so.1": "libnone1", "libvoid.so.2": "libvoid2"})
    with pytest.raises(SetupError, match=r"libnone\.so\.1, libvoid\.so\.2.*apt-get install libnone1 libvoid2$"):
        system.require_system_libraries()


def test_only_missing_libraries_are_named(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system, "SYSTEM_LIBRARIES", {"libc.so.6": "libc6", "libnone.so.1": "libnone1"})
    monkeypatch.setattr(system, "_loads", lambda library: library == "libc.so.6")
    with pytest.raises(SetupError, match=r"not installed: libnone\.so\.1\. .*install libnone1$"):
        system.require_system_libraries()


def test_the_check_needs_nothing_installed(repository):
    # -S: no site-packages, as on a machine where nothing has been installed yet.
    check = [sys.executable, "-S", "-m", "deepfit_nb.system"]
    assert subprocess.run(check, cwd=repository, check=False).returncode == 0


def test_a_failed_check_is_a_message_not_a_traceback(repository):
    code = (
        "import runpy, ctypes\n"
        "def missing(name): raise OSError(name)\n"
        "ctypes.CDLL = missing\n"
        "runpy.run_module('deepfit_nb.system', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=repository, capture_output=True, text=True, check=False
    )
    if sys.platform == "linux":
        assert done.returncode == 1
        assert done.stderr.startswith("error: MediaPipe needs system libraries")
        assert "libegl1 libgles2 libgl1 libglib2.0-0" in done.stderr
        assert "Traceback" not in done.stderr
