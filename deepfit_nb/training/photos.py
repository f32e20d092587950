"""Photographs of people nobody trained on: single moments, and pairs of start and end played to and fro."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from rich.table import Table
from tqdm import tqdm

from deepfit_nb.capture.names import require_utf8
from deepfit_nb.errors import MediaError
from deepfit_nb.pose import Pose, PoseRecording
from deepfit_nb.pose.detector import PoseDetector
from deepfit_nb.recognition import EXERCISES, FrameClassifier
from deepfit_nb.recognition.frame import pose_vector
from deepfit_nb.training.clips import Clip
from deepfit_nb.training.metrics import confusion

_SUFFIXES: Final = (".jpg", ".jpeg", ".png")
#: How a pair of photographs is played.
_REPS: Final = 5
_REP_S: Final = 2.4
_FPS: Final = 20.0


def find_photos(folder: Path) -> list[Path]:
    """Photographs ``folder/<exercise>/*``; raises `MediaError` where there are none, or one has no readable name."""
    folders = [folder / exercise for exercise in EXERCISES if (folder / exercise).is_dir()]
    paths = [path for one in folders for path in sorted(one.iterdir()) if path.suffix.lower() in _SUFFIXES]
    if not paths:
        raise MediaError(f"{folder}: holds no photographs in folders named after exercises, such as squats/me.jpg")
    for path in paths:
        require_utf8(path, path)  # OpenCV would end the process
    return paths


def evaluate_photos(folder: Path, classifier: FrameClassifier) -> dict[str, Any]:
    """Classify ``folder/<exercise>/*``: counts by true and named exercise, and the photographs without a body."""
    paths = find_photos(folder)
    true, said, unseen = [], [], []
    with PoseDetector(mode="image") as detector:
        for path in tqdm(paths, desc=folder.name, unit="photo", disable=None):
            pose = _pose_in(path, detector)
            if pose is None:
                unseen.append(f"{path.parent.name}/{path.name}")
                continue
            true.append(EXERCISES.index(path.parent.name))
            said.append(EXERCISES.index(classifier.predict(pose_vector(pose))))
    table = confusion(np.array(true, np.intp), np.array(said, np.intp), len(EXERCISES))
    return {"photos": len(paths), "without a body": unseen, "right": int(np.trace(table)), "confusion": table.tolist()}


def photo_clips(folder: Path) -> Iterator[Clip]:
    """Pairs ``folder/<exercise>/<name>__0.jpg`` (start) and ``__1.jpg`` (end) as clips of a movement between the two.

    Pairs in which a body is found only once are left out.
    """
    with PoseDetector(mode="image") as detector:
        for first in (path for path in find_photos(folder) if path.stem.endswith("__0")):
            second = first.with_name(first.name.replace("__0.", "__1."))
            start, end = _pose_in(first, detector), _pose_in(second, detector)
            if start is not None and end is not None:
                exercise = first.parent.name
                name = f"{exercise}__{first.stem.removesuffix('__0')}"
                yield Clip(name, exercise, movement(start, end), (0.0, _REPS * _REP_S))


def movement(start: Pose, end: Pose) -> PoseRecording:
    """Five reps of 2.4 s from one pose to the other and back.

    Landmarks move along straight lines, so limbs that swing look shorter half-way than they are.
    """
    time_s = np.arange(round(_REPS * _REP_S * _FPS)) / _FPS
    share = (0.5 - 0.5 * np.cos(2 * np.pi * time_s / _REP_S)).astype(np.float32)[:, None, None]
    image, world = (a + (b - a) * share for a, b in ((start.image, end.image), (start.world, end.world)))
    return PoseRecording(image, world, np.ones(len(time_s), bool), time_s, _FPS, start.size)


def _pose_in(path: Path, detector: PoseDetector) -> Pose | None:
    """The body in a photograph; None where there is none, or no photograph."""
    picture = cv2.imread(str(path))
    return None if picture is None else detector.detect(np.ascontiguousarray(picture[..., ::-1]), 0.0)


def photo_table(figures: dict[str, Any]) -> Table:
    """Right and wrong by exercise."""
    table = Table("exercise", "photos", "right", "called", title="photographs, frame classifier")
    for index, row in enumerate(figures["confusion"]):
        called = ", ".join(f"{EXERCISES[other]} {count}" for other, count in enumerate(row) if count and other != index)
        table.add_row(EXERCISES[index], str(sum(row)), str(row[index]), called)
    return table
