"""How fast the live dashboard is, measured in a browser on the same machine."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2

from deepfit_nb.errors import SetupError
from deepfit_nb.storage.folder import DATA_VARIABLE
from deepfit_nb.wording import words

_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveSpeed:
    """What a visitor gets, plots and all.

    Attributes
    ----------
    first_frame_s
        From the start of the server, nothing warm, to the first frame that is processed and drawn.
    fps
        Frames that are processed and drawn in a second: the median of the seconds.
    latency_ms
        From the capture of a frame to its skeleton on the screen: the median of the seconds' medians.
    reps
        What the page says at the end of the clip.
    """

    first_frame_s: float
    fps: float
    latency_ms: float
    reps: int


def live_speed(clip: str | Path, source: Literal["webcam", "clip"], *, exercise: str = "") -> LiveSpeed:
    """Play one of the clips in ``assets/`` once, as the webcam or as the demo clip, and measure.

    ``exercise`` is chosen in the page (as it is written there); by default it is recognised. Needs Playwright and a
    Chromium; raises `SetupError` without.
    """
    clip = Path(clip)
    with tempfile.TemporaryDirectory() as folder:
        camera, duration_s = _as_camera(clip, Path(folder) / "camera.mjpeg")
        with _browser(camera) as browser:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            began = time.perf_counter()
            with _server(Path(folder)) as url:
                page.goto(url, wait_until="commit")
                page.get_by_role("button", name="Start", exact=True).wait_for()
                if source == "clip":
                    page.get_by_role("button", name="Demo clip", exact=True).click()
                    page.get_by_label("Clip", exact=True).select_option(label=words(clip.stem))
                else:
                    page.get_by_role("button", name="Webcam", exact=True).click()
                if exercise:
                    page.get_by_label("Exercise", exact=True).select_option(label=exercise)
                page.get_by_role("button", name="Start", exact=True).click()
                page.wait_for_function("document.querySelector('.df-stage').dataset.frames > 0")
                first_frame_s = time.perf_counter() - began
                seconds = _watch(page, duration_s)
                if source == "clip":  # it plays at its own rate, not at the fake camera's
                    page.wait_for_function("document.querySelector('.df-stage').dataset.status !== 'live'")
                reps = int(page.get_by_label("Repetitions").inner_text())
    return LiveSpeed(
        first_frame_s,
        statistics.median(float(second["fps"]) for second in seconds),
        statistics.median(float(second["latencyMs"]) for second in seconds),
        reps,
    )


def _watch(page: Any, duration_s: float) -> list[dict[str, str]]:
    """The page's figures for each second but the first, in which it still settles."""
    page.wait_for_timeout(1500)
    seconds = []
    for _ in range(round(duration_s - 1)):
        seconds.append(page.evaluate("({ ...document.querySelector('.df-stage').dataset })"))
        page.wait_for_timeout(1000)
    return [second for second in seconds if second["status"] == "live"]


def _as_camera(clip: Path, path: Path) -> tuple[Path, float]:
    """The clip as Chromium's fake camera reads it, JPEGs in a row, 640 x 480; and how long it plays at 30 a second."""
    capture = cv2.VideoCapture(str(clip))
    frames = 0
    with path.open("wb") as out:
        while (read := capture.read())[0]:
            image = read[1]
            height, width = image.shape[:2]
            scale = min(640 / width, 480 / height)
            image = cv2.resize(image, (round(width * scale), round(height * scale)))
            right, bottom = 640 - image.shape[1], 480 - image.shape[0]
            image = cv2.copyMakeBorder(
                image, bottom // 2, bottom - bottom // 2, right // 2, right - right // 2, cv2.BORDER_CONSTANT
            )
            out.write(cv2.imencode(".jpg", image)[1].tobytes())
            frames += 1
    return path, frames / 30


@contextmanager
def _browser(camera: Path) -> Iterator[Any]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        raise SetupError(
            "the live bench needs Playwright (pip install playwright) and Chromium (Debian: apt-get install chromium)"
        )
    with sync_playwright() as playwright:
        flags = [*_FLAGS, f"--use-file-for-fake-video-capture={camera}"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """A dashboard server of its own; yields its address when it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"from deepfit_nb.dashboard.serve import serve; serve(port={port}, open_browser=False)"
    log = folder / "voila.log"
    own = {**os.environ, DATA_VARIABLE: str(folder)}  # what is measured is no workout of the user's
    with (
        log.open("wb") as out,
        subprocess.Popen([sys.executable, "-c", code], stdout=out, stderr=out, env=own) as server,
    ):
        try:
            while server.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.02)
            else:
                raise SetupError(f"the dashboard server has ended: {log.read_text()}")
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(20)
