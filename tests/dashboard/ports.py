"""Servers for tests."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_http(url: str, server: subprocess.Popen[bytes], log: Path, *, within_s: float = 60) -> None:
    """Return when the server answers, be it with an error page; fail with its log if it ends or keeps silent."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server has ended:\n{log.read_text()}"
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no answer from {url}:\n{log.read_text()}")
