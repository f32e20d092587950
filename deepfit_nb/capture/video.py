"""Video files as a stream of RGB frames with their own timestamps."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import MediaError

VIDEO_SUFFIXES: Final = frozenset({".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".3gp"})

#: The pose model looks at about 256 x 256 pixels of the body, so more than this only costs time.
MAX_SIDE: Final = 1280

_PLAUSIBLE_FPS: Final = (1.0, 1000.0)
_FALLBACK_FPS: Final = 30.0


class VideoFile:
    """A video file, decoded in order.

    Iterating gives ``(time_s, rgb)``: seconds since the first frame, strictly increasing, from the file's own
    timestamps (so a variable frame rate is right), and a (height, width, 3) uint8 image, turned upright as the
    file's rotation says and scaled down so that its longer side is at most `max_side`.

    Attributes
    ----------
    size
        Width and height of the upright frames *in the file*, before any scaling.
    fps
        Nominal frames a second; 30 where the file does not say.
    expected_frames
        Number of frames the container claims to hold; 0 where it does not say.
    frames_read
        Number of frames given out so far.
    """

    def __init__(self, path: str | Path, *, max_side: int = MAX_SIDE) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise MediaError(f"{path}: no such file")
        if not self.path.stat().st_size:
            raise MediaError(f"{path}: the file is empty")
        self._capture = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            raise MediaError(
                f"{path}: not a video that can be decoded; it may be damaged, cut off or no video at all. "
                "Check that it plays, or convert it to MP4 (H.264)"
            )
        self.size = (int(self._get(cv2.CAP_PROP_FRAME_WIDTH)), int(self._get(cv2.CAP_PROP_FRAME_HEIGHT)))
        fps = self._get(cv2.CAP_PROP_FPS)
        self.fps = fps if _PLAUSIBLE_FPS[0] <= fps <= _PLAUSIBLE_FPS[1] else _FALLBACK_FPS
        self.expected_frames = max(0, int(self._get(cv2.CAP_PROP_FRAME_COUNT)))
        self.frames_read = 0
        scale = min(1.0, max_side / max(*self.size, 1))
        self._scaled_size = (round(self.size[0] * scale), round(self.size[1] * scale))

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        last = -math.inf
        while self.grab():
            time_s = self.position_s
            if not time_s > last:  # some containers repeat a timestamp, step back, or have none
                time_s = last + 1 / self.fps
            last = time_s
            self.frames_read += 1
            yield time_s, self.retrieve()

    def grab(self) -> bool:
        """Decode the next frame, for `retrieve`; False at the end of the file."""
        return self._capture.grab()

    def retrieve(self) -> NDArray[np.uint8]:
        """The frame that was grabbed last: (height, width, 3) uint8 RGB, upright, scaled down."""
        ok, bgr = self._capture.retrieve()
        if not ok:
            raise MediaError(f"{self.path}: a frame near {self.position_s:.2f} s could not be decoded")
        if bgr.shape[1::-1] != self._scaled_size:
            bgr = cv2.resize(bgr, self._scaled_size, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)

    def seek(self, time_s: float) -> float | None:
        """Grab a frame near `time_s` and return where that really is, in seconds; None if that is past the end."""
        self._capture.set(cv2.CAP_PROP_POS_MSEC, time_s * 1000)
        return self.position_s if self.grab() else None

    @property
    def position_s(self) -> float:
        """The timestamp of the frame that was grabbed last, as the file states it."""
        return self._get(cv2.CAP_PROP_POS_MSEC) / 1000

    @property
    def shortfall(self) -> int:
        """Once the file has been read: how many of the frames it claims to hold could not be decoded.

        Containers count a frame or two differently and some only estimate, so less than 2 % (or 3 frames) is 0.
        """
        missing = self.expected_frames - self.frames_read
        return missing if missing > max(3, 0.02 * self.expected_frames) else 0

    def close(self) -> None:
        self._capture.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _get(self, prop: int) -> float:
        value = self._capture.get(prop)
        return value if math.isfinite(value) else 0.0
