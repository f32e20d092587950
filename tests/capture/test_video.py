import os

import cv2
import numpy as np
import pytest

from deepfit_nb.capture.video import VideoFile
from deepfit_nb.errors import MediaError
from tests.capture.clips import SIZE, ffmpeg, number, write_video


@pytest.fixture
def make_video(tmp_path):
    return lambda name="clip.mp4", **options: write_video(tmp_path / name, **options)


def read(path, **options):
    with VideoFile(path, **options) as video:
        times, frames = zip(*video, strict=True)
    return video, np.array(times), frames


@pytest.mark.parametrize("fps", [10, 25, 240])
def test_frames_come_in_order_with_their_times(make_video, fps):
    video, times, frames = read(make_video(fps=fps))
    assert [number(rgb) for rgb in frames] == list(range(20))
    np.testing.assert_allclose(times, np.arange(20) / fps, atol=1e-3)
    assert (video.size, video.fps, video.expected_frames, video.duration_s, video.missing_s) == (
        SIZE, fps, 20, pytest.approx(20 / fps, abs=1e-3), 0,
    )  # fmt: skip
    assert frames[0].shape == (64, 96, 3)


def test_colours_are_rgb(tmp_path):
    writer = cv2.VideoWriter(str(tmp_path / "red.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 25, SIZE)
    writer.write(np.full((64, 96, 3), (0, 0, 255), np.uint8))  # OpenCV's own order is blue, green, red
    writer.release()
    _, _, (rgb,) = read(tmp_path / "red.avi")
    assert rgb[..., 0].mean() > 240
    assert rgb[..., 2].mean() < 15


def test_a_variable_frame_rate_keeps_its_own_times(make_video, tmp_path):
    ffmpeg("-i", make_video(), "-vf", "select=lt(n\\,10)+not(mod(n\\,3))", "-fps_mode", "vfr", tmp_path / "vfr.mp4")
    _, times, frames = read(tmp_path / "vfr.mp4")
    kept = [*range(10), 12, 15, 18]
    assert [number(rgb) for rgb in frames] == kept
    np.testing.assert_allclose(times, np.array(kept) / 25, atol=1e-3)


@pytest.mark.parametrize(
    ("milliseconds", "seconds"),
    [
        ([0, 40, 80, 120], [0, 0.04, 0.08, 0.12]),
        ([0, 0, 0, 0], [0, 0.04, 0.08, 0.12]),  # a container without timestamps
        ([0, 40, 40, 120], [0, 0.04, 0.08, 0.12]),  # a repeated one
        ([0, 40, 20, 90], [0, 0.04, 0.08, 0.09]),  # a step back
        ([0, 40, float("nan"), 120], [0, 0.04, 0.08, 0.12]),
    ],
)
def test_timestamps_are_repaired_to_increase(make_video, monkeypatch, milliseconds, seconds):
    with VideoFile(make_video(frames=4)) as video:
        stated, read_property = iter(milliseconds), video._get
        monkeypatch.setattr(video, "_get", lambda p: next(stated) if p == cv2.CAP_PROP_POS_MSEC else read_property(p))
        np.testing.assert_allclose([time_s for time_s, _ in video], seconds)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_phone_held_upright_gives_the_frames_that_a_player_shows(make_video, tmp_path, degrees):
    ffmpeg("-i", make_video(), "-c", "copy", "-metadata:s:v:0", f"rotate={degrees}", tmp_path / "phone.mp4")
    ffmpeg("-i", tmp_path / "phone.mp4", "-frames:v", "1", tmp_path / "shown.png")
    shown = cv2.cvtColor(cv2.imread(str(tmp_path / "shown.png")), cv2.COLOR_BGR2RGB)
    video, _, frames = read(tmp_path / "phone.mp4")
    assert video.size == shown.shape[1::-1] == (SIZE if degrees == 180 else SIZE[::-1])
    np.testing.assert_allclose(frames[0].astype(int), shown, atol=12)


@pytest.mark.parametrize(
    ("aspect", "degrees", "size"),
    [
        ("1", 0, (96, 64)),
        ("0", 0, (96, 64)),  # the file does not say
        ("4/3", 0, (128, 64)),
        ("2/3", 0, (64, 64)),
        ("4/3", 180, (128, 64)),
        ("4/3", 90, (64, 128)),
        ("100", 0, (96, 64)),  # nobody makes such
    ],
)
def test_pixels_that_are_not_square_are_made_so(make_video, tmp_path, aspect, degrees, size):
    """Else a body would be as slim as a camcorder stores it, and its angles with it."""
    ffmpeg("-i", make_video(), "-vf", f"setsar={aspect}", tmp_path / "flat.mp4")
    ffmpeg("-i", tmp_path / "flat.mp4", "-c", "copy", "-metadata:s:v:0", f"rotate={degrees}", tmp_path / "clip.mp4")
    video, _, frames = read(tmp_path / "clip.mp4")
    assert video.size == frames[0].shape[1::-1] == size
    assert (frames[0].min(2) > 128).mean() == pytest.approx(1 / 16, rel=0.15)  # the patch is stretched with the rest
    small, _, (first, *_) = read(tmp_path / "clip.mp4", max_side=32)
    assert small.size == size
    assert max(first.shape) == 32


@pytest.mark.parametrize(("max_side", "shape"), [(96, (64, 96)), (48, (32, 48)), (500, (64, 96))])
def test_large_frames_are_scaled_down_and_the_size_told_is_the_files(make_video, max_side, shape):
    video, _, frames = read(make_video(), max_side=max_side)
    assert frames[0].shape[:2] == shape
    assert video.size == SIZE


def sound(folder, name, *arguments):
    """What is made of a clip of 25 frames, one second, in the ways that people cut and convert."""
    clip = write_video(folder / "clip.mp4", frames=25)
    ffmpeg(*[clip if one == "CLIP" else one for one in arguments], folder / name)
    return folder / name


VARIABLE = ("-i", "CLIP", "-vf", "select=lt(n\\,5)+not(mod(n\\,4))", "-fps_mode", "vfr")
LATE = ("-itsoffset", "100", "-i", "CLIP", "-c", "copy")
LONGER = ("-i", "CLIP", "-f", "lavfi", "-i", "sine=d=1.3")
COVER = ("-f", "lavfi", "-i", "sine=d=2", "-i", "CLIP", "-map", "0", "-map", "1", "-frames:v", "1", "-c:v", "png",
         "-disposition:v:0", "attached_pic")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("trim.mp4", ("-ss", "0.8", "-i", "CLIP", "-c", "copy")),
        ("trim.mov", ("-ss", "0.8", "-i", "CLIP", "-c", "copy")),
        *((f"variable.{suffix}", VARIABLE) for suffix in ("mp4", "mkv", "webm", "ts")),
        *((f"late.{suffix}", LATE) for suffix in ("mp4", "mkv")),
        *((f"longer-sound.{suffix}", LONGER) for suffix in ("mp4", "mkv")),
        ("in-fragments.mp4", ("-i", "CLIP", "-movflags", "+frag_keyframe+empty_moov")),
        ("cover.m4a", COVER),
    ],
)
def test_nothing_is_missing_of_a_sound_file_however_its_frames_are_counted(tmp_path, name, arguments):
    video, _, _ = read(sound(tmp_path, name, *arguments))
    assert video.missing_s == 0


