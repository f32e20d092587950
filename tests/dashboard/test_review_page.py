"""The review page in voila, in a browser."""

import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import free_port, wait_for_http
from tests.dashboard.trainer import LISTEN_FOR_KEYS

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


def test_keys_do_not_reach_a_notebook_around_the_player(page):
    page.evaluate(LISTEN_FOR_KEYS)
    page.locator(".df-frame").click()
    for key in ("x", "b", "d", "ArrowDown", "ArrowUp", "ArrowLeft", "End", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".df-picture")).to_have_attribute("data-index", "332")
    page.keyboard.press("Home")
    expect(page.locator(".df-picture")).to_have_attribute("data-index", "0")
    assert page.evaluate("[heard, leaked]") == [["Escape"]] * 2


def test_chords_and_what_leads_out_do_reach_it(page):
    page.evaluate(LISTEN_FOR_KEYS)
    page.locator(".df-frame").click()
    for key in ("x", "Control+e", "b", "ArrowDown", "Shift+Enter", "d", "Escape", "x"):
        page.keyboard.press(key)
    assert page.evaluate("heard.filter((key) => key !== 'Control' && key !== 'Shift')") == ["e", "Enter", "Escape"]


def test_who_has_the_focus_elsewhere_is_told_to_click(page):
    told = page.get_by_text("click the picture first")
    page.locator(".df-frame").click()
    expect(told).to_be_hidden()
    page.evaluate("document.activeElement.blur()")
    expect(told).to_be_visible()


@pytest.mark.parametrize("width", [1180, 848, 600])
def test_all_has_room_in_a_cell_that_is_narrower_than_the_window(page, width):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(f"document.querySelector('.df-app').style.maxWidth = '{width}px'")
    page.wait_for_timeout(300)
    outside = page.evaluate("""() => [...document.querySelectorAll(".df-card")].flatMap((card) => {
        const { left, right } = card.getBoundingClientRect();
        const out = (box) => box.left < left || box.right > right;
        const parts = [...card.querySelectorAll("select, input, label, button, td")];
        return parts.filter((part) => out(part.getBoundingClientRect())).map((part) => part.outerHTML);
    })""")
    transport = page.locator(".df-transport > button, .df-speed").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().top)"
    )
    clock, reps, last = (
        page.locator(part).last.bounding_box() for part in (".df-clock", ".df-reviewed-sets", ".df-rep")
    )
    path = page.get_by_label("Path").bounding_box()
    page.evaluate("document.querySelector('.df-app').style.maxWidth = ''")
    page.set_viewport_size({"width": 1400, "height": 1000})
    assert outside == []
    assert max(transport) - min(transport) < 3
    assert clock["height"] < 30
    assert last["y"] + last["height"] <= reps["y"] + reps["height"]
    assert path["width"] > 250


@pytest.mark.parametrize("width", [320, 390, 700])
def test_legend_has_room_below_the_times(page, width):
    expect(page.locator(".df-timeline-plot .main-svg").first).to_be_visible(timeout=LOAD_MS)
    page.set_viewport_size({"width": width, "height": 844})
    page.wait_for_timeout(500)
    legend, times, plot = (
        page.locator(f".df-timeline-plot {part}").first.bounding_box()
        for part in (".legend", ".xaxislayer-above", ".bg")
    )
    bars = page.locator(".df-timeline-plot .legend .scrollbar").bounding_box()
    transport = page.locator(".df-transport > button, .df-speed").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().top)"
    )
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.wait_for_timeout(500)
    assert times["y"] + times["height"] <= legend["y"]
    assert bars is None or bars["height"] == 0
    assert plot["height"] > 150
    assert max(transport) - min(transport) < 3


def test_a_plot_that_is_not_displayed_is_left_alone(page):
    """The end of the page's fixture asks for errors: Plotly raises one."""
    expect(page.locator(".df-timeline-plot .main-svg").first).to_be_visible(timeout=LOAD_MS)
    for display in ("none", ""):
        page.locator(".df-review").evaluate(f"(page) => {{ page.style.display = '{display}' }}")
        page.wait_for_timeout(200)


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

    page.locator(".df-timeline-plot").scroll_into_view_if_needed()
    box = page.locator(".df-timeline-plot .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(clock).to_contain_text("of 333")
    middle = int(clock.inner_text().split("frame ")[1].split(" of")[0])
    assert abs(middle - 333 / 2) < 20

    page.get_by_label("Path").fill("no such file.mp4")
    page.get_by_label("Path").press("Enter")
    expect(page.locator(".df-status")).to_contain_text("no such file")
    expect(page.get_by_label("Path")).to_have_value("no such file.mp4")  # it may be a slip in a long one
    expect(page.get_by_label("Clip")).to_have_value(re.compile("bicep_curls"))
    page.get_by_label("Clip").select_option(label="Sit-ups")
    expect(page.locator(".df-review-main")).to_be_hidden()
    expect(page.get_by_label("Path")).to_have_value("")  # it is not what is looked at
    expect(page.locator(".df-set-name")).to_contain_text("Sit-ups", timeout=LOAD_MS)
    expect(page.locator(".df-review-main")).to_be_visible()
    expect(page.locator(".df-rep")).to_have_count(4)
