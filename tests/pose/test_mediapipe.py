import importlib.util
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest

from deepfit_nb.errors import SetupError
from deepfit_nb.pose import _mediapipe
from deepfit_nb.pose._mediapipe import without_chatter


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not installed")
def test_mediapipe_does_not_load_tensorflow():
    done = run(
        "import sys\n"
        "from deepfit_nb.pose._mediapipe import import_mediapipe\n"
        "mediapipe = import_mediapipe()\n"
        "mediapipe.tasks.vision.PoseLandmarker\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('tensorflow', 'keras')]\n"
        "import importlib.util\n"
        # Kept out of the import only, not hidden for good.
        "assert importlib.util.find_spec('tensorflow') is not None\n"
    )
    assert done.returncode == 0, done.stderr


def test_the_pose_package_does_not_load_mediapipe():
    done = run("import sys, deepfit_nb.pose, deepfit_nb.cli\nassert not {'mediapipe', 'cv2'} & set(sys.modules)")
    assert done.returncode == 0, done.stderr


def test_a_tensorflow_already_loaded_stays(monkeypatch):
    loaded = object()
    monkeypatch.setitem(sys.modules, "tensorflow", loaded)
    _mediapipe.import_mediapipe()
    assert sys.modules["tensorflow"] is loaded


def test_missing_libraries_are_named_before_the_import_fails(monkeypatch):
    def missing() -> None:
        raise SetupError("apt-get install libegl1")

    monkeypatch.delitem(sys.modules, "mediapipe", raising=False)
    monkeypatch.setattr(_mediapipe, "require_system_libraries", missing)
    with pytest.raises(SetupError, match="libegl1"):
        _mediapipe.import_mediapipe()


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"W0000 00:00:1795469153.284660   13791 landmark_projection_calculator.cc:81] Using NORM_RECT\n", False),
        (b"I0000 00:00:1795469153.284660   13791 port.cc:153] oneDNN custom operations are on.\n", False),
        (b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n", False),
        (b"WARNING: Logging before InitGoogle() is written to STDERR\n", False),
        (b"E0000 00:00:1795469153.284660   13791 graph.cc:1] something failed\n", True),
        (b"INFO: a message of another library\n", True),
    ],
)
def test_only_chatter_is_kept_from_stderr(capfd, line, shown):
    with without_chatter():
        os.write(2, line)
    assert (capfd.readouterr().err == line.decode()) is shown


def test_stderr_is_given_back_after_an_error(capfd):
    with pytest.raises(ZeroDivisionError), without_chatter():
        _ = 1 / 0
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_two_threads_that_silence_stderr_give_it_back(capfd):
    entered = Barrier(2, timeout=5)

    def silence(wait_s):
        entered.wait()
        with without_chatter():
            time.sleep(wait_s)

    threads = [Thread(target=silence, args=(wait_s,)) for wait_s in (0.1, 0.3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_two_threads_silence_stderr_at_once_without_waiting_for_each_other(capfd):
    both_inside, first_left = Barrier(2, timeout=5), Event()

    def first():
        with without_chatter():
            both_inside.wait()
        first_left.set()

    def second():
        with without_chatter():
            both_inside.wait()
            assert first_left.wait(5)
            os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\nE0000 of the second\n")

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(first), threads.submit(second)]:
            done.result(timeout=10)
    os.write(2, b"after")
    assert capfd.readouterr().err == "E0000 of the second\nafter"
