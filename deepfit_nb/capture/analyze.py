"""Analysis of one source, a video file or a pose recording: the coach is run over it as it is run live."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from deepfit_nb import __version__
from deepfit_nb.capture.opening import open_source
from deepfit_nb.capture.sources import RECORDING_SUFFIX, is_recording
from deepfit_nb.coaching import Coach, Exercise, FrameReport, WorkoutSet, builtin_exercises
from deepfit_nb.coaching.hindsight import angles_in_hindsight, other_exercise
from deepfit_nb.errors import MediaError
from deepfit_nb.pose import Pose, PoseRecording
from deepfit_nb.pose.bundle import Variant
from deepfit_nb.recognition.sequence import SequenceRecogniser
from deepfit_nb.recognition.window import LONGEST_GAP_S
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.storage.frames import frame_table, save_frames
from deepfit_nb.storage.session import Provenance, Session
from deepfit_nb.storage.taught import TaughtExercises
from deepfit_nb.wording import words

#: Called after each frame with the number of frames done and the number expected (0: unknown).
OnFrame = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Analysis:
    """All that is known about one source after its last frame.

    ``given`` is the exercise that was asked for, ``exercises`` are the definitions that the coach followed, ``damage``
    is what is wrong with the file.
    """

    source: Path
    recording: PoseRecording
    reports: tuple[FrameReport, ...]
    sets: tuple[WorkoutSet, ...]
    provenance: Provenance
    elapsed_s: float
    exercises: Mapping[str, Exercise]
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
        return angles_in_hindsight(self.reports, self.sets)

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

    def coached_as(self, exercise: str | None, *, on_frame: OnFrame | None = None) -> Analysis:
        """The same poses coached anew as another exercise (None: recognise it), as `analyze` of the source would.

        Bodies are not looked for again, which is nearly all of the work. Raises `ExerciseError` as `analyze` does.
        """
        exercises, started = _definitions(exercise), perf_counter()
        coach = Coach(exercise, SequenceRecogniser(), exercises)
        reports = _coached(coach, self.recording, len(self.recording), on_frame)
        return replace(
            self,
            reports=reports,
            sets=coach.finish(),
            elapsed_s=perf_counter() - started,
            exercises=exercises,
            given=exercise,
        )

    def save(self, folder: Path, stem: str, *, recording: bool = False) -> None:
        """Write ``<stem>.frames.parquet``, ``<stem>.session.json`` and, if asked, the poses as ``<stem>.npz``.

        Each file appears whole or not at all, and the session file last: where it is, the others are. The poses of a
        recording are not written again: it may hold more than they, and may itself be ``<stem>.npz``.
        """
        if recording and not is_recording(self.source):
            with atomic_write(folder / f"{stem}{RECORDING_SUFFIX}") as temporary:
                self.recording.save(temporary)
        save_frames(frame_table(self.reports, self.sets), folder / f"{stem}.frames.parquet")
        self.session.save(folder / f"{stem}.session.json")


def analyze(
    source: str | Path,
    *,
    exercise: str | None = None,
    variant: Variant = "full",
    on_frame: OnFrame | None = None,
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
        See `OnFrame`.

    Raises
    ------
    ExerciseError
        If there is no such exercise.
    MediaError
        If the source cannot be read or holds no frame at all, or its name is no text. A clip in which nobody is seen is
        not an error here: `Analysis.detected` is 0.
    """
    source, recogniser = Path(source), SequenceRecogniser()
    exercises = _definitions(exercise)
    coach = Coach(exercise, recogniser, exercises)
    started = perf_counter()
    poses: list[tuple[float, Pose | None]] = []
    with open_source(source, variant) as stream:
        reports = _coached(coach, _noted(stream.frames, poses), stream.expected_frames, on_frame)
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
        reports=reports,
        sets=coach.finish(),
        provenance=Provenance(
            deepfit_nb=__version__,
            mediapipe=version("mediapipe") if stream.video else None,
            pose_model_sha256=stream.pose_model_sha256,
            classifier_sha256=recogniser.sha256,
        ),
        elapsed_s=perf_counter() - started,
        exercises=exercises,
        given=exercise,
        damage=stream.damage,
    )


def _definitions(exercise: str | None) -> dict[str, Exercise]:
    """Taught exercises are only looked for where one is asked for: none is recognised."""
    exercises = builtin_exercises()
    return exercises if exercise is None or exercise in exercises else exercises | TaughtExercises().load()


def _coached(
    coach: Coach, poses: Iterable[tuple[float, Pose | None]], expected_frames: int, on_frame: OnFrame | None
) -> tuple[FrameReport, ...]:
    reports = []
    for time_s, pose in poses:
        reports.append(coach.update(pose, time_s=time_s))
        if on_frame:
            on_frame(len(reports), expected_frames)
    return tuple(reports)


def _noted(
    poses: Iterable[tuple[float, Pose | None]], book: list[tuple[float, Pose | None]]
) -> Iterable[tuple[float, Pose | None]]:
    """As they were found: those of the coach's reports have their sides put right."""
    for one in poses:
        book.append(one)
        yield one


def _doubts(source: Path, exercise: str | None, reports: Sequence[FrameReport]) -> tuple[str, ...]:
    """What speaks against the exercise that was given, or keeps it from being recognised."""
    if exercise is None:
        apart_s = _apart_s(reports)
        if apart_s <= LONGEST_GAP_S:
            return ()
        few = f"{1 / apart_s:.2g} frames a second are too few to recognise an exercise by"
        return (f"{source}: {few}. Use a clip of at least 3 a second, or say which exercise it is",)
    other = other_exercise(reports, exercise)
    if other is None:
        return ()
    looks = f"looks like {words(other).lower()}, but was analysed as {words(exercise).lower()}"
    return (f"{source}: {looks}. Choose that exercise, or let it be recognised",)


def _apart_s(reports: Sequence[FrameReport]) -> float:
    """From one frame to the next, mostly; 0 where there is nobody in them, or no next one."""
    between = np.diff([report.time_s for report in reports])
    return float(np.median(between)) if len(between) and any(report.pose for report in reports) else 0.0
