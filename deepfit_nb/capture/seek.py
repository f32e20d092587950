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


class FrameReader:
    """Random access to the frames of a video file that has been read through once.

    A container can only seek to about a time, and with a variable frame rate it may land many frames early. So the
    reader seeks, looks at the timestamp where it landed, and decodes on from there: frame `index` is exactly the
    `index`-th that `VideoFile` gives.

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
        self._video = VideoFile(path, max_side=max_side)
        self._times = list(times)
        self._index = -1  # of the frame that was grabbed last

    def read(self, index: int) -> NDArray[np.uint8]:
        """The frame as (height, width, 3) uint8 RGB."""
        if not 0 <= index < len(self._times):
            raise IndexError(f"frame {index} of {len(self._times)}")
        if not self._index <= index <= self._index + _NEAR:
            self._seek(index)
        while self._index < index:
            if not self._video.grab():
                raise MediaError(f"{self._video.path}: frame {index} could not be decoded")
            self._index += 1
        return self._video.retrieve()

    def close(self) -> None:
        self._video.close()

    def _seek(self, index: int) -> None:
        """Grab a frame at or before `index`."""
        for start_s in (self._times[index], self._times[index] - 2, 0.0):
            if (landed_s := self._video.seek(max(0.0, start_s))) is not None:
                self._index = self._nearest(landed_s)
                if self._index <= index:
                    return
        raise MediaError(f"{self._video.path}: frame {index} could not be reached")

    def _nearest(self, time_s: float) -> int:
        after = bisect_left(self._times, time_s)
        return min(
            range(max(0, after - 1), min(after + 1, len(self._times))), key=lambda i: abs(self._times[i] - time_s)
        )
