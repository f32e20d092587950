"""The dashboard as a visitor meets it, for browser tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

LOAD_MS = 60_000

#: Notes the keys that a notebook around the page would get: JupyterLab (`heard`) looks its shortcuts up while the event
#: is on its way down through the document, and passes over those below an attribute; others (`leaked`) hear it on its
#: way up.
LISTEN_FOR_KEYS = """() => {
    const look = ({ key, target }) => { if (!target.closest("[data-lm-suppress-shortcuts]")) heard.push(key); };
    if (!window.heard) document.addEventListener("keydown", look, true); // once a page
    document.body.onkeydown = ({ key }) => { leaked.push(key); };
    window.heard = [];
    window.leaked = [];
}"""


class Trainer:
    """A page with the dashboard open; `requests` are all URLs it asked for."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(url, wait_until="commit")
        expect(self.button("Start")).to_be_visible(timeout=LOAD_MS)

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True)

    def choose(self, source: str, *, clip: str = "", exercise: str = "") -> None:
        self.button(source).click()
        if clip:
            self.page.get_by_label("Clip", exact=True).select_option(label=clip)
        if exercise:
            self.page.get_by_label("Exercise", exact=True).select_option(label=exercise)

    def start(self) -> None:
        self.button("Start").click()

    def stop(self) -> None:
        self.button("Stop").click()

    @property
    def stage(self) -> Any:
        return self.page.locator(".df-stage")

    @property
    def status(self) -> str:
        return str(self.stage.get_attribute("data-status"))

    @property
    def frames(self) -> int:
        """Frames that were processed and drawn, as of about a second ago."""
        return int(self.stage.get_attribute("data-frames") or 0)

    @property
    def reps(self) -> int:
        return int(self.page.get_by_label("Repetitions").inner_text())

    @property
    def exercise(self) -> str:
        return str(self.page.locator(".df-exercise").inner_text())

    @property
    def kernel_id(self) -> str:
        script = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
        return str(self.page.evaluate(script))

    @property
    def range(self) -> str:
        """What the page says of the person's own range."""
        return str(self.page.locator(".df-range p").inner_text())

    @property
    def set_titles(self) -> list[str]:
        # In one step: a locator finds the rows, and reads them after the page may have drawn them anew.
        script = "() => [...document.querySelectorAll('.df-history .df-set-title')].map((row) => row.firstChild.data)"
        titles: list[str] = self.page.evaluate(script)
        return titles

    def plotted(self) -> dict[str, list[float]]:
        """What Plotly has drawn: the left knee's angles, and the probabilities."""
        data: dict[str, list[float]] = self.page.evaluate(
            """() => {
                const trace = (card) => document.querySelector(`${card} .js-plotly-plot`)?.data ?? [];
                const knee = trace(".df-angles").find(({ name }) => name === "Left knee");
                return { knee: [...(knee?.y ?? [])], probabilities: [...(trace(".df-probabilities")[0]?.x ?? [])] };
            }"""
        )
        return data

    def wait_until(self, condition: Callable[[], bool], *, within_s: float = 30) -> None:
        """Fails with the page's own words if the condition does not come true."""
        for _ in range(round(within_s * 10)):
            if condition():
                return
            self.page.wait_for_timeout(100)
        words = re.sub(r"\s+", " ", self.page.locator(".df-main").inner_text())
        raise AssertionError(f"not within {within_s} s; status {self.status}, {self.frames} frames; the page: {words}")
