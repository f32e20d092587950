import threading
import time

import cv2
import numpy as np
import pytest

from deepfit_nb.capture.detect import detect_poses, read_ahead, rescaled
from deepfit_nb.capture.video import VideoFile
from deepfit_nb.pose import Pose


class CornerDetector:
    """Sees a body in bright frames, all of its landmarks in the frame's bottom right corner."""

    def detect(self, rgb, time_s):
        height, width = rgb.shape[:2]
        if rgb.mean() < 100:
            return None
        return Pose(
            np.tile(np.array([width, height, width, 1], np.float32), (33, 1)),
            np.ones((33, 3), np.float32),
            time_s,
            (width, height),
        )


@pytest.fixture
def video(tmp_path):
    path = str(tmp_path / "clip.mp4")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"mp4v"), 25, (96, 64))
    for brightness in (0, 200, 0, 200):
        writer.write(np.full((64, 96, 3), brightness, np.uint8))
    writer.release()
    with VideoFile(path, max_side=48) as video:
        yield video


def test_poses_are_in_the_pixels_of_the_file_though_detection_saw_a_smaller_frame(video):
    times, poses = zip(*detect_poses(video, CornerDetector()), strict=True)
    assert times == (0, 0.04, 0.08, 0.12)
    assert [pose is not None for pose in poses] == [False, True, False, True]
    assert poses[1].size == (96, 64)
    np.testing.assert_allclose(poses[1].image[0], [96, 64, 96, 1])
    assert poses[1].time_s == 0.04


def test_rescaling_leaves_the_world_alone_and_scales_depth_with_the_width():
    pose = Pose(np.ones((33, 4), np.float32), np.ones((33, 3), np.float32), 1.5, (100, 200))
    larger = rescaled(pose, (300, 400))
    np.testing.assert_array_equal(larger.image[0], [3, 2, 3, 1])
    np.testing.assert_array_equal(larger.world, pose.world)
    assert rescaled(pose, (100, 200)) is pose


def test_read_ahead_keeps_order_and_ends():
    assert list(read_ahead(range(50))) == list(range(50))
    assert list(read_ahead([])) == []
    assert list(read_ahead([None, False])) == [None, False]


def test_read_ahead_makes_the_next_items_while_one_is_used():
    made = []

    def items():
        for index in range(100):
            made.append(index)
            yield index

    stream = read_ahead(items(), depth=4)
    next(stream)
    deadline = time.monotonic() + 5
    while len(made) < 5 and time.monotonic() < deadline:
        time.sleep(0.001)
    assert made == [0, 1, 2, 3, 4]  # four ahead, and no more


def test_an_error_arrives_after_the_items_before_it():
    def items():
        yield 1
        raise OSError("disk on fire")

    stream = read_ahead(items())
    assert next(stream) == 1
    with pytest.raises(OSError, match="disk on fire"):
        next(stream)


def test_a_reader_that_stops_early_leaves_no_thread_behind():
    stream = read_ahead(range(1000))
    next(stream)
    stream.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("read-ahead")]
