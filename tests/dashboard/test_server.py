from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

from traitlets.utils.importstring import import_item

from deepfit_nb.dashboard.server import PromptConnection
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
