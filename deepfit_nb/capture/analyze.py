"""Analysis of one source, a video file or a pose recording: the coach is run over it as it is run live."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb import __version__
from deepfit_nb.capture.detect import detect_poses, read_ahead
from deepfit_nb.capture.names import require_utf8
from deepfit_nb.capture.sources import RECORDING_SUFFIX
from deepfit_nb.capture.video import VideoFile
from deepfit_nb.coaching import Coach, Exercise, FrameReport, WorkoutSet, builtin_exercises
from deepfit_nb.coaching.hindsight import angles_in_hindsight, other_exercise
from deepfit_nb.errors import MediaError
from deepfit_nb.pose import Pose, PoseRecording
from deepfit_nb.pose.bundle import Variant
from deepfit_nb.pose.detector import PoseDetector
from deepfit_nb.recognition.sequence import SequenceRecogniser
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.storage.frames import frame_table, save_frames
from deepfit_nb.storage.session import Provenance, Session
from deepfit_nb.storage.taught import TaughtExercises
from deepfit_nb.wording import words

#: The detector's thread is let into its native code first, where it needs no interpreter: the coach thinks meanwhile.
_LET_DETECT_S: Final = 0.001


@dataclass(frozen=True, eq=False)
class Analysis:
    """All that is known about one source after its last frame.

    ``given`` is the exercise that was asked for, ``damage`` what is wrong with the file.
    """

    source: Path
    recording: PoseRecording
    reports: tuple[FrameReport, ...]
    sets: tuple[WorkoutSet, ...]
    provenance: Provenance
    elapsed_s: float
    given: str | None = None
    damage: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know before trusting it."""
        return (*self.damage, *_doubts(self.source, self.given, self.reports))

    @property
    def detected(self) -> int:
        """Number of frames with a body."""
        return sum(report.pose is not None for report in self.reports)

    @cached_property
    def angles(self) -> NDArray[np.float64]:
        """(T, 9) degrees in the order of `deepfit_nb.kinematics.ANGLES`, see `angles_in_hindsight`."""
        return angles_in_hindsight(self.reports)

    @property
    def session(self) -> Session:
        return Session.of(
            self.sets,
            source=self.source.name,
            duration_s=float(np.ptp(self.recording.time_s)) + 1 / self.recording.fps,
            frames=len(self.recording),
            detected=self.detected,
            provenance=self.provenance,
        )

    def save(self, folder: Path, stem: str, *, recording: bool = False) -> None:
        """Write ``<stem>.frames.parquet``, ``<stem>.session.json`` and, if asked, the poses as ``<stem>.npz``.

        Each file appears whole or not at all, and the session file last: where it is, the others are. The poses of a
        recording are not written again: it may hold more than they, and may itself be ``<stem>.npz``.
        """
        if recording and not _is_recording(self.source):
            with atomic_write(folder / f"{stem}{RECORDING_SUFFIX}") as temporary:
                self.recording.save(temporary)
        save_frames(frame_table(self.reports, self.sets), folder / f"{stem}.frames.parquet")
        self.session.save(folder / f"{stem}.session.json")


def analyze(
    source: str | Path,
    *,
    exercise: str | None = None,
    variant: Variant = "full",
    on_frame: Callable[[int, int], None] | None = None,
) -> Analysis:
    """Run the coach over a video file or a pose recording.

    Parameters
    ----------
    source
        A video, or a ``.npz`` recording as `PoseRecording.save` writes it.
    exercise
        The exercise, where it is known, built-in or taught; None: recognise it.
    variant
        Pose model: ``lite``, ``full`` or ``heavy``. Not used for a recording.
    on_frame
        Called after each frame with the number of frames done and the number expected (0: unknown).

    Raises
    ------
    ExerciseError
        If there is no such exercise.
    MediaError
        If the source cannot be read or holds no frame at all, or its name is no text. A clip in which nobody is seen is
        not an error here: `Analysis.detected` is 0.
    """
    source = Path(source)
    require_utf8(source.name, source)
    recogniser = SequenceRecogniser()
    coach = Coach(exercise, recogniser, _known(exercise))
    started = perf_counter()
    with _open(source, variant) as stream:
        poses: list[tuple[float, Pose | None]] = []
        reports = []
        for time_s, pose in stream.frames:
            if stream.video:
                sleep(_LET_DETECT_S)
            poses.append((time_s, pose))  # as they were found: the coach's have their sides put right
            reports.append(coach.update(pose, time_s=time_s))
            if on_frame:
                on_frame(len(reports), stream.expected_frames)
    if not reports:
        raise MediaError(f"{source}: holds no frames, so there is nothing to analyse")
    times = np.array([report.time_s for report in reports])
    return Analysis(
        source=source,
        recording=PoseRecording.from_poses(
            poses,
            fps=(len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else stream.fps,
            size=stream.size,
        ),
        reports=tuple(reports),
        sets=coach.finish(),
        provenance=Provenance(
            deepfit_nb=__version__,
            mediapipe=version("mediapipe") if stream.video else None,
            pose_model_sha256=stream.pose_model_sha256,
            classifier_sha256=recogniser.sha256,
        ),
        elapsed_s=perf_counter() - started,
        given=exercise,
        damage=stream.damage,
    )


@dataclass(frozen=True)
class _Stream:
    frames: Iterable[tuple[float, Pose | None]]
    expected_frames: int
    fps: float
    size: tuple[int, int]
    video: VideoFile | None = None
    pose_model_sha256: str | None = None

    @property
    def damage(self) -> tuple[str, ...]:
        if not self.video or not self.video.missing_s:
            return ()
        whole_s = self.video.end_s + self.video.missing_s
        read = f"only the first {self.video.end_s:.1f} of {whole_s:.1f} s could be decoded"
        return (f"{self.video.path}: {read}; the file is cut off or damaged. What could be read was analysed",)


def _doubts(source: Path, exercise: str | None, reports: Sequence[FrameReport]) -> tuple[str, ...]:
    """What speaks against the exercise that was given."""
    other = other_exercise(reports, exercise) if exercise is not None else None
    if exercise is None or other is None:
        return ()
    looks = f"looks like {words(other).lower()}, but was analysed as {words(exercise).lower()}"
    return (f"{source}: {looks}. Choose that exercise, or let it be recognised",)


def _is_recording(source: Path) -> bool:
    return source.suffix.lower() == RECORDING_SUFFIX


def _known(exercise: str | None) -> dict[str, Exercise]:
    """The exercises to choose from. Taught ones are only looked for where they are asked for: none is recognised."""
    builtin = builtin_exercises()
    return builtin if exercise is None or exercise in builtin else builtin | TaughtExercises().load()


@contextmanager
def _open(source: Path, variant: Variant) -> Iterator[_Stream]:
    if _is_recording(source):
        recording = PoseRecording.load(source)
        yield _Stream(recording, len(recording), recording.fps, recording.size)
        return
    with (
        VideoFile(source) as video,
        PoseDetector(variant=variant, mode="video") as detector,
        # Closed before the detector: one that is freed while its thread looks for a body takes the process with it.
        closing(detect_poses(video, detector)) as found,
        closing(read_ahead(found)) as poses,  # so that the coach thinks while the next body is looked for
    ):
        yield _Stream(poses, video.expected_frames, video.fps, video.size, video, detector.bundle.sha256)
