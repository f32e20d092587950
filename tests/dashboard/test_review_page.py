"""The review page in voila, in a browser."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import free_port, wait_for_http

LOAD_MS = 90_000


@pytest.fixture(scope="module")
def review_url(repository, tmp_path_factory):
    port, log = free_port(), tmp_path_factory.mktemp("voila") / "voila.log"
    code = (
        f"from deepfit_nb.dashboard.serve import serve; serve(port={port}, open_browser=False, notebook='review.ipynb')"
    )
    with (
        log.open("wb") as out,
        subprocess.Popen([sys.executable, "-c", code], cwd=repository, stdout=out, stderr=out) as server,
    ):
        try:
            wait_for_http(f"http://127.0.0.1:{port}/voila/static/none", server, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def page(review_url, browser_type, chromium_path):
    browser = browser_type.launch(
        executable_path=chromium_path, args=["--no-sandbox", "--disable-background-networking"]
    )
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(review_url, wait_until="commit")
    expect(page.locator(".df-review[data-state=ready]")).to_be_visible(timeout=LOAD_MS)
    yield page
    browser.close()
    assert {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert errors == []


def test_keys_work_before_anything_is_clicked(page):
    expect(page.locator(".df-picture")).to_have_attribute("data-index", "0")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".df-picture")).to_have_attribute("data-index", "2")


def test_a_clip_can_be_scrubbed_played_and_changed(page):
    picture, clock, cursor = page.locator(".df-picture"), page.locator(".df-clock"), page.locator(".df-cursor")
    page.locator(".df-slider").fill("0")
    expect(picture).to_have_attribute("data-index", "0")
    expect(page.locator(".df-rep")).to_have_count(5)
    expect(page.locator(".df-timeline-plot .main-svg").first).to_be_visible(timeout=LOAD_MS)

    angle = page.get_by_role("row", name="Elbow").locator("td").first
    straight, at_start = angle.inner_text(), cursor.bounding_box()["x"]
    page.locator(".df-slider").fill("60")
    expect(picture).to_have_attribute("data-index", "60")
    assert angle.inner_text() != straight
    assert cursor.bounding_box()["x"] > at_start + 50
    assert "frame 61" in clock.inner_text()

    page.get_by_role("button", name="Next frame").click()
    expect(picture).to_have_attribute("data-index", "61")
    page.locator(".df-rep").last.click()
    expect(page.locator(".df-rep.df-current")).to_contain_text("5")

    page.locator(".df-slider").fill("0")
    page.get_by_role("button", name="Play").click()
    expect(clock).to_contain_text("1.", timeout=10_000)
    page.get_by_role("button", name="Play").click()
    shown = int(picture.get_attribute("data-index"))
    assert 15 < shown < 100

    box = page.locator(".df-timeline-plot .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(clock).to_contain_text("of 333")
    middle = int(clock.inner_text().split("frame ")[1].split(" of")[0])
    assert abs(middle - 333 / 2) < 20

    page.get_by_label("Path").fill("no such file.mp4")
    page.get_by_label("Path").press("Enter")
    expect(page.locator(".df-status")).to_contain_text("no such file")
    page.get_by_label("Clip").select_option(label="Sit-ups")
    expect(page.locator(".df-set-name")).to_contain_text("Sit-ups", timeout=LOAD_MS)
    expect(page.locator(".df-rep")).to_have_count(4)
