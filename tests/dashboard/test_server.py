from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from traitlets.utils.importstring import import_item

from deepfit_nb.dashboard.server import PatientKernelManager, PromptConnection, WorthTelling
from tests.dashboard.ports import free_port, wait_for_http


def test_voila_typed_by_hand_serves_the_page_without_a_word_of_other_hosts(repository: Path, tmp_path: Path) -> None:
    notebooks = repository / "notebooks"
    port, log = free_port(), tmp_path / "voila.log"
    command = [sys.executable, "-m", "voila", "dashboard.ipynb", "--no-browser", f"--port={port}"]
    environment = {name: value for name, value in os.environ.items() if name != "JUPYTER_PATH"}
    with log.open("wb") as out, subprocess.Popen(command, cwd=notebooks, env=environment, stdout=out, stderr=out) as it:
        try:
            url = f"http://127.0.0.1:{port}/"
            wait_for_http(f"{url}voila/static/none", it, log)
            with urllib.request.urlopen(url, timeout=60) as response:
                page = response.read().decode()
        finally:
            it.terminate()
            it.wait(20)
    assert "Starting the trainer" in page
    assert re.findall(r"""(?:src|href)=["'](https?:[^"']+)""", page) == []


def test_settings_name_the_prompt_connection(repository: Path) -> None:
    settings = json.loads((repository / "notebooks" / "voila.json").read_text())
    assert import_item(settings["Voila"]["kernel_websocket_connection_class"]) is PromptConnection
    assert settings["Voila"]["ip"] == "127.0.0.1"
    assert import_item(settings["VoilaConfiguration"]["multi_kernel_manager_class"]) is PatientKernelManager


class _IdleKernel:
    execution_state = "idle"
    kernel_name = "python3"
    kernel_spec = type("Spec", (), {"metadata": {}})

    def __init__(self) -> None:
        self.rest()

    def rest(self) -> None:
        self.last_activity = datetime.now(UTC) - timedelta(seconds=140)


class _Manager(PatientKernelManager):
    """With one idle kernel, which is not in a pool, and a list of those it has ended."""

    def __init__(self) -> None:
        super().__init__(cull_idle_timeout=120)
        self.kernel = _IdleKernel()
        self._kernels: dict[str, Any] = {"one": self.kernel}
        self._kernel_connections = {"one": 0}
        self.ended: list[str] = []

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        self.ended.append(kernel_id)

    def cull(self) -> None:
        with ThreadPoolExecutor(1) as elsewhere:  # a browser test that ran before leaves a loop running in this thread
            elsewhere.submit(asyncio.run, self.cull_kernel_if_idle("one")).result()


def test_kernel_that_has_just_left_the_pool_is_not_ended() -> None:
    manager = _Manager()
    manager.cull()
    manager.cull()
    assert manager.ended == []
    manager.kernel.rest()  # nobody has come for the whole time-out
    manager.cull()
    assert manager.ended == ["one"]


def test_kernel_whose_page_has_just_lost_its_connection_is_not_ended() -> None:
    manager = _Manager()
    manager.notify_connect("one")
    manager.cull()
    manager.kernel.rest()
    manager.notify_disconnect("one")
    manager.cull()
    assert manager.ended == []
    manager.notify_disconnect("gone")


def test_page_of_a_kernel_that_has_waited_for_long_finds_it_alive(repository: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "voila.log"
    settings = ["--MappingKernelManager.cull_idle_timeout=6", "--MappingKernelManager.cull_interval=1"]
    command = [sys.executable, "-m", "voila", "dashboard.ipynb", "--no-browser", f"--port={port}", *settings]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=repository / "notebooks", stdout=out, stderr=out) as server,
    ):
        try:
            url = f"http://127.0.0.1:{port}/"
            wait_for_http(f"{url}voila/static/none", server, log)
            _wait_for("is filled", log)
            time.sleep(11)  # it starts, and is idle for longer than the time-out
            with urllib.request.urlopen(url, timeout=60) as response:
                page = response.read().decode()
            assert "Using pre-heated kernel" in log.read_text()
            time.sleep(2)
            kernel_id = re.search(r'"kernelId": "([^"]+)"', page)
            assert kernel_id
            assert f"Kernel shutdown: {kernel_id[1]}" not in log.read_text()
            _wait_for(f"Kernel shutdown: {kernel_id[1]}", log)  # as no page connects
        finally:
            server.terminate()
            server.wait(20)
    assert "not trusted" not in log.read_text()
    assert "without encryption" not in log.read_text()


def _wait_for(words: str, log: Path, *, within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while words not in log.read_text():
        assert time.monotonic() < deadline, f"no {words!r} in:\n{log.read_text()}"
        time.sleep(0.2)


@pytest.mark.parametrize(
    ("message", "level", "told"),
    [
        ("Notebook dashboard.ipynb is not trusted", logging.WARNING, False),
        ("Notebook dashboard.ipynb is not trusted", logging.ERROR, True),
        ("The websocket_ping_timeout (90000) cannot be longer than …", logging.WARNING, False),
        ("Kernel died", logging.WARNING, True),
    ],
)
def test_what_the_terminal_is_told(message: str, level: int, told: bool) -> None:
    record = logging.LogRecord("Voila", level, __file__, 1, message, (), None)
    assert WorthTelling().filter(record) is told
