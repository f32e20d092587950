"""The review page when its kernel is silent, or gone as after a restart in JupyterLab, where sending is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deepfit_nb.capture.analyze import Analysis
from deepfit_nb.dashboard.clip import ReviewClip
from deepfit_nb.dashboard.review import Review

# A model as anywidget hands it to the page, with a kernel that says nothing and then is gone.
_RENDER = """async ({ source, traits }) => {
    const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    window.sent = [];
    const send = (message) => {
        if (window.gone) throw new Error("Cannot send");
        sent.push(message);
    };
    const heard = [];
    const on = (events, handler) => events.split(" ").forEach((event) => heard.push([event, handler]));
    window.say = (event, ...news) => heard.forEach(([name, handler]) => name === event && handler(...news));
    const model = { get: (name) => traits[name], on, off() {}, send };
    const el = document.body.appendChild(document.createElement("div"));
    window.close_page = module.default().render({ model, el });
}"""


@pytest.fixture
def page(launch: Callable[[str], Browser], shallow: Analysis) -> Iterator[Page]:
    traits: dict[str, Any] = {
        "sources": [{"path": "/a.mp4", "title": "A"}, {"path": "/b.mp4", "title": "B"}],
        "exercises": [{"name": "squats", "title": "Squats"}],
        "chosen": {"path": "/a.mp4", "exercise": None},
        "summary": ReviewClip(shallow).summary() | {"path": "/a.mp4"},
        "opened": 1,
        "state": "ready",
        "message": "",
        "progress": 1.0,
    }
    context = launch("absent").new_context()
    page, errors = context.new_page(), []
    page.clock.install()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.evaluate(_RENDER, {"source": Review._esm, "traits": traits})
    yield page
    context.close()
    assert errors == []


_GONE = "The kernel is gone: run this cell again."


@pytest.mark.parametrize("wish", ["another clip", "another exercise", "another path", "to play"])
def test_who_wants_something_is_told_that_the_kernel_is_gone(page: Page, wish: str) -> None:
    page.evaluate("window.gone = true")
    expect(page.get_by_role("status")).to_have_text("")
    if wish == "another clip":
        page.get_by_label("Clip").select_option(label="B")
    elif wish == "another exercise":
        page.get_by_label("Exercise").select_option(label="Squats")
    elif wish == "another path":
        page.get_by_label("Path").fill("/c.mp4")
        page.get_by_label("Path").press("Enter")
    else:
        page.evaluate("document.querySelector('.df-play').click()")  # a picture that was asked for is asked for again
    expect(page.get_by_role("status")).to_have_text(_GONE, timeout=15_000)
    seen = [page.get_by_label(label).input_value() for label in ("Clip", "Exercise", "Path")]
    assert seen == ["/a.mp4", "", ""]  # what is shown, and not what cannot be had
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".df-play")).to_have_text("▶")


def test_a_kernel_that_is_silent_is_told_until_it_speaks_again(page: Page) -> None:
    status = page.get_by_role("status")
    page.clock.run_for(15_000)
    expect(status).to_have_text("")
    page.clock.run_for(10_000)
    expect(status).to_have_text("The kernel does not answer. If it is gone, run this cell again.")
    page.evaluate("say('msg:custom', { kind: 'anything' }, [])")
    expect(status).to_have_text("")
    expect(page.locator(".df-review")).to_have_attribute("data-state", "ready")


def test_a_picture_that_cannot_be_had_is_asked_for_once(page: Page) -> None:
    page.evaluate("say('msg:custom', { kind: 'frame', opened: 1, index: 0, skeleton: true }, [])")
    page.evaluate("window.sent = []")
    page.clock.run_for(60_000)
    assert "frame" not in page.evaluate("sent.map(({ kind }) => kind)")
    expect(page.get_by_role("status")).to_have_text("")
