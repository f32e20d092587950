"""What the page looks like in windows of many sizes, to the keyboard, and when nothing comes from the kernel."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.conftest import visitors
from tests.dashboard.trainer import LISTEN_FOR_KEYS

# A window of each kind: screens and laptops, tablets, zoomed to 200 %, phones on their side, phones.
SIZES = [
    *[(1920, 1080), (1440, 900), (1280, 720), (1180, 820), (1024, 768), (820, 1180)],
    *[(720, 450), (844, 390), (640, 360), (390, 844), (320, 568)],
]

# The longest words the card has to hold, as in mid-set.
_FILL = """() => {
    const say = (selector, text) => { document.querySelector(selector).textContent = text; };
    say(".df-exercise", "Lateral shoulder raises");
    say(".df-set", "Set 12");
    say(".df-reps", "28");
    say(".df-confidence", "chosen by you");
    say(".df-range p", "1 of 5 reps: go as far as is comfortable.");
    say(".df-cue", "Stop at shoulder height");
    document.querySelector(".df-meter").hidden = true;
    document.querySelector(".df-cue").hidden = false;
    document.querySelector(".df-range-foot").hidden = false;
    document.querySelector(".df-app").classList.add("df-running");
}"""
_BOX = """(selector) => {
    const { left, top, right, bottom } = document.querySelector(selector).getBoundingClientRect();
    return { left, top, right, bottom };
}"""


def _box(page: Page, selector: str) -> dict[str, float]:
    box: dict[str, float] = page.evaluate(_BOX, selector)
    return box


def _overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    return min(a["right"], b["right"]) - max(a["left"], b["left"]) > 1 and (
        min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 1
    )


@pytest.fixture(scope="module")
def page(server: subprocess.Popen[bytes], launch: Callable[..., Browser]) -> Iterator[Page]:
    """One visitor's page for all tests; each sets the size it needs."""
    with visitors(server, launch) as visit:
        yield visit().page


def test_page_scrolls_by_keyboard_and_focus_is_seen(page: Page) -> None:
    page.set_viewport_size({"width": 720, "height": 450})
    page.keyboard.press("End")
    page.wait_for_function("scrollY > 0")
    page.keyboard.press("Home")
    seen = []
    for _ in range(6):  # three sources, two lists, Start
        page.keyboard.press("Tab")
        style = "({ outlineStyle, outlineWidth }) => `${outlineStyle} ${outlineWidth}`"
        seen.append(page.evaluate(f"({style})(getComputedStyle(document.activeElement))"))
    assert seen == ["solid 2px"] * 6


