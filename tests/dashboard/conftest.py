"""A voila server with the dashboard, browsers whose webcam is a clip, blocked, or not there, and a clip to review."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import pytest
from playwright.sync_api import Browser, BrowserType

from deepfit_nb.capture.analyze import Analysis, analyze
from tests.dashboard.ports import free_port, wait_for_http
from tests.dashboard.trainer import Trainer

# Quiet: a browser that looks for updates would blur the test that nothing leaves the machine.
_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

_FAKE = ["--use-fake-device-for-media-stream", "--use-file-for-fake-video-capture={clip}"]
_CAMERAS = {
    "clip": ["--use-fake-ui-for-media-stream", *_FAKE],
    "blocked": ["--deny-permission-prompts", *_FAKE],
    "absent": ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=0"],
}


@pytest.fixture(scope="session")
def server(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    """`deepfit dashboard`, with its port in ``server.port``."""
    port = free_port()
    code = f"from deepfit_nb.dashboard.serve import serve; serve(port={port}, open_browser=False)"
    folder = tmp_path_factory.mktemp("server")
    log = folder / "voila.log"
    with (
        log.open("wb") as out,
        subprocess.Popen([sys.executable, "-c", code], cwd=folder, stdout=out, stderr=out) as it,
    ):
        try:
            wait_for_http(f"http://127.0.0.1:{port}/voila/static/none", it, log)
            it.port = port  # type: ignore[attr-defined]
            yield it
        finally:
            it.terminate()
            it.wait(20)


@pytest.fixture(scope="session")
def webcam_clip(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five squats as Chromium's fake camera reads them: JPEGs in a row, 640 x 480, played at 30 frames a second."""
    capture = cv2.VideoCapture(str(repository / "assets" / "squats.mp4"))
    path = tmp_path_factory.mktemp("webcam") / "squats.mjpeg"
    with path.open("wb") as out:
        while (read := capture.read())[0]:
            frame = cv2.copyMakeBorder(read[1], 0, 0, 140, 140, cv2.BORDER_CONSTANT)
            out.write(cv2.imencode(".jpg", frame)[1].tobytes())
    return path


@pytest.fixture(scope="session")
def launch(browser_type: BrowserType, chromium_path: str, webcam_clip: Path) -> Iterator[Callable[[str], Browser]]:
    """``launch(camera)``: a browser with one of the `_CAMERAS`, started when first asked for."""
    running: dict[str, Browser] = {}

    def launch(camera: str) -> Browser:
        if camera not in running:
            flags = [flag.format(clip=webcam_clip) for flag in (*_FLAGS, *_CAMERAS[camera])]
            running[camera] = browser_type.launch(executable_path=chromium_path, args=flags)
        return running[camera]

    yield launch
    for browser in running.values():
        browser.close()


@contextmanager
def visitors(server: subprocess.Popen[bytes], launch: Callable[[str], Browser]) -> Iterator[Callable[..., Trainer]]:
    """``visit(camera="clip", script="")``: a new visitor's page.

    In the end: no page may have asked anything of another machine, nor run into an error in its scripts.
    """
    visits: list[Trainer] = []

    def visit(camera: str = "clip", script: str = "") -> Trainer:
        context = launch(camera).new_context(viewport={"width": 1440, "height": 900})
        if script:
            context.add_init_script(script)
        port = server.port  # type: ignore[attr-defined]
        visits.append(Trainer(context.new_page(), f"http://127.0.0.1:{port}/"))
        return visits[-1]

    yield visit
    for trainer in visits:
        trainer.page.context.close()
        hosts = {urlsplit(url).hostname for url in trainer.requests if not url.startswith(("data:", "blob:"))}
        assert hosts == {"127.0.0.1"}
        assert trainer.errors == []


@pytest.fixture
def visit(server: subprocess.Popen[bytes], launch: Callable[[str], Browser]) -> Iterator[Callable[..., Trainer]]:
    """`visitors` who leave when the test is over."""
    with visitors(server, launch) as visit:
        yield visit


@pytest.fixture(scope="session")
def shallow(repository: Path) -> Analysis:
    """Four squats by somebody who does not get all the way down, analysed."""
    return analyze(repository / "assets" / "faults" / "squats-shallow_depth.mp4")
