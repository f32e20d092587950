"""A set while others are in view: what is counted, and what is said."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from deepfit_nb.coaching import Coach
from deepfit_nb.pose.detector import PoseDetector
from deepfit_nb.training.synthesis import make_recording

Picture = NDArray[np.uint8]
FPS = 25


def test_others_in_view_are_mentioned_and_nothing_else_changes() -> None:
    recording, _ = make_recording("squats", reps=2, seed=5)
    alone, crowd = Coach("squats"), Coach("squats")
    hints = []
    for time_s, pose in recording:
        assert alone.update(pose, time_s=time_s).framing is None
        hints.append(crowd.update(pose, time_s=time_s, people=2).framing)
    assert hints[0] is None
    assert hints[-1] is not None
    assert (hints[-1].id, hints[-1].severity) == ("others_in_view", "info")
    assert [one.count for one in crowd.finish()] == [one.count for one in alone.finish()] == [2]


def test_what_is_missing_matters_more_than_others() -> None:
    coach = Coach("squats")
    for time_s in (0.1, 0.5, 1.0):
        framing = coach.update(None, time_s=time_s, people=2).framing
    assert framing is not None
    assert framing.id == "nobody"


def frames(path: Path, seconds: float) -> list[Picture]:
    clip = cv2.VideoCapture(str(path))
    return [clip.read()[1][..., ::-1] for _ in range(round(seconds * FPS))]


def beside(room: Picture, index: int, others: list[Picture]) -> None:
    """Somebody else exercises at the left."""
    other = others[index]
    room[:, : other.shape[1]] = other


def across(room: Picture, index: int, others: list[Picture]) -> None:
    """Somebody walks through in front, in the middle of the second rep; he hides the person for half a second."""
    walker = others[0][:, 90:270]
    left = round(500 * (index / FPS - 3.5))
    start, end = max(left, 0), min(left + walker.shape[1], room.shape[1])
    if start < end:
        room[:, start:end] = walker[:, start - left : end - left]


@pytest.mark.parametrize("disturb", [beside, across])
def test_a_set_is_counted_whoever_else_is_there(disturb, repository: Path) -> None:
    squats, others = (frames(repository / "assets" / f"{name}.mp4", 8.6) for name in ("squats", "jumping_jacks"))
    coach, people = Coach("squats"), set()
    with PoseDetector() as detector:
        for index, frame in enumerate(squats):
            room = np.concatenate([np.full_like(frame, 90), frame, np.full_like(frame, 90)], axis=1)
            disturb(room, index, others)
            pose = detector.detect(room, index / FPS)
            coach.update(pose, time_s=index / FPS, people=detector.people)
            people.add(detector.people)
    assert max(people) == 2
    assert [one.count for one in coach.finish()] == [3]
