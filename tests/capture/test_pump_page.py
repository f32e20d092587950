"""What the pump's page does where pictures, answers or a permission are long in coming; the clock is the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page

from deepfit_nb.capture.pump import FramePump

#: A stand-in for kernel, camera and clock; `pump` is the one under test. Frames are answered while ``answers`` is true.
_STAGE = """
let clock = 1000;
performance.now = () => clock;
const timers = [];
window.setTimeout = (act, ms) => timers.push([clock + ms, act]);
const pass = (ms) => {
  clock += ms;
  for (const [at, act] of timers.splice(0)) at <= clock ? act() : timers.push([at, act]);
};
const rest = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

const state = { run: 0, status: "idle", credits: 2, longest_side: 64, quality: 0.7, bones: [], stream: "IPY_MODEL_x",
                mirrored: true, failure: "", invitation: "", choosing: false, message: "" };
const handlers = {}, sent = [];
let answers = true, grant, asked = false;
const track = { stopped: false, label: "cam", stop() { this.stopped = true; }, addEventListener() {} };
const stream = { getTracks: () => [track], getVideoTracks: () => [track] };
const source = {
  get: (name) => (name === "constraints" ? {} : undefined),
  captureStream: () => asked ? new Promise((done) => { grant = () => done(stream); }) : Promise.resolve(stream),
};
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia() {} } });
const model = {
  get: (name) => state[name],
  set: (name, value) => typeof name === "object" ? Object.assign(state, name) : (state[name] = value),
  save_changes() {}, send: (content) => sent.push(content),
  widget_manager: { get_model: async () => source },
  on: (event, handler) => {
    const before = handlers[event];
    handlers[event] = (...news) => { before?.(...news); handler(...news); };
  },
};
const pump = new Pump(model);
let picture;
Object.defineProperties(pump.video, {
  srcObject: { value: null, writable: true }, videoWidth: { value: 64 }, videoHeight: { value: 48 },
  play: { value: async () => {}, writable: true }, requestVideoFrameCallback: { value: (act) => { picture = act; } },
});
pump.frames.pixels.drawImage = () => {};
const start = async (run) => { state.run = run; handlers["change:run"](); await rest(); };
const answer = () =>
  handlers["msg:custom"]({ kind: "ack", page: pump.page, run: state.run, number: sent.at(-1).number, labels: {} }, []);
