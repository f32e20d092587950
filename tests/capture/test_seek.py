import random

import pytest

from deepfit_nb.capture.seek import FrameReader
from deepfit_nb.capture.video import VideoFile
from deepfit_nb.errors import MediaError
from tests.capture.clips import ffmpeg, number, write_video

MPEG_2 = ("-c:v", "mpeg2video", "-g", "12", "-bf", "2", "-q:v", "2")


@pytest.fixture(params=["clip.mp4", "clip.avi", "variable.mp4", "no-seek-to-its-start.ts", "no-timestamps.m2v"])
def clip(tmp_path, request):
    """A clip, the times of its frames, and the number that each frame shows."""
    if request.param == "variable.mp4":
        kept = [*range(0, 10), *range(12, 25, 3)]
        select = "select=lt(n\\,10)+not(mod(n\\,3))"
        ffmpeg("-i", write_video(tmp_path / "clip.mp4", frames=25), "-vf", select, "-fps_mode", "vfr",
               tmp_path / "variable.mp4")  # fmt: skip
    else:
        kept = list(range(25))
        if request.param.startswith("clip"):
            write_video(tmp_path / request.param, frames=25)
        else:
            ffmpeg("-i", write_video(tmp_path / "clip.mp4", frames=25), *MPEG_2, tmp_path / request.param)
    with VideoFile(tmp_path / request.param) as video:
        times = [time_s for time_s, _ in video]
    assert len(times) == len(kept)
    return tmp_path / request.param, times, kept


def test_any_frame_in_any_order_is_the_right_one(clip):
    path, times, kept = clip
    reader = FrameReader(path, times)
    order = [0, 0, len(times) - 1, 0, 5, 4, *random.Random(1).choices(range(len(times)), k=40)]
    assert [number(reader.read(index)) for index in order] == [kept[index] for index in order]


def test_a_frame_that_is_not_there_is_refused(clip):
    path, times, _ = clip
    with pytest.raises(IndexError):
        FrameReader(path, times).read(len(times))
    with pytest.raises(MediaError, match="could not be"):
        FrameReader(path, [*times, times[-1] + 0.04]).read(len(times))
