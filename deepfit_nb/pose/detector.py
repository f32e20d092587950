"""`PoseDetector`: frames in, bodies out, by MediaPipe's PoseLandmarker."""

from __future__ import annotations

from contextlib import nullcontext
import math
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import ModelError
from deepfit_nb.pose._mediapipe import import_mediapipe, without_chatter
from deepfit_nb.pose.bundle import PoseBundle, Variant, ensure_bundle
from deepfit_nb.pose.pose import Pose

Mode = Literal["video", "image"]


class PoseDetector:
    """Finds bodies in frames; a context manager.

    Parameters
    ----------
    variant
        Size of the pose model: ``lite``, ``full`` or ``heavy``. On two CPU cores about 8, 10 and 45 ms a frame.
    mode
        ``video``: frames of one stream in the order of time, the body tracked from frame to frame. ``image``: single
        frames that have nothing to do with one another; slower, since the person is looked for each time.
    num_poses
        The most people to find. One costs the least: with two, MediaPipe looks for the missing one in every frame
        (16 instead of 10 ms).

    Raises
    ------
    SetupError
        The pose model, or a system library, is not there and cannot be got.
    ModelError
        MediaPipe does not accept the model file.
    """

    def __init__(self, variant: Variant = "full", mode: Mode = "video", *, num_poses: int = 1) -> None:
        self.bundle: PoseBundle = ensure_bundle(variant)
        self.mode: Mode = mode
        self._mediapipe = import_mediapipe()
        self._landmarker = self._create(num_poses)
        self._last_s = -math.inf
        self._last_ms = -1
        self._found_any = False

    def detect(self, rgb: NDArray[np.uint8], time_s: float) -> Pose | None:
        """The body in a frame, or None.

        Parameters
        ----------
        rgb
            (height, width, 3) uint8, red first.
        time_s
            Seconds since the stream began. In ``video`` mode each must be greater than the last.
        """
        poses = self.detect_all(rgb, time_s)
        return poses[0] if poses else None

    def detect_all(self, rgb: NDArray[np.uint8], time_s: float) -> list[Pose]:
        """All bodies in a frame, up to ``num_poses``."""
        if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
            raise ValueError(f"a frame must be (height, width, 3) uint8, not {rgb.shape} {rgb.dtype}")
        image = self._mediapipe.Image(self._mediapipe.ImageFormat.SRGB, np.ascontiguousarray(rgb))
        # MediaPipe remarks once, on the first body, that the region of interest is square.
        with nullcontext() if self._found_any else without_chatter():
            if self.mode == "image":
                result = self._landmarker.detect(image)
            else:
                result = self._landmarker.detect_for_video(image, self._timestamp_ms(time_s))
        self._found_any = self._found_any or bool(result.pose_landmarks)
        height, width = rgb.shape[:2]
        return [
            _pose(landmarks, world, time_s, (width, height))
            for landmarks, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        ]

    def close(self) -> None:
        """Free the networks. The detector cannot be used after."""
        self._landmarker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _create(self, num_poses: int) -> Any:
        tasks = self._mediapipe.tasks
        modes = tasks.vision.RunningMode
        options = tasks.vision.PoseLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(self.bundle.path)),
            running_mode=modes.VIDEO if self.mode == "video" else modes.IMAGE,
            num_poses=num_poses,
        )
        try:
            with without_chatter():
                return tasks.vision.PoseLandmarker.create_from_options(options)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{self.bundle.path}: MediaPipe does not accept this pose model ({error})") from error

    def _timestamp_ms(self, time_s: float) -> int:
        """MediaPipe counts whole milliseconds and wants each greater than the last."""
        if not time_s > self._last_s:
            raise ValueError(f"time_s must be greater than the last frame's {self._last_s}, not {time_s}")
        self._last_s = time_s
        self._last_ms = max(round(time_s * 1000), self._last_ms + 1)
        return self._last_ms


def _pose(landmarks: Any, world: Any, time_s: float, size: tuple[int, int]) -> Pose:
    width, height = size
    # MediaPipe's z has the scale of x: it is a fraction of the width.
    scale = np.array([width, height, width, 1], np.float32)
    image = np.array([(p.x, p.y, p.z, p.visibility) for p in landmarks], np.float32) * scale
    return Pose(image, np.array([(p.x, p.y, p.z) for p in world], np.float32), time_s, size)
