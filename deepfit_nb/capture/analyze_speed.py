"""How fast `deepfit analyze` is, against the least that any tool with this detector must do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import cv2

from deepfit_nb.capture.analyze import analyze
from deepfit_nb.pose._mediapipe import import_mediapipe, without_chatter
from deepfit_nb.pose.bundle import ensure_bundle


@dataclass(frozen=True, slots=True)
class AnalyzeSpeed:
    """Frames a second over one clip: `bare` of decoding and detecting alone, `analyze` of all that is done."""

    bare: float
    analyze: float

    @property
    def ratio(self) -> float:
        return self.analyze / self.bare


def analyze_speed(clip: str | Path, *, runs: int = 3) -> AnalyzeSpeed:
    """Measure both, by turns, and take the best of each: what else the machine does can only slow a run down.

    Both are timed with their set-up: opening the clip and loading the pose model.
    """
    bare, whole = [], []
    for _ in range(runs):
        bare.append(_bare_fps(clip))
        result = analyze(clip)
        whole.append(len(result.reports) / result.elapsed_s)
    return AnalyzeSpeed(max(bare), max(whole))


def _bare_fps(clip: str | Path) -> float:
    """OpenCV's frames straight into MediaPipe, whose results are thrown away."""
    mediapipe = import_mediapipe()
    tasks = mediapipe.tasks
    options = tasks.vision.PoseLandmarkerOptions(
        base_options=tasks.BaseOptions(model_asset_path=str(ensure_bundle("full").path)),
        running_mode=tasks.vision.RunningMode.VIDEO,
    )
    frames, started = 0, perf_counter()
    capture = cv2.VideoCapture(str(clip))
    with without_chatter():
        landmarker = tasks.vision.PoseLandmarker.create_from_options(options)
    with landmarker:
        while True:
            ok, bgr = capture.read()
            if not ok:
                break
            image = mediapipe.Image(mediapipe.ImageFormat.SRGB, cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
            landmarker.detect_for_video(image, frames * 40)
            frames += 1
        elapsed_s = perf_counter() - started
    capture.release()
    return frames / elapsed_s
