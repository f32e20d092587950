"""Poses of a video file, in the file's own pixels."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.capture.video import VideoFile
from deepfit_nb.pose import Pose

T = TypeVar("T")


class Detector(Protocol):
    """What `detect_poses` needs of a `PoseDetector` in video mode."""

    def detect(self, rgb: NDArray[np.uint8], time_s: float) -> Pose | None: ...


def detect_poses(video: VideoFile, detector: Detector) -> Generator[tuple[float, Pose | None]]:
    """Yield ``(time_s, pose)`` for every frame; the next frames are decoded while one is being looked at."""
    for time_s, rgb in read_ahead(video):
        pose = detector.detect(rgb, time_s)
        yield time_s, pose and rescaled(pose, video.size)


def rescaled(pose: Pose, size: tuple[int, int]) -> Pose:
    """The same body in the pixels of a frame of another size; z, like MediaPipe's own, scales with the width."""
    if pose.size == size:
        return pose
    x, y = size[0] / pose.size[0], size[1] / pose.size[1]
    return Pose(pose.image * np.array([x, y, x, 1], np.float32), pose.world, pose.time_s, size)


def read_ahead(items: Iterable[T], depth: int = 4) -> Generator[T]:
    """Yield the items while a thread already makes the next `depth` of them; errors arrive in their turn."""
    iterator = iter(items)
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as pool:
        pending = deque(pool.submit(next, iterator, end) for _ in range(depth))
        while (item := pending.popleft().result()) is not end:
            pending.append(pool.submit(next, iterator, end))
            yield item  # type: ignore[misc]  # not the sentinel, so it is a T
