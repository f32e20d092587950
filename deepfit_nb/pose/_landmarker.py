"""MediaPipe's PoseLandmarker with frames and `Pose` as its only terms."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import ModelError
from deepfit_nb.pose._mediapipe import import_mediapipe, without_chatter
from deepfit_nb.pose.pose import Pose


class Landmarker:
    """One loaded pose model.

    Parameters
    ----------
    model
        The bundle.
    people
        The most to find. In a video one costs the least: while fewer than that are tracked, MediaPipe looks for the
        missing ones in every frame (16 ms a frame instead of 10, for two).
    video
        Track people from frame to frame. Otherwise each frame is a matter of its own.
    """

    def __init__(self, model: Path, *, people: int, video: bool) -> None:
        self._mediapipe = import_mediapipe()
        self._video = video
        self._last_ms = -1
        self._found_someone = False
        tasks = self._mediapipe.tasks
        modes = tasks.vision.RunningMode
        options = tasks.vision.PoseLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(model)),
            running_mode=modes.VIDEO if video else modes.IMAGE,
            num_poses=people,
        )
        try:
            with without_chatter():
                self._task = tasks.vision.PoseLandmarker.create_from_options(options)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{model}: MediaPipe does not accept this pose model ({error})") from error

    def detect(self, rgb: NDArray[np.uint8], time_s: float) -> list[Pose]:
        """The people in a (height, width, 3) frame."""
        image = self._mediapipe.Image(self._mediapipe.ImageFormat.SRGB, np.ascontiguousarray(rgb))
        # Some warnings come with the first body, once.
        with contextlib.nullcontext() if self._found_someone else without_chatter():
            if self._video:
                result = self._task.detect_for_video(image, self._timestamp_ms(time_s))
            else:
                result = self._task.detect(image)
        height, width = rgb.shape[:2]
        poses = [
            _pose(landmarks, world, time_s, (width, height))
            for landmarks, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        ]
        self._found_someone |= bool(poses)
        return poses

    def close(self) -> None:
        """Free the model."""
        self._task.close()

    def _timestamp_ms(self, time_s: float) -> int:
        """MediaPipe counts whole milliseconds and wants each greater than the last."""
        self._last_ms = max(round(time_s * 1000), self._last_ms + 1)
        return self._last_ms


def _pose(landmarks: Any, world: Any, time_s: float, size: tuple[int, int]) -> Pose:
    width, height = size
    # MediaPipe's z has the scale of x: it is a fraction of the width.
    scale = np.array([width, height, width, 1], np.float32)
    image = np.array([(p.x, p.y, p.z, p.visibility) for p in landmarks], np.float32) * scale
    return Pose(image, np.array([(p.x, p.y, p.z) for p in world], np.float32), time_s, size)
