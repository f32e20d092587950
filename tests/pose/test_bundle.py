"""The pose model is got safely. The registries and the official host are stood in for; one test uses the real ones."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deepfit_nb.errors import SetupError
from deepfit_nb.pose import _fetch, bundle
from deepfit_nb.pose._fetch import SourceError

OFFICIAL, BUILT, WRONG = b"official bundle", b"built bundle", b"neither"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(autouse=True)
def known_hashes(monkeypatch):
    monkeypatch.delenv(bundle.POSE_MODEL_VARIABLE, raising=False)
    monkeypatch.setattr(bundle, "OFFICIAL_SHA256", dict.fromkeys(bundle.VARIANTS, sha256(OFFICIAL)))
    monkeypatch.setattr(bundle, "BUILT_SHA256", dict.fromkeys(bundle.VARIANTS, sha256(BUILT)))


@pytest.fixture
def sources(monkeypatch):
    """Set what each source delivers (an exception is raised); returns the names of those asked, as they are asked."""

    def deliver(download: bytes | Exception, build: bytes | Exception) -> list[str]:
        asked: list[str] = []

        def source(name: str, result: bytes | Exception):
            def get(variant: str) -> bytes:
                asked.append(f"{name} {variant}")
                if isinstance(result, Exception):
                    raise result
                return result

            return get

        monkeypatch.setattr(_fetch, "download", source("download", download))
        monkeypatch.setattr(_fetch, "build", source("build", build))
        return asked

    return deliver


REFUSED = SourceError("refused")


@pytest.mark.parametrize(
    ("download", "build", "asked", "content"),
    [
        (OFFICIAL, BUILT, ["download full"], OFFICIAL),
        (REFUSED, BUILT, ["download full", "build full"], BUILT),
        (WRONG, BUILT, ["download full", "build full"], BUILT),
        (OFFICIAL[:5], BUILT, ["download full", "build full"], BUILT),
    ],
    ids=["official", "host refused", "wrong file", "cut off"],
)
def test_sources_are_tried_in_order_and_checked(sources, tmp_path, download, build, asked, content):
    calls = sources(download, build)
    got = bundle.ensure_bundle("full", cache=tmp_path / "new")
    assert calls == asked
    assert got.path.read_bytes() == content
    assert got.sha256 == sha256(content)


def test_a_cached_bundle_is_used_without_asking_anyone(sources, tmp_path):
    sources(OFFICIAL, BUILT)
    first = bundle.ensure_bundle("lite", cache=tmp_path)
    calls = sources(REFUSED, REFUSED)
    assert bundle.ensure_bundle("lite", cache=tmp_path) == first
    assert calls == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_who_may_read_the_cache_may_use_the_model(sources, tmp_path, umask, mode):
    """It is often got by one user, as when an image is built, and used by another."""
    sources(OFFICIAL, BUILT)
    usual = os.umask(umask)
    try:
        path = bundle.ensure_bundle(cache=tmp_path).path
    finally:
        os.umask(usual)
    assert path.stat().st_mode & 0o777 == mode
    assert {file.suffix for file in tmp_path.iterdir()} <= {".task", ".lock"}


def test_a_cached_bundle_that_cannot_be_read_is_told(sources, tmp_path, monkeypatch):
    sources(OFFICIAL, BUILT)
    path = bundle.ensure_bundle(cache=tmp_path).path

    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)  # its mode would not keep root from it
    with pytest.raises(SetupError, match=rf"Permission denied: '{path}'.*readable, or set DEEPFIT_POSE_MODEL"):
        bundle.ensure_bundle(cache=tmp_path)


def test_a_damaged_cache_is_replaced(sources, tmp_path):
    sources(OFFICIAL, BUILT)
    path = bundle.ensure_bundle("heavy", cache=tmp_path).path
    path.write_bytes(OFFICIAL[:-1])
    assert bundle.ensure_bundle("heavy", cache=tmp_path).path.read_bytes() == OFFICIAL


def test_without_any_source_the_error_says_what_to_do_and_nothing_is_left(sources, tmp_path):
    sources(SourceError("no route to host"), WRONG)
    with pytest.raises(SetupError) as caught:
        bundle.ensure_bundle("heavy", cache=tmp_path)
    message = str(caught.value)
    assert "no route to host" in message
    assert "pose_landmarker_heavy.task" in message
    assert "DEEPFIT_POSE_MODEL" in message
    assert not list(tmp_path.glob("*.task*"))


def test_the_variable_comes_before_all_else(sources, tmp_path, monkeypatch):
    calls = sources(OFFICIAL, BUILT)
    own = tmp_path / "own.task"
    with zipfile.ZipFile(own, "w") as archive:
        archive.writestr("model", b"")
    monkeypatch.setenv("DEEPFIT_POSE_MODEL", str(own))
    got = bundle.ensure_bundle("full", cache=tmp_path)
    assert (got.path, got.sha256) == (own, sha256(own.read_bytes()))
    assert calls == []


@pytest.mark.parametrize(("content", "complaint"), [(None, "not a file"), (b"text", "not a MediaPipe bundle")])
def test_a_wrong_variable_is_named(tmp_path, monkeypatch, content, complaint):
    path = tmp_path / "own.task"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("DEEPFIT_POSE_MODEL", str(path))
    with pytest.raises(SetupError, match=rf"DEEPFIT_POSE_MODEL is .*{complaint}"):
        bundle.ensure_bundle()


def test_a_folder_that_cannot_be_written_is_named(sources, tmp_path):
    sources(OFFICIAL, BUILT)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match=r"cannot be kept in.*file.*DEEPFIT_POSE_MODEL"):
        bundle.ensure_bundle(cache=tmp_path / "file")


def _set_up(cache: Path, asked: Path, start) -> None:
    def slow_download(variant: str) -> bytes:
        with asked.open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(0.3)
        return OFFICIAL

    bundle._fetch.download = slow_download
    start.wait()
    bundle.ensure_bundle(cache=cache)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork, to carry the stand-ins along")
def test_two_processes_at_once_download_once(tmp_path):
    context = multiprocessing.get_context("fork")
    start = context.Barrier(2)
    asked = tmp_path / "asked"
    both = [context.Process(target=_set_up, args=(tmp_path, asked, start)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(20)
    assert [process.exitcode for process in both] == [0, 0]
    assert len(asked.read_text().splitlines()) == 1
    assert (tmp_path / "pose_landmarker_full.task").read_bytes() == OFFICIAL


class _Host:
    """A web server on this machine that answers every request with `answer`."""

    def __init__(self, answer) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{{variant}}.task"

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.url

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()


def _send(handler: BaseHTTPRequestHandler, content: bytes, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(content)


def _stall(handler: BaseHTTPRequestHandler) -> None:
    _send(handler, OFFICIAL[:3], len(OFFICIAL))
    time.sleep(3)


def test_download_gives_the_bytes_of_the_file(monkeypatch, capsys):
    with _Host(lambda handler: _send(handler, OFFICIAL, len(OFFICIAL))) as url:
        monkeypatch.setattr(_fetch, "_OFFICIAL", url)
        assert _fetch.download("full") == OFFICIAL
    assert "100%" in capsys.readouterr().err


@pytest.mark.parametrize(
    "answer",
    [
        lambda handler: handler.send_error(403),
        lambda handler: _send(handler, OFFICIAL[:3], len(OFFICIAL)),
        _stall,
    ],
    ids=["refused", "cut off", "stalled"],
)
def test_a_download_that_fails_does_so_within_seconds(monkeypatch, answer):
    monkeypatch.setattr(_fetch, "_READ_S", 0.5)
    with _Host(answer) as url:
        monkeypatch.setattr(_fetch, "_OFFICIAL", url)
        began = time.monotonic()
        with pytest.raises(SourceError):
            _fetch.download("full")
        assert time.monotonic() - began < 5


def test_a_client_that_fails_is_quoted():
    with pytest.raises(SourceError, match="no such thing"):
        _fetch._run(sys.executable, "-c", "raise SystemExit('no such thing')")


def test_a_client_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(_fetch, "_CLIENT_S", 0.2)
    with pytest.raises(SourceError, match=r"no answer in 0\.2 s"):
        _fetch._run(sys.executable, "-c", "import time; time.sleep(30)")


def test_lite_and_heavy_without_npm_say_so(monkeypatch, tmp_path):
    monkeypatch.setattr(_fetch.shutil, "which", lambda name: None)
    with pytest.raises(SourceError, match="npm is not installed"):
        _fetch._fetch_npm_package(tmp_path)
