"""Photographs as moments and as movements."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from deepfit_nb.errors import MediaError
from deepfit_nb.recognition import FrameClassifier
from deepfit_nb.training.photos import evaluate_photos, find_photos, movement, photo_clips
from tests.factories import pose_of, squat


def test_a_movement_goes_from_one_pose_to_the_other_and_back_five_times() -> None:
    start = pose_of(squat(0.0))
    end = replace(start, image=start.image + np.float32(40), world=start.world + np.float32(0.2))
    recording = movement(start, end)
    assert recording.time_s[-1] == pytest.approx(5 * 2.4, abs=0.06)
    far = recording.image[:, 0, 0] - start.image[0, 0]
    assert far.min() == pytest.approx(0, abs=1e-3)
    assert far.max() == pytest.approx(40, abs=0.3)
    risen = (far[1:] >= 20) & (far[:-1] < 20)
    assert risen.sum() == 5
    np.testing.assert_allclose(recording.world[24] - start.world, 0.2, atol=1e-3)


def test_a_folder_without_photographs_says_how_it_should_look(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"squats/me\.jpg"):
        evaluate_photos(tmp_path, FrameClassifier())


def test_photographs_of_any_spelling_are_found(tmp_path: Path) -> None:
    (tmp_path / "squats").mkdir()
    for name in ("a.JPG", "b.jpeg", "c.png", "d.txt"):
        (tmp_path / "squats" / name).touch()
    assert [path.name for path in find_photos(tmp_path)] == ["a.JPG", "b.jpeg", "c.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_photograph_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    """OpenCV would end the process."""
    (tmp_path / "squats").mkdir()
    (tmp_path / "squats" / os.fsdecode(b"caf\xe9__0.jpg")).touch()
    for look in (find_photos, lambda folder: list(photo_clips(folder))):
        with pytest.raises(MediaError, match="not valid UTF-8"):
            look(tmp_path)


def test_photographs_without_a_body_are_named_and_make_no_clip(tmp_path: Path) -> None:
    (tmp_path / "squats").mkdir()
    for number in range(2):
        cv2.imwrite(str(tmp_path / "squats" / f"wall__{number}.jpg"), np.full((120, 160, 3), 90, np.uint8))
    figures = evaluate_photos(tmp_path, FrameClassifier())
    assert figures["without a body"] == ["squats/wall__0.jpg", "squats/wall__1.jpg"]
    assert list(photo_clips(tmp_path)) == []