@pytest.mark.parametrize(
    ("name", "options"),
    [("avi", ()), ("mkv", ()), ("mp4", ("-movflags", "+faststart")), ("mov", ("-movflags", "+faststart"))],
)
def test_a_file_that_is_cut_off_gives_what_it_has_and_says_how_much_is_missing(tmp_path, name, options):
    clip = write_video(tmp_path / "clip.avi", frames=25, fps=5)
    whole, cut = tmp_path / f"whole.{name}", tmp_path / f"cut.{name}"
    ffmpeg("-i", clip, "-c", "copy", *options, whole)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 3 // 5])
    video, _, frames = read(cut)
    assert [number(rgb) for rgb in frames[:-1]] == list(range(len(frames) - 1))  # half of the last may be cut off
    assert 5 < len(frames) < 20
    assert video.missing_s == pytest.approx((25 - len(frames)) / 5, abs=0.3)
    assert video.end_s == pytest.approx(len(frames) / 5, abs=1e-3)


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
@pytest.mark.parametrize("name", ["10:32.mp4", "50% ü 100%d.mp4"])
def test_any_name_that_a_file_can_have_is_opened(make_video, tmp_path, monkeypatch, name):
    make_video().rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert len(read(name)[2]) == 20


def text_file(path):
    path.write_text("this is not a video")


def mp4_without_its_index(path):
    path.write_bytes(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(1000))


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.touch(), "empty"),
        (text_file, "not a video that can be decoded"),
        (mp4_without_its_index, "not a video that can be decoded"),
        (lambda path: path.mkdir(), "no such file"),
    ],
)
def test_what_is_no_video_is_named(tmp_path, make, complaint):
    make(tmp_path / "clip.mp4")
    with pytest.raises(MediaError, match=f"clip.mp4: .*{complaint}"):
        VideoFile(tmp_path / "clip.mp4")