@pytest.mark.parametrize("width", [1440, 1280])
def test_names_in_the_lists_are_whole_and_chips_keep_to_a_row(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_label("Exercise", exact=True).select_option(label="Dumbbell shoulder press")
    page.wait_for_timeout(200)
    room = """() => {
        const list = [...document.querySelectorAll("select")].find((list) => list.value.includes("Dumbbell"));
        const style = getComputedStyle(list);
        const context = document.createElement("canvas").getContext("2d");
        context.font = style.font;
        const text = context.measureText(list.selectedOptions[0].text).width;
        return list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - text;
    }"""
    assert page.evaluate(room) >= 0
    tops = page.locator(".df-chip").evaluate_all("(chips) => chips.map((chip) => chip.getBoundingClientRect().top)")
    lefts = page.locator(".df-angles h2, .df-chip:first-child").evaluate_all(
        "(parts) => parts.map((part) => Math.round(part.getBoundingClientRect().left))"
    )
    assert len(set(tops)) == 1
    assert len(set(lefts)) == 1


# What two controls have in common of the page, or what one has outside it: there should be none.
_CLASHES = """() => {
    const row = document.querySelector(".df-controls");
    const parts = [...row.querySelectorAll(":scope > *, select, label, button")].filter((part) => part.offsetParent);
    const box = (part) => part.getBoundingClientRect();
    const name = (part) => part.className || part.tagName;
    const common = (a, b, from, to) => Math.min(box(a)[to], box(b)[to]) - Math.max(box(a)[from], box(b)[from]);
    const clash = (a, b) => common(a, b, "left", "right") > 1 && common(a, b, "top", "bottom") > 1;
    const apart = (a, b) => a.contains(b) || b.contains(a) || !clash(a, b);
    const inside = (part) => box(part).left >= box(row).left - 1 && box(part).right <= box(row).right + 1;
    return [
        ...parts.filter((part) => !inside(part)).map((part) => `${name(part)} is outside`),
        ...parts.flatMap((a) => parts.filter((b) => !apart(a, b)).map((b) => `${name(a)} and ${name(b)}`)),
    ];
}"""


@pytest.mark.parametrize("width", [1180, 1000, 848, 640, 480])
def test_controls_have_room_in_a_cell_that_is_narrower_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("Exercise", exact=True).select_option(label="Recognise it for me")
    page.evaluate(f"document.querySelector('.df-app').style.maxWidth = '{width}px'")
    page.wait_for_timeout(200)
    clashes = page.evaluate(_CLASHES)
    list_width = page.get_by_label("Exercise", exact=True).evaluate("(list) => list.offsetWidth")
    page.evaluate("document.querySelector('.df-app').style.maxWidth = ''")
    assert clashes == []
    assert list_width >= 150


def test_count_is_in_view_below_what_a_notebook_has_above_its_cell(page: Page) -> None:
    """In JupyterLab at 1280 x 800 the cell's output is 848 pixels wide, and 595 of its height are in view at first."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.querySelector('.df-app').style.maxWidth = '848px'")
    page.wait_for_timeout(200)
    top = _box(page, ".df-app")["top"]
    parts = {part: _box(page, part) for part in (".df-stage", ".df-score", ".df-reps")}
    page.evaluate("document.querySelector('.df-app').style.maxWidth = ''")
    assert not _overlap(parts[".df-stage"], parts[".df-score"])
    assert max(box["bottom"] for box in parts.values()) - top < 595


def test_which_source_is_chosen_is_told_without_colours_too(page: Page) -> None:
    def pressed() -> list[str | None]:
        names = ("Webcam", "Demo clip", "My video")
        return [page.get_by_role("button", name=name, exact=True).get_attribute("aria-pressed") for name in names]

    assert pressed() == ["true", "false", "false"]
    page.get_by_role("button", name="Demo clip", exact=True).click()
    expect(page.get_by_role("button", name="Demo clip", exact=True)).to_have_attribute("aria-pressed", "true")
    assert pressed() == ["false", "true", "false"]
    page.get_by_role("button", name="Webcam", exact=True).click()


def test_keys_typed_on_the_page_do_not_reach_a_notebook_around_it(page: Page) -> None:
    page.evaluate(LISTEN_FOR_KEYS)
    for control in (page.get_by_role("button", name="Webcam"), page.get_by_label("Exercise", exact=True)):
        control.focus()
        for key in ("x", "b", "ArrowDown", "ArrowUp", "Escape"):
            page.keyboard.press(key)
    assert page.evaluate("[heard, leaked]") == [["Escape", "Escape"]] * 2


def test_score_card_holds_its_lines_and_is_in_view_with_the_stage(page: Page) -> None:
    """The last test of the page that is shared, on which it writes."""
    page.evaluate(_FILL)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        size = f"{width} x {height}"
        parts = [".df-score > .df-card-head", ".df-reps", ".df-sure", ".df-range"]
        boxes = {part: _box(page, part) for part in parts}
        card = _box(page, ".df-score")
        unit = _box(page, ".df-unit span:nth-child(2)")
        for i, part in enumerate(parts):
            assert not any(_overlap(boxes[part], boxes[other]) for other in parts[i + 1 :]), f"{part} at {size}"
            assert not _overlap(boxes[part], unit), f"{part} and the unit at {size}"
            assert card["left"] <= boxes[part]["left"], f"{part} at {size}"
            assert boxes[part]["right"] <= card["right"], f"{part} at {size}"
        stage, cue = _box(page, ".df-stage"), _box(page, ".df-cue")
        assert boxes[".df-reps"]["bottom"] <= height, size
        assert stage["bottom"] <= height, size
        assert cue["bottom"] - cue["top"] < 0.2 * (stage["bottom"] - stage["top"]), size
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_page_whose_kernel_never_answers_says_so(
    server: subprocess.Popen[bytes], launch: Callable[..., Browser]
) -> None:
    context = launch("absent").new_context(reduced_motion="reduce")
    page: Any = context.new_page()
    page.clock.install()
    page.route_web_socket("**/channels*", lambda socket: None)  # takes the place of the server, and is mute
    page.goto(f"http://127.0.0.1:{server.port}/", wait_until="load")  # type: ignore[attr-defined]
    loader = page.locator("#loader")
    expect(loader).to_contain_text("Starting the trainer")
    still = "getComputedStyle(document.querySelector('#loader i'), '::after').animationName"
    assert page.evaluate(still) == "none"
    page.wait_for_function("document.getElementById('rendered_cells').style.display !== 'none'")
    page.clock.run_for(62_000)
    expect(loader).to_contain_text("The trainer did not start. Reload the page.")
    page.unroute_all()
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Reload").click()
    context.close()
