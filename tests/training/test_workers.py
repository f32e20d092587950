import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deepfit_nb.training.workers import run_all

PARENT = """
import sys
from pathlib import Path
from tests.training.test_workers import stay
from deepfit_nb.training.workers import run_all
if __name__ == "__main__":
    run_all(stay, [Path(sys.argv[1], name) for name in "ab"], workers=2, desc="", unit="")
"""


def stay(path: Path) -> None:
    path.with_suffix(".tmp").write_text(str(os.getpid()))
    path.with_suffix(".tmp").replace(path)
    time.sleep(60)


def write_pid(path: Path) -> None:
    if path.name == "bad":
        raise ValueError("a bad job")
    path.write_text(str(os.getpid()))


def test_every_job_is_done_in_another_process(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "abc"]
    run_all(write_pid, paths, workers=2, desc="", unit="")
    assert os.getpid() not in {int(path.read_text()) for path in paths}


def slowly(path: Path) -> None:
    if path.name != "bad":
        time.sleep(0.2)
    write_pid(path)


def test_an_error_in_a_worker_is_raised_and_ends_the_work(tmp_path: Path) -> None:
    jobs = [tmp_path / "bad", *(tmp_path / str(number) for number in range(60))]
    with pytest.raises(ValueError, match="a bad job"):
        run_all(slowly, jobs, workers=2, desc="", unit="")
    assert len(list(tmp_path.iterdir())) < 20


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, script, tmp_path], env={**os.environ, "PYTHONPATH": str(root)})
    pids = [int(_read_when_there(tmp_path / name)) for name in "ab"]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 20
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.1)


def _read_when_there(path: Path) -> str:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return path.read_text()


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
