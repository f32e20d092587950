"""The detector against the truth of a rendered clip, which gives each joint in pixels."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import cv2
import numpy as np
import pytest

from deepfit_nb.errors import ModelError
from deepfit_nb.pose import Pose
from deepfit_nb.pose.bundle import BUILT_SHA256, OFFICIAL_SHA256
from deepfit_nb.pose.detector import PoseDetector
from deepfit_nb.pose.keypoints import Landmark as L

FPS = 25

# Joints that a camera at the person's side sees well, by their names in the clip's truth.
JOINTS = {"shoulder_l": L.LEFT_SHOULDER, "hip_l": L.LEFT_HIP, "knee_l": L.LEFT_KNEE, "ankle_l": L.LEFT_ANKLE}


@pytest.fixture(scope="module")
def clip(repository):
    """The first 60 frames of the squat clip, RGB, and the true joints in pixels of each."""
    video = cv2.VideoCapture(str(repository / "assets" / "squats.mp4"))
    frames = [cv2.cvtColor(video.read()[1], cv2.COLOR_BGR2RGB) for _ in range(60)]
    truth = json.loads((repository / "assets" / "squats.json").read_text())["frames"]
    return frames, [frame["xy"] for frame in truth[:60]]


@pytest.fixture
def detector():
    with PoseDetector() as detector:
        yield detector


def error(pose: Pose, truth: dict[str, list[float]]) -> float:
    """Mean distance of the joints from the truth, as a fraction of the body's height in pixels."""
    height = np.ptp([xy[1] for xy in truth.values()])
    return float(np.mean([math.dist(pose.xy[joint], truth[name]) for name, joint in JOINTS.items()]) / height)


def test_the_body_is_found_where_it_is(clip, detector):
    frames, truths = clip
    poses = [detector.detect(frame, i / FPS) for i, frame in enumerate(frames)]
    assert np.median([error(pose, truth) for pose, truth in zip(poses, truths, strict=True)]) < 0.06
    assert [pose.time_s for pose in poses] == [i / FPS for i in range(60)]
    assert poses[0].size == (360, 480)
    assert poses[0].visibility[L.LEFT_KNEE] > 0.8


def test_world_landmarks_are_metres_from_the_hips(clip, detector):
    world = detector.detect(clip[0][0], 0.0).world
    np.testing.assert_allclose(world[[L.LEFT_HIP, L.RIGHT_HIP]].mean(0), 0, atol=0.02)
    trunk = np.linalg.norm(world[[L.LEFT_SHOULDER, L.RIGHT_SHOULDER]].mean(0))
    assert 0.35 < trunk < 0.65
    assert world[L.NOSE, 1] < 0 < world[L.LEFT_ANKLE, 1]  # y points down


def test_image_mode_needs_no_order(clip):
    frames, truths = clip
    with PoseDetector(mode="image") as detector:
        for index in (50, 0, 50):
            assert error(detector.detect(frames[index], 0.0), truths[index]) < 0.1


@pytest.mark.parametrize("mode", ["video", "image"])
def test_a_body_in_the_dark_is_found_where_it_is(clip, mode):
    """MediaPipe finds nobody in the frames as they are."""
    frames, truths = clip
    dark = [(frame * 0.05).astype(np.uint8) for frame in frames[30:40]]
    with PoseDetector(mode=mode) as detector:
        assert detector._everybody.detect(dark[0], 0.0) == []
        poses = [detector.detect(frame, i / FPS) for i, frame in enumerate(dark)]
    assert None not in poses
    assert np.median([error(pose, truth) for pose, truth in zip(poses, truths[30:40], strict=True)]) < 0.08
    assert {pose.size for pose in poses} == {(360, 480)}


