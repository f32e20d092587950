"""Opening a source: whatever kind of file it is, a stream of poses comes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Final

from deepfit_nb.capture.detect import detect_poses, read_ahead
from deepfit_nb.capture.names import require_utf8
from deepfit_nb.capture.sources import is_recording
from deepfit_nb.capture.video import VideoFile
from deepfit_nb.pose import Pose, PoseRecording
from deepfit_nb.pose.bundle import Variant
from deepfit_nb.pose.detector import PoseDetector

#: The detector's thread is let into its native code first, where it needs no interpreter: the coach thinks meanwhile.
_LET_DETECT_S: Final = 0.001


@dataclass(frozen=True)
class OpenSource:
    """A source while it is open.

    Attributes
    ----------
    frames
        ``(time_s, pose)`` of each frame, once.
    expected_frames
        About how many there are; 0 where the file does not say.
    fps, size
        Nominal frames a second, and width and height in pixels.
    video, pose_model_sha256
        The file and the model that finds the bodies in it; None of a recording.
    """

    frames: Iterable[tuple[float, Pose | None]]
    expected_frames: int
    fps: float
    size: tuple[int, int]
    video: VideoFile | None = None
    pose_model_sha256: str | None = None

    @property
    def damage(self) -> tuple[str, ...]:
        """What is wrong with the file, as far as the frames that were read tell."""
        if not self.video or not self.video.missing_s:
            return ()
        whole_s = self.video.end_s + self.video.missing_s
        read = f"only the first {self.video.end_s:.1f} of {whole_s:.1f} s could be decoded"
        return (f"{self.video.path}: {read}; the file is cut off or damaged. What could be read was analysed",)


@contextmanager
def open_source(source: Path, variant: Variant) -> Iterator[OpenSource]:
    """A video, in which bodies are looked for with the pose model `variant`, or a recording, which holds them.

    Raises `MediaError` where it cannot be read, or its name is no text.
    """
    require_utf8(source.name, source)
    if is_recording(source):
        recording = PoseRecording.load(source)
        yield OpenSource(recording, len(recording), recording.fps, recording.size)
        return
    with (
        VideoFile(source) as video,
        PoseDetector(variant=variant, mode="video") as detector,
        # Closed before the detector: one that is freed while its thread looks for a body takes the process with it.
        closing(detect_poses(video, detector)) as found,
        closing(read_ahead(found)) as poses,  # so that the coach thinks while the next body is looked for
    ):
        yield OpenSource(
            _giving_way(poses), video.expected_frames, video.fps, video.size, video, detector.bundle.sha256
        )


def _giving_way(poses: Iterable[tuple[float, Pose | None]]) -> Iterator[tuple[float, Pose | None]]:
    for one in poses:
        sleep(_LET_DETECT_S)
        yield one
