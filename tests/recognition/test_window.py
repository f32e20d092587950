import numpy as np
import pytest

from deepfit_nb.pose import PoseRecording
from deepfit_nb.recognition.window import CHANNELS, FRAMES, JOINTS, SPAN_S, mirror, windows
from deepfit_nb.training.camera import View
from deepfit_nb.training.synthesis import EXACT, make_recording

PRESENT = CHANNELS.index("present")


def squat(fps: float = 25.0, **view: float) -> PoseRecording:
    recording, _ = make_recording("squats", reps=2, detector=EXACT, fps=fps, view=View(**view))  # type: ignore[arg-type]
    return recording


def window(recording: PoseRecording, end_s: float, start_s: float | None = None) -> np.ndarray:
    starts = None if start_s is None else np.array([start_s])
    return windows(recording.time_s, recording.image, recording.world, recording.ok, np.array([end_s]), starts)[0]


def test_shape_and_full_presence() -> None:
    one = window(squat(), 4.0)
    assert one.shape == (FRAMES, len(JOINTS), len(CHANNELS))
    assert (one[..., PRESENT] == 1).all()


@pytest.mark.parametrize("fps", [8, 12.5, 60])
def test_the_frame_rate_hardly_matters(fps: float) -> None:
    difference = np.abs(window(squat(fps), 4.0) - window(squat(30), 4.0))
    assert np.median(difference) < 0.01


def test_pixels_position_and_distance_do_not_matter() -> None:
    near = window(squat(fill=0.9, offset=(0.02, 0.0)), 4.0)
    far = window(squat(fill=0.3, offset=(-0.2, 0.1)), 4.0)
    np.testing.assert_allclose(near, far, atol=0.02)


def test_world_landmarks_are_turned_to_face_the_camera() -> None:
    world = slice(CHANNELS.index("world_x"), CHANNELS.index("world_z") + 1)
    front = window(squat(azimuth_deg=0.0, height_m=0.9), 4.0)[..., world]
    side = window(squat(azimuth_deg=70.0, height_m=0.9), 4.0)[..., world]
    assert np.abs(front - side).mean() < 0.03


def test_a_mirrored_recording_gives_the_mirrored_window() -> None:
    recording = squat(azimuth_deg=40.0)
    np.testing.assert_allclose(window(recording.mirrored(), 4.0), mirror(window(recording, 4.0)[None])[0], atol=1e-3)


def test_what_came_before_the_start_is_unknown() -> None:
    one = window(squat(), 4.0, start_s=3.0)
    known = one[:, 0, PRESENT]
    assert known.sum() == pytest.approx(9, abs=1)
    assert (one[known == 0] == 0).all()


def test_a_lost_second_is_unknown_and_a_short_gap_is_bridged() -> None:
    recording = squat()
    for gap, unknown in ((0.25, 0), (1.0, 10)):
        lost = (recording.time_s > 2.5) & (recording.time_s < 2.5 + gap)
        one = windows(
            recording.time_s, recording.image, recording.world, recording.ok & ~lost, np.array([4.0])
        )[0]  # fmt: skip
        assert (one[:, 0, PRESENT] == 0).sum() == pytest.approx(unknown, abs=1)


def test_nobody_at_all_is_all_zero() -> None:
    recording = squat()
    nobody = np.zeros(len(recording), bool)
    assert not windows(recording.time_s, recording.image, recording.world, nobody, np.array([SPAN_S])).any()
