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

from deepfit_nb.capture.duration import mp4_duration
from deepfit_nb.capture.names import require_utf8
from deepfit_nb.errors import MediaError

VIDEO_SUFFIXES: Final = frozenset({".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".3gp"})

#: The pose model looks at about 256 x 256 pixels of the body, so more than this only costs time.
MAX_SIDE: Final = 1280

_PLAUSIBLE_FPS: Final = (1.0, 1000.0)
_FALLBACK_FPS: Final = 30.0

#: Pixels wider or narrower than this nobody makes (1.46 and 2 are in use); a header that says so is not to be believed.
_PLAUSIBLE_ASPECT: Final = (0.25, 4.0)

#: The property with a frame's own timestamp in frames; OpenCV before 4.11 has none, and gives 0.
_PTS: Final = getattr(cv2, "CAP_PROP_PTS", -1)

#: Less than this is not missed, in seconds and in parts of the whole: some containers only tell when the sound ends.
_NOT_MISSING_S: Final = 0.5
_NOT_MISSING: Final = 0.02


class VideoFile:
    """A video file, decoded in order.

    Iterating gives ``(time_s, rgb)``: seconds since the first frame, strictly increasing, from the file's own
    timestamps (so a variable frame rate is right), and a (height, width, 3) uint8 image: turned upright as the file's
    rotation says, with square pixels, and scaled down so that its longer side is at most `max_side`.

    Attributes
    ----------
    size
        Width and height of the upright frames *in the file*, in square pixels, before any scaling. Where the file's own
        pixels are not square (DVDs, camcorders), the width is that of the picture as it is shown.
    fps
        Nominal frames a second; 30 where the file does not say.
    expected_frames
        About how many frames there are, for a progress bar; 0 where the container does not say. What was trimmed away
        without encoding anew may be among them, and with a variable frame rate it is a guess.
    duration_s
        How long the picture lasts as the container has it; 0 where it does not say.
    """

    def __init__(self, path: str | Path, *, max_side: int = MAX_SIDE) -> None:
        self.path = Path(path)
        whole = self.path.resolve()
        require_utf8(whole, whole)
        if not self.path.is_file():
            raise MediaError(f"{path}: no such file")
        if not self.path.stat().st_size:
            raise MediaError(f"{path}: the file is empty")
        # In full: FFmpeg takes what stands before the colon of "10:32.mp4" for a protocol.
        self._capture = cv2.VideoCapture(str(whole), cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            raise MediaError(
                f"{path}: not a video that can be decoded; it may be damaged, cut off or no video at all. "
                "Check that it plays, or convert it to MP4 (H.264)"
            )
        self.size = self._shown_size()
        fps = self._get(cv2.CAP_PROP_FPS)
        plausible = _PLAUSIBLE_FPS[0] <= fps <= _PLAUSIBLE_FPS[1]  # the cover of a piece of music has 90 000
        self.fps = fps if plausible else _FALLBACK_FPS
        self.expected_frames = max(0, int(self._get(cv2.CAP_PROP_FRAME_COUNT)))
        self.duration_s = mp4_duration(self.path) or (self.expected_frames / fps if plausible else 0.0)
        self._start_s = 0.0
        self._end_s = 0.0
        self._longest_s = 0.0  # from one frame to the next
        scale = min(1.0, max_side / max(*self.size, 1))
        self._scaled_size = (round(self.size[0] * scale), round(self.size[1] * scale))

    def __iter__(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        last = -math.inf
        while self.grab():
            time_s = self.position_s
            if not time_s > last:  # some containers repeat a timestamp, step back, or have none
                time_s = last + 1 / self.fps
            if last == -math.inf:
                self._start_s = self._get(_PTS) / self.fps - time_s
            else:
                self._longest_s = max(self._longest_s, time_s - last)
            last = time_s
            self._end_s = time_s + 1 / self.fps
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
    def end_s(self) -> float:
        """When the last frame that was given out ends, in seconds since the first began."""
        return self._end_s

    @property
    def missing_s(self) -> float:
        """Once the file has been read: how many seconds at its end could not be decoded; 0 where it was sound.

        It is time that is missing, not frames: their number is a guess where the rate varies. The picture may begin
        late in a duration that is told from zero, and last as long without a new frame as it has done before.
        """
        missing = self.duration_s - max(0.0, self._start_s) - self._end_s
        usual = max(_NOT_MISSING_S, 3 / self.fps, _NOT_MISSING * self.duration_s, self._longest_s)
        return missing if missing > usual else 0.0

    def close(self) -> None:
        self._capture.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _shown_size(self) -> tuple[int, int]:
        """Width and height of the upright frames in square pixels: else every angle would be wrong."""
        width, height = self._get(cv2.CAP_PROP_FRAME_WIDTH), self._get(cv2.CAP_PROP_FRAME_HEIGHT)
        above, below = self._get(cv2.CAP_PROP_SAR_NUM), self._get(cv2.CAP_PROP_SAR_DEN)
        aspect = above / below if below else 0.0
        if _PLAUSIBLE_ASPECT[0] <= aspect <= _PLAUSIBLE_ASPECT[1]:
            if self._get(cv2.CAP_PROP_ORIENTATION_META) % 180:  # turned upright, what was the width is the height
                height *= aspect
            else:
                width *= aspect
        return round(width), round(height)

    def _get(self, prop: int) -> float:
        value = self._capture.get(prop)
        return value if math.isfinite(value) else 0.0