def test_depth_scales_with_the_frame(clip):
    frame = clip[0][0]
    twice = cv2.resize(frame, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    with PoseDetector(mode="image") as detector:
        small, large = detector.detect(frame, 0), detector.detect(twice, 0)
    np.testing.assert_allclose(large.image[:, :3], 2 * small.image[:, :3], atol=0.05 * 960)


def beside(left: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """A room 1080 pixels wide with one person in the middle and another at the left."""
    room = np.full((480, 1080, 3), 90, np.uint8)
    room[:, :360], room[:, 360:720] = left, middle
    return room


def hips_x(pose: Pose) -> float:
    return float(pose.xy[[L.LEFT_HIP, L.RIGHT_HIP], 0].mean())


@pytest.mark.parametrize("mode", ["video", "image"])
def test_of_two_people_the_one_in_the_middle_is_taken(repository, mode):
    clips = [cv2.VideoCapture(str(repository / "assets" / f"{name}.mp4")) for name in ("squats", "bicep_curls")]
    with PoseDetector(mode=mode) as detector:
        for index in range(10):
            squats, curls = (clip.read()[1][..., ::-1] for clip in clips)
            pose = detector.detect(beside(squats, curls), index / FPS)
            assert 460 < hips_x(pose) < 620
        everybody = detector.detect_all(beside(squats, curls), 0.0)
    assert len(everybody) == 2
    assert min(map(hips_x, everybody)) < 300


def test_somebody_who_walks_past_in_front_is_not_followed(repository, clip):
    walker = cv2.VideoCapture(str(repository / "assets" / "bicep_curls.mp4")).read()[1][:, 80:280, ::-1]
    squats = clip[0]
    followed, people = [], []
    with PoseDetector() as detector:
        for index in range(60):
            room = beside(np.full_like(squats[0], 90), squats[index])
            left = 18 * index
            room[:, left : left + 200] = walker[:, : max(0, 1080 - left)]
            pose = detector.detect(room, index / FPS)
            followed.append(None if pose is None else hips_x(pose))
            people.append(detector.people)
    assert max(people) == 2
    assert None in followed  # while hidden
    assert all(x is None or 480 < x < 620 for x in followed)
    assert None not in followed[-10:]  # found again


def test_an_empty_room_is_none(detector):
    empty = np.full((480, 640, 3), 90, np.uint8)
    assert [detector.detect(empty, i / FPS) for i in range(3)] == [None] * 3


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
    ],
    ids=["float", "grey", "alpha", "empty"],
)
def test_a_wrong_frame_is_described(detector, frame):
    with pytest.raises(ValueError, match=r"must be \(height, width, 3\) uint8, not \("):
        detector.detect(frame, 0.0)


@pytest.mark.parametrize("time_s", [1.0, 0.5, math.nan])
def test_time_must_go_on(detector, time_s):
    frame = np.zeros((48, 64, 3), np.uint8)
    detector.detect(frame, 1.0)
    with pytest.raises(ValueError, match="greater than the last"):
        detector.detect(frame, time_s)


def test_frames_of_one_millisecond_are_taken(detector):
    frame = np.zeros((48, 64, 3), np.uint8)
    for time_s in (0.0, 0.0001, 0.0002, 0.0003):
        detector.detect(frame, time_s)


def test_the_model_used_is_known(detector):
    assert detector.bundle.sha256 in (OFFICIAL_SHA256["full"], BUILT_SHA256["full"])


def test_a_file_that_is_no_model_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "empty.task"
    path.write_bytes(b"PK\x05\x06" + bytes(18))  # an empty zip archive
    monkeypatch.setenv("DEEPFIT_POSE_MODEL", str(path))
    with pytest.raises(ModelError, match=r"empty\.task: MediaPipe does not accept"):
        PoseDetector()


def test_nothing_of_mediapipe_is_seen_on_stderr(repository):
    # In a process of its own, because MediaPipe gives some of its warnings only once.
    code = (
        "import cv2\n"
        "from deepfit_nb.pose.detector import PoseDetector\n"
        "rgb = cv2.VideoCapture('assets/squats.mp4').read()[1][..., ::-1]\n"
        "with PoseDetector() as detector:\n"
        "    assert all(detector.detect(rgb, i / 25) for i in range(3))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
