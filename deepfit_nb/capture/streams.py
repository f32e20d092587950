"""The ipywebrtc streams that can feed a `FramePump`."""

from __future__ import annotations

from pathlib import Path

from ipywebrtc import CameraStream, VideoStream
from ipywidgets import Video

from deepfit_nb.errors import MediaError


def camera_stream() -> CameraStream:
    """The user's webcam, 640 x 480 or what is nearest to it, at 30 frames a second; no sound."""
    video = {
        "facingMode": "user",
        "width": {"ideal": 640},
        "height": {"ideal": 480},
        "frameRate": {"ideal": 30},
    }
    return CameraStream(constraints={"audio": False, "video": video})


def clip_stream(path: Path) -> VideoStream:
    """A clip that lies on the kernel's machine, played once, as if it were a camera."""
    if not path.is_file():
        raise MediaError(f"{path}: the clip is not there; it belongs to the assets of DeepFit Notebook")
    return VideoStream(video=_silent(Video(value=path.read_bytes(), format=path.suffix.lstrip("."))))


def url_stream(url: str) -> VideoStream:
    """A video that the browser can reach by itself, such as a file the user chose in the page (a blob URL)."""
    return VideoStream(video=_silent(Video(value=url.encode(), format="url")))


def _silent(video: Video) -> Video:
    video.autoplay, video.loop, video.controls = False, False, False
    return video
