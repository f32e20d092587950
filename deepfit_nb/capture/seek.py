"""Any frame of a video by its number: what scrubbing needs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.capture.video import VideoFile
from deepfit_nb.errors import MediaError

#: Up to this many frames ahead, decoding on is quicker than seeking to the key frame before.
_NEAR: Final = 24

#: Timestamps that differ by less are one.
_SAME_S: Final = 0.001


class FrameReader:
    """Random access to the frames of a video file that has been read through once.

    A container can only seek to about a time, and with a variable frame rate it may land many frames early. So the
    reader seeks, looks at the timestamp where it landed, and decodes on from there: frame `index` is exactly the
    `index`-th that `VideoFile` gives. Some cannot seek to their beginning (MPEG-TS), or have no timestamps (raw H.264):
    where it is not told which frame was reached, the file is opened anew and read from its start.

    Parameters
    ----------
    path
        The file.
    times
        Seconds of all its frames, as `VideoFile` gave them.
    max_side
        Larger frames are scaled down so that their longer side is this many pixels.
    """

    def __init__(self, path: str | Path, times: Sequence[float], *, max_side: int = 960) -> None:
        self._times = list(times)
        self._max_side = max_side
        self._open(path)

    def read(self, index: int) -> NDArray[np.uint8]:
        """The frame as (height, width, 3) uint8 RGB."""
        if not 0 <= index < len(self._times):
            raise IndexError(f"frame {index} of {len(self._times)}")
        if not self._index <= index <= self._index + _NEAR:
            self._seek(index)
        if not self._read_on(index) and not self._counted:
            self._begin_anew()
            self._read_on(index)
        if self._index != index:
            raise MediaError(f"{self._video.path}: frame {index} could not be decoded")
        return self._video.retrieve()

    def close(self) -> None:
        self._video.close()

    def _open(self, path: str | Path) -> None:
        self._video = VideoFile(path, max_side=self._max_side)
        self._index = -1  # of the frame that was grabbed last
        self._counted = True  # it was reached frame by frame from the start, so there can be no doubt which it is

    def _begin_anew(self) -> None:
        self._video.close()
        self._open(self._video.path)

    def _seek(self, index: int) -> None:
        """Grab a frame at or before `index`, or begin anew."""
        for start_s in (self._times[index], self._times[index] - 2):
            if start_s <= 0 or (landed_s := self._video.seek(start_s)) is None:
                continue
            self._index, self._counted = self._nearest(landed_s), False
            if 0 < self._index <= index and self._is_told():  # zero is also what is said where there are no timestamps
                return
        self._begin_anew()

    def _read_on(self, index: int) -> bool:
        """Grab the frames up to `index`; whether it was reached, and is it by its timestamp."""
        while self._index < index:
            if not self._video.grab():
                return False
            self._index += 1
        return self._is_told()

    def _is_told(self) -> bool:
        return abs(self._video.position_s - self._times[self._index]) < _SAME_S

    def _nearest(self, time_s: float) -> int:
        after = bisect_left(self._times, time_s)
        return min(
            range(max(0, after - 1), min(after + 1, len(self._times))), key=lambda i: abs(self._times[i] - time_s)
        )
