from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from deepfit_nb.capture.pump import Frame, FramePump
from deepfit_nb.capture.streams import camera_stream, clip_stream, url_stream
from deepfit_nb.errors import MediaError
from deepfit_nb.pose import Pose

Sent = list[tuple[dict[str, Any], Any]]


@pytest.fixture
def frames() -> list[Frame]:
    return []


@pytest.fixture
def pump(frames: list[Frame]) -> FramePump:
    return FramePump(frames.append)


@pytest.fixture
def sent(pump: FramePump, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What is sent to the page: content and buffers of custom messages."""
    messages: Sent = []
    monkeypatch.setattr(pump, "send", lambda content, buffers=None: messages.append((content, buffers)))
    return messages


def from_page(pump: FramePump, content: dict[str, Any], *buffers: bytes) -> None:
    pump._handle_custom_msg(content, [memoryview(buffer) for buffer in buffers])


def pose_at(x: float, y: float, visibility: float, size: tuple[int, int]) -> Pose:
    return Pose(np.tile(np.array([x, y, 0, visibility], np.float32), (33, 1)), np.zeros((33, 3), np.float32), 0.0, size)


def test_frames_of_the_page_are_handed_on(pump: FramePump, frames: list[Frame]) -> None:
    from_page(pump, {"kind": "frame", "run": 2, "number": 7, "page": 5, "time_s": 1.25}, b"jpeg")
    assert frames == [Frame(run=2, number=7, time_s=1.25, jpeg=b"jpeg", page=5)]


def test_of_two_pages_the_one_that_was_loaded_last_is_followed(
    pump: FramePump, frames: list[Frame], sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(page: int, number: int, now_s: float) -> None:
        monkeypatch.setattr("deepfit_nb.capture.pump.time.monotonic", lambda: now_s)
        from_page(pump, {"kind": "frame", "run": 1, "number": number, "page": page, "time_s": 0.0}, b"jpeg")

    for page, number, now_s in [(5, 1, 0.0), (9, 1, 1.0), (5, 2, 1.5), (9, 2, 2.0), (5, 3, 5.1)]:
        send(page, number, now_s)
    # The last is taken since the other page is gone.
    assert [(frame.page, frame.number) for frame in frames] == [(5, 1), (9, 1), (9, 2), (5, 3)]
    assert sent == [({"kind": "skip", "page": 5, "number": 2}, None)]


def test_acknowledgement_draws_the_body_as_fractions_of_the_frame(pump: FramePump, sent: Sent) -> None:
    pump.acknowledge(Frame(3, 9, 0.0, b"", 5), pose_at(320, 120, 0.5, (640, 480)), {13: "92°"})
    ((content, (drawing,)),) = sent
    assert content == {"kind": "ack", "page": 5, "run": 3, "number": 9, "labels": {13: "92°"}}
    np.testing.assert_allclose(np.frombuffer(drawing, np.float32).reshape(33, 3), [[0.5, 0.25, 0.5]] * 33)


def test_frame_without_a_body_is_acknowledged_too(pump: FramePump, sent: Sent) -> None:
    pump.acknowledge(Frame(1, 1, 0.0, b""))
    assert sent == [({"kind": "ack", "page": 0, "run": 1, "number": 1, "labels": {}}, None)]


def test_each_start_is_a_run_of_its_own(pump: FramePump) -> None:
    stream = camera_stream()
    runs = []
    for _ in range(3):
        pump.start(stream, mirrored=True)
        runs.append(pump.run)
        pump.stop()
        assert pump.run == 0
    assert runs == [1, 2, 3]


def test_hello_of_the_page_is_answered_with_the_whole_state(pump: FramePump, monkeypatch: pytest.MonkeyPatch) -> None:
    states = []
    monkeypatch.setattr(pump, "send_state", lambda key=None: states.append(key))
    from_page(pump, {"kind": "hello"})
    assert states == [None]


def test_streams(repository: Any, tmp_path: Any) -> None:
    clip = clip_stream(repository / "assets" / "squats.mp4")
    own = url_stream("blob:http://localhost/1")
    assert (clip.video.format, own.video.format) == ("mp4", "url")
    assert bytes(own.video.value) == b"blob:http://localhost/1"
    assert not any((clip.video.loop, clip.video.autoplay, own.video.loop, own.video.autoplay))
    assert camera_stream().constraints["audio"] is False
    with pytest.raises(MediaError, match=r"none\.mp4"):
        clip_stream(tmp_path / "none.mp4")