const show = async (count, ms = 100) => {
  for (let i = 0; i < count; i += 1) {
    pass(ms); picture(clock, {});
    const before = sent.length;
    for (let wait = 0; wait < 10 && pump.frames.encoding; wait += 1) await rest();
    if (answers && sent.length > before) answer();
  }
};
const seen = () => ({ lost: !!pump.lost, status: state.status, frames: sent.length, stopped: track.stopped });
"""


@pytest.fixture(scope="module")
def page(browser_type: BrowserType, chromium_path: str) -> Iterator[Page]:
    browser = browser_type.launch(
        executable_path=chromium_path, args=["--headless=new", "--no-sandbox", "--disable-gpu"]
    )
    yield browser.new_page()
    browser.close()


@pytest.fixture
def stage(page: Page) -> Any:
    """Runs a script on the page and returns what is seen after it."""
    source = FramePump._esm.replace("export default", "window.widget =") + _STAGE

    def play(script: str) -> dict[str, Any]:
        page.goto("about:blank")
        seen: dict[str, Any] = page.evaluate(f"async () => {{ {source}\n{script}\nreturn seen(); }}")
        return seen

    return play


def test_what_another_page_of_the_kernel_says_is_not_shown_on_this_one(stage: Any) -> None:
    seen = stage("""
        await start(1);
        state.status = "denied";
        handlers["change:mirrored"]();
        const { hidden, textContent } = pump.panel.node;
        const shown = pump.stage.dataset.status;
        return { ...seen(), panel: hidden ? "" : textContent, shown, page: state.status_page === pump.page };
    """)
    assert (seen["panel"], seen["shown"], seen["page"]) == ("", "live", True)


@pytest.mark.parametrize("kind", ["ack", "skip"])
def test_answers_to_another_page_are_not_this_ones(stage: Any, kind: str) -> None:
    """Both pages count their frames from 1."""
    seen = stage(f"""
        answers = false;
        await start(1); await show(1);
        const hear = (page) =>
          handlers["msg:custom"]({{ kind: "{kind}", page, run: 1, number: sent.at(-1).number, labels: {{}} }}, []);
        hear(pump.page + 1);
        const waiting = pump.frames.sent.size;
        hear(pump.page);
        return {{ waiting, after: pump.frames.sent.size }};
    """)
    assert seen == {"waiting": 1, "after": 0}


def test_a_page_that_no_longer_shows_the_stage_says_which_it_is(stage: Any) -> None:
    seen = stage("""
        const { initialize, render } = window.widget();
        await initialize({ model });
        const leave = await render({ model, el: document.createElement("div") });
        leave();
        return sent.at(-1);
    """)
    assert seen["kind"] == "hidden"
    assert seen["page"] > 0


def test_a_camera_without_pictures_for_a_minute_is_no_lost_trainer(stage: Any) -> None:
    seen = stage("await start(1); await show(3); pass(60000); await show(3);")
    assert seen == {"lost": False, "status": "live", "frames": 6, "stopped": False}


def test_a_trainer_that_answers_no_frame_for_half_a_minute_is_gone_until_it_speaks_again(stage: Any) -> None:
    assert stage("await start(1); await show(3); answers = false; await show(400);")["lost"]
    seen = stage(
        "await start(1); answers = false; await show(400); answers = true; answer(); await rest(); await show(2);"
    )
    assert (seen["lost"], seen["status"]) == (False, "live")


def test_who_takes_their_time_to_allow_the_camera_is_waited_for(stage: Any) -> None:
    seen = stage("asked = true; await start(1); pass(40000); await rest(); grant(); await rest(); await show(2);")
    assert seen == {"lost": False, "status": "live", "frames": 2, "stopped": False}


def test_the_time_a_camera_takes_to_open_does_not_count_as_few_frames(stage: Any) -> None:
    seen = stage("""
        asked = true; await start(1); pass(1500); await rest(); grant(); await rest(); await show(1);
        const first = state.stats;
        await show(10);
        return { first, then: state.stats.fps };
    """)
    assert seen == {"first": None, "then": 10}


def test_a_camera_that_is_allowed_after_stop_is_switched_off(stage: Any) -> None:
    assert stage("asked = true; await start(1); await start(0); grant(); await rest();")["stopped"]


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("pump.frames.grabber.toBlob = (done) => done(null)", "delete pump.frames.grabber.toBlob"),
        ("pump.frames.grabber.toBlob = () => { throw new Error('lost'); }", "delete pump.frames.grabber.toBlob"),
        (
            "pump.frames.pixels.drawImage = () => { throw new Error('lost'); }",
            "pump.frames.pixels.drawImage = () => {}",
        ),
    ],
)
def test_a_frame_that_cannot_be_encoded_is_left_out(stage: Any, broken: str, mended: str) -> None:
    assert stage(f"await start(1); {broken}; await show(1); {mended}; await show(3);")["frames"] == 3


def test_a_camera_that_is_allowed_after_the_widget_is_gone_is_switched_off(stage: Any) -> None:
    seen = stage("asked = true; await start(1); pump.close(); grant(); await rest();")
    assert (seen["stopped"], seen["status"]) == (True, "opening")


def test_a_camera_whose_picture_cannot_be_played_is_switched_off(stage: Any) -> None:
    seen = stage("pump.video.play = async () => { throw new Error('no'); }; await start(1);")
    assert (seen["stopped"], seen["status"]) == (True, "error")


def test_a_file_that_comes_too_late_is_not_played(stage: Any) -> None:
    media = "{ play() { this.plays = true; }, pause() { this.plays = false; }, addEventListener() {} }"
    late = "asked = true; await start(1); pass(16000); await rest(); source.media.play(); grant(); await rest();"
    result = "return { ...seen(), plays: source.media.plays, muted: source.media.muted };"
    seen = stage(f"source.get = () => undefined; source.media = {media}; {late} {result}")
    assert seen == {"lost": False, "status": "unplayable", "frames": 0, "stopped": True, "plays": False, "muted": True}


#: A file in place of the camera, of which there is a picture at once.
_FILE = """
const media = Object.assign(new EventTarget(), {
  currentTime: 0, paused: false, ended: false, error: null, play() {}, pause() {}, load() { this.error = null; } });
