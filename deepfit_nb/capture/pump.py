"""`FramePump`: frames from an ipywebrtc stream to the kernel, and the skeleton back onto the video."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import traitlets
from ipywebrtc import MediaStream
from ipywidgets import widget_serialization
from numpy.typing import NDArray

from deepfit_nb.capture.live_widget import LiveWidget, module_source
from deepfit_nb.pose import BONES, Pose

_HERE = Path(__file__).parent
_PARTS: Final = ("stream", "frames", "overlay", "panel")

#: A page that has sent nothing for this long is gone.
_PAGE_GONE_S: Final = 3.0

#: What `FramePump.status` can be. The last nine are problems that the page explains, and offers what can be done.
STATUSES: Final = (
    "idle", "opening", "live", "muted", "ended",
    "denied", "nocamera", "busy", "insecure", "unplayable", "empty", "broken", "disconnected", "error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it came from the page.

    Attributes
    ----------
    run
        Which run of the pump it belongs to.
    number
        Counts the frames of a page; names the frame in its acknowledgement.
    time_s
        When the frame was captured: seconds on the browser's monotonic clock.
    jpeg
        The image, not mirrored.
    page
        Which page it comes from: two that show the same kernel count alike.
    """

    run: int
    number: int
    time_s: float
    jpeg: bytes
    page: int = 0


class FramePump(LiveWidget):
    """Shows a stream with the skeleton over it, and hands its frames to `on_frame`.

    Frames are JPEGs, at most `credits` of them on their way at any time: each must be answered, by `acknowledge` or
    `skip`, to give its credit back. The page draws the landmarks of the acknowledgement over the native video.

    The page also sends "retry" when the user asks for another try, and "hidden" when it no longer shows the stage.

    Where two pages show the same kernel, frames are taken from the one that was loaded last, as long as it sends any;
    what goes wrong in the other does not matter, see `speaks`.

    ipywebrtc tells the kernel nothing of a camera's troubles; `status` does (see `STATUSES`), with `message`.
    """

    _esm = module_source(*(_HERE / f"pump_{part}.js" for part in _PARTS), _HERE / "pump.js")
    _css = _HERE / "pump.css"

    stream = traitlets.Instance(MediaStream, allow_none=True).tag(sync=True, **widget_serialization)
    #: Show the video and the skeleton as a mirror does. Frames are never mirrored.
    mirrored = traitlets.Bool(False).tag(sync=True)
    #: Let the user choose a video file of their own; the browser plays it, and its frames come here.
    choosing = traitlets.Bool(False).tag(sync=True)
    #: What is said over the empty stage.
    invitation = traitlets.Unicode("").tag(sync=True)
    #: What was done in the run that is over, said in place of the invitation; empty where it is of no matter any more.
    done = traitlets.Unicode("").tag(sync=True)
    longest_side = traitlets.Int(640).tag(sync=True)
    quality = traitlets.Float(0.7).tag(sync=True)
    credits = traitlets.Int(2).tag(sync=True)
    bones = traitlets.List(default_value=[list(bone) for bone in BONES]).tag(sync=True)

    # 0 when stopped, else the number of the current run. A number and not a flag, so that a stop and a start in quick
    # succession are not taken for nothing, and frames of an earlier run can be told apart.
    run = traitlets.Int(0).tag(sync=True)
    #: A failure on the kernel's side, to be shown; empty when all is well.
    failure = traitlets.Unicode("").tag(sync=True)

    # Written by the page only.
    status = traitlets.Enum(STATUSES, "idle").tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    #: Which run the status is about; 0 where none was in progress.
    status_run = traitlets.Int(0).tag(sync=True)
    #: Which page says so, see `speaks`.
    status_page = traitlets.Int(0).tag(sync=True)
    #: ``{"url": ..., "name": ...}`` of the file that the user chose; the URL is valid in that page alone.
    chosen = traitlets.Dict().tag(sync=True)
    #: Once a second: ``fps`` acknowledged frames a second, ``latency_ms`` median from capture to drawn overlay.
    stats = traitlets.Dict().tag(sync=True)

    def __init__(self, on_frame: Callable[[Frame], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._on_frame = on_frame
        self._runs = 0
        self._page = (0, -math.inf)  # when the page that is followed was loaded, and was heard last
        self.on_message("frame", self._receive)

    def start(self, stream: MediaStream, *, mirrored: bool) -> None:
        """Open the stream and let frames come."""
        self._runs += 1
        with self.hold_sync():
            self.stream = stream
            self.mirrored = mirrored
            self.failure = self.done = ""
            self.run = self._runs

    def stop(self) -> None:
        """Close the stream. Frames on their way are still delivered; their `Frame.run` is no longer `run`."""
        self.run = 0

    def acknowledge(self, frame: Frame, pose: Pose | None = None, labels: dict[int, str] | None = None) -> None:
        """Give the frame's credit back, with the body to draw (if any) and texts to write beside landmarks."""
        content = {"kind": "ack", "page": frame.page, "run": frame.run, "number": frame.number, "labels": labels or {}}
        self.send(content, [_drawing(pose).tobytes()] if pose is not None else None)

    def skip(self, frame: Frame) -> None:
        """Give the frame's credit back without having looked at it; what is drawn stays."""
        self.send({"kind": "skip", "page": frame.page, "number": frame.number})

    def speaks(self, page: int) -> bool:
        """Whether what a page says of the run counts: not while another page sends its frames."""
        followed, heard_s = self._page
        return page == followed or time.monotonic() - heard_s >= _PAGE_GONE_S

    def _receive(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        frame = Frame(content["run"], content["number"], content["time_s"], bytes(buffers[0]), content["page"])
        followed, heard_s = self._page
        now = time.monotonic()
        if frame.page < followed and now - heard_s < _PAGE_GONE_S:
            self.skip(frame)
            return
        self._page = (frame.page, now)
        self._on_frame(frame)


def _drawing(pose: Pose) -> NDArray[np.float32]:
    """(33, 3) float32: x and y as fractions of the frame, visibility."""
    width, height = pose.size
    return (pose.image[:, [0, 1, 3]] / np.array([width, height, 1])).astype(np.float32)
