"""The frame classifier on photographs: single moments of people it never saw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.table import Table
from tqdm import tqdm

from deepfit_nb.errors import MediaError
from deepfit_nb.pose.detector import PoseDetector
from deepfit_nb.recognition import EXERCISES, FrameClassifier
from deepfit_nb.recognition.frame import pose_vector
from deepfit_nb.training.metrics import confusion


def evaluate_photos(folder: Path, classifier: FrameClassifier) -> dict[str, Any]:
    """Classify ``folder/<exercise>/*``: counts by true and named exercise, and the photographs without a body."""
    paths = [path for exercise in EXERCISES for path in sorted((folder / exercise).glob("*.[jp][pn]g"))]
    if not paths:
        raise MediaError(f"{folder}: holds no photographs in folders named after exercises, such as squats/me.jpg")
    true, said, unseen = [], [], []
    with PoseDetector(mode="image") as detector:
        for path in tqdm(paths, desc=folder.name, unit="photo", disable=None):
            picture = cv2.imread(str(path))
            pose = None if picture is None else detector.detect(np.ascontiguousarray(picture[..., ::-1]), 0.0)
            if pose is None:
                unseen.append(f"{path.parent.name}/{path.name}")
                continue
            true.append(EXERCISES.index(path.parent.name))
            said.append(EXERCISES.index(classifier.predict(pose_vector(pose))))
    table = confusion(np.array(true, np.intp), np.array(said, np.intp), len(EXERCISES))
    return {"photos": len(paths), "without a body": unseen, "right": int(np.trace(table)), "confusion": table.tolist()}


def photo_table(figures: dict[str, Any]) -> Table:
    """Right and wrong by exercise."""
    table = Table("exercise", "photos", "right", "called", title="photographs, frame classifier")
    for index, row in enumerate(figures["confusion"]):
        called = ", ".join(f"{EXERCISES[other]} {count}" for other, count in enumerate(row) if count and other != index)
        table.add_row(EXERCISES[index], str(sum(row)), str(row[index]), called)
    return table