source.get = () => undefined;
source.media = media;
state.choosing = true;
const look = async (count, on = 0) => {
  for (let i = 0; i < count; i += 1) { media.currentTime += on; pass(500); await rest(); }
};
const told = () => ({ status: pump.status, panel: pump.panel.node.hidden ? "" : pump.panel.node.innerText });
"""


def test_a_file_that_breaks_off_ends_and_says_where(stage: Any) -> None:
    seen = stage(f"""{_FILE}
        document.body.append(pump.stage);
        await start(1);
        await look(20, 0.335);
        const before = told();
        await look(7);
        return {{ before, after: told(), chooser: !!pump.panel.node.querySelector("input[type=file]") }};
    """)
    assert seen["before"] == {"status": "live", "panel": ""}
    assert seen["after"]["status"] == "broken"
    assert "The file breaks off after 6.7 s" in seen["after"]["panel"]
    assert seen["chooser"]


@pytest.mark.parametrize("waits", ["media.paused = true", "media.ended = true", "await start(0)"])
def test_a_file_that_is_not_to_play_does_not_break_off(stage: Any, waits: str) -> None:
    seen = stage(f"{_FILE} await start(1); await look(3, 0.5); {waits}; await look(20); return told();")
    assert seen["status"] != "broken"


def test_a_file_that_fails_while_it_plays_breaks_off(stage: Any) -> None:
    seen = stage(f"{_FILE} await start(1); await look(4, 0.5); media.error = {{}}; await look(1); return told();")
    assert seen["status"] == "broken"


def test_a_file_that_is_no_video_is_refused_at_once_and_another_can_be_chosen(stage: Any) -> None:
    seen = stage(f"""{_FILE}
        asked = true; // it never can play
        await start(1);
        const before = told().status;
        media.error = {{ message: "no decoder" }};
        media.dispatchEvent(new Event("error"));
        await rest();
        const refused = told().status, chooser = !!pump.panel.node.querySelector("input[type=file]");
        asked = false; // another try loads it anew
        await start(0);
        await start(2);
        return {{ before, refused, chooser, again: told().status }};
    """)
    assert seen == {"before": "opening", "refused": "unplayable", "chooser": True, "again": "live"}


@pytest.mark.parametrize(("content", "status", "chosen"), [("", "empty", ""), ("x", "idle", "some.mp4")])
def test_an_empty_file_is_refused_and_another_can_be_chosen(stage: Any, content: str, status: str, chosen: str) -> None:
    seen = stage(f"""{_FILE}
        document.body.append(pump.stage);
        pump.paint();
        const input = pump.panel.node.querySelector("input[type=file]"), files = new DataTransfer();
        files.items.add(new File([{content!r}], "some.mp4"));
        input.files = files.files;
        input.onchange();
        handlers["change:chosen"]();
        const chooser = !!pump.panel.node.querySelector("input[type=file]");
        return {{ ...told(), chooser, chosen: state.chosen?.name ?? "" }};
    """)
    assert (seen["status"], seen["chooser"], seen["chosen"]) == (status, True, chosen)
    assert ("The file is empty" in seen["panel"]) == (status == "empty")
    assert ("some.mp4" in seen["panel"]) == bool(chosen)


def test_what_was_done_is_said_and_the_last_frame_goes_with_its_source(stage: Any) -> None:
    seen = stage("""
        document.body.append(pump.stage);
        const drawn = () => pump.overlay.context.getImageData(0, 0, 300, 150).data.some((value) => value);
        const change = (name, value) => { state[name] = value; handlers[`change:${name}`](); };
        const all = [];
        change("invitation", "Press Start.");
        await start(1); await show(3); pump.frames.pixels.fillRect(0, 0, 64, 48); await start(0);
        change("done", "Done: 2 squats.");
        all.push([pump.panel.node.innerText, drawn()]);
        state.done = "";
        change("invitation", "Choose a video.");
        all.push([pump.panel.node.innerText, drawn()]);
        asked = true; await start(2); await start(0); // no frame came
        all.push(drawn());
        return { all };
    """)["all"]
    assert seen == [["Done: 2 squats.", True], ["Choose a video.", False], False]


@pytest.mark.parametrize(("across", "down"), [(200, 0), (20, 10), (0, 10)])
def test_texts_move_down_only_where_they_would_be_written_over_one_another(stage: Any, across: int, down: int) -> None:
    places = f"[{{ text: 'a', x: 0, y: 50, length: 30 }}, {{ text: 'b', x: {across}, y: 50, length: 30 }}]"
    seen = stage(f"return {{ ys: apart({places}, 10).map(({{ y }}) => y) }};")
    assert seen["ys"] == [50, 50 + down]


def test_angles_of_joints_left_of_the_body_stand_to_their_left(stage: Any) -> None:
    seen = stage("""
        state.bones = [[0, 1]];
        const written = [], context = pump.overlay.context;
        Object.defineProperties(pump.video, { clientWidth: { value: 640 }, clientHeight: { value: 480 } });
        context.fillText = (text, x) => written.push([text, x, x + context.measureText(text).width]);
        const points = (left, right) => Float32Array.from([left, 0.5, 1, right, 0.5, 1]);
        pump.overlay.draw(points(0.25, 0.75), { 0: "90°", 1: "80°" }); // mirrored: the first is on the right
        pump.overlay.draw(points(1, 0.5), { 0: "70°" });
        return { written };
    """)["written"]
    at = {text: (left, right) for text, left, right in seen}
    assert at["90°"][0] > 480
    assert at["80°"][1] < 160
    assert at["70°"][0] >= 0
