"""Labelled training data out of synthetic recordings: windows for the sequence classifier, frames for the frame one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.normalise import normalise, to_vector
from deepfit_nb.pose import PoseRecording
from deepfit_nb.pose.keypoints import to_mmfit
from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY
from deepfit_nb.recognition.window import SPAN_S, STEP_S, windows
from deepfit_nb.training.idle import sample_hold, sample_idle
from deepfit_nb.training.synthesis import random_recording

_IDLE: Final = CLASSES.index(NON_ACTIVITY)
#: A window is labelled with the exercise from this long after its first rep began; before, nobody could tell.
_TELLS_AFTER_S: Final = 0.8
#: From the end of the last rep, for this long either answer is right; after it, only ``non_activity``.
_LINGERS_S: Final = 1.6
#: Seconds of a stream that must have been seen before a window is worth judging.
_LEAST_SEEN_S: Final = 0.55


@dataclass(frozen=True, slots=True)
class Rest:
    """What a network is told of rest.

    ``idle`` is the share of recordings in which nobody exercises at all, ``held`` of those in which somebody keeps the
    poses of exercises. A set in which less of a rep than ``least_moved`` is to be seen has no label: it looks like a
    pose that is held, and two names for what looks alike teach a network nothing. The defaults are those of the data
    that networks are tested on.
    """

    idle: float = 1 / 5
    held: float = 1 / 12
    least_moved: float = 0.2


_REST: Final = Rest()


@dataclass(frozen=True, slots=True, eq=False)
class WindowSet:
    """``x`` (N, FRAMES, 17, channels) float32, ``y`` (N,) index into `CLASSES`."""

    x: NDArray[np.float32]
    y: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.y)

    @staticmethod
    def join(parts: list[WindowSet]) -> WindowSet:
        return WindowSet(np.concatenate([p.x for p in parts]), np.concatenate([p.y for p in parts]))


class Done(Protocol):
    """A set as it was done, for its label: `TrueSet` is one."""

    @property
    def exercise(self) -> str: ...

    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _Done:
    exercise: str
    start_s: float
    end_s: float


def window_labels(sets: Sequence[Done], ends_s: NDArray[np.float64]) -> NDArray[np.intp]:
    """What is being done at each instant: index into `CLASSES`, or -1 where two answers are defensible."""
    labels = np.full(len(ends_s), _IDLE, np.intp)
    for done in sets:
        begun, ended = ends_s - done.start_s, ends_s - done.end_s
        labels[(begun > -0.3) & (ended < _LINGERS_S)] = -1
        labels[(begun >= _TELLS_AFTER_S) & (ended <= 0.3)] = CLASSES.index(done.exercise)
    return labels


def windows_of(
    recording: PoseRecording,
    sets: Sequence[Done],
    phase: NDArray[np.float64],
    rng: np.random.Generator,
    every_s: float = 0.8,
    least_moved: float = _REST.least_moved,
) -> WindowSet:
    """Windows of one recording, about one each ``every_s``; a third of them with the stream begun only just before.

    ``phase`` (T,) says how far through its rep the body is in each frame: where a set moves by less than
    ``least_moved`` of a rep, there is no label.
    """
    times = recording.time_s
    ends = np.arange(times[0] + _LEAST_SEEN_S, times[-1], every_s)
    ends = ends + rng.uniform(0, every_s, len(ends))
    ends = ends[ends <= times[-1]]
    starts = np.where(rng.random(len(ends)) < 0.33, ends - rng.uniform(_LEAST_SEEN_S, 0.8 * SPAN_S, len(ends)), -np.inf)
    labels = window_labels(sets, ends)
    labels[(labels != _IDLE) & (_moved(times, phase, np.maximum(starts, ends - SPAN_S), ends) < least_moved)] = -1
    # The present frame is never ahead of the window: a live stream has no later frame to interpolate to.
    x = windows(times, recording.image, recording.world, recording.ok, ends, starts)
    seen = x[..., 0, -1].sum(1) * STEP_S >= _LEAST_SEEN_S - 0.1
    keep = (labels >= 0) & seen
    return WindowSet(x[keep], labels[keep])


def _moved(
    time_s: NDArray[np.float64],
    phase: NDArray[np.float64],
    starts_s: NDArray[np.float64],
    ends_s: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How much of a rep is seen from each start to each end."""
    first, last = np.searchsorted(time_s, starts_s), np.searchsorted(time_s, ends_s, side="right")
    return np.array([np.ptp(phase[a:b]) if b > a else 0.0 for a, b in zip(first, last, strict=True)])


def synthetic_windows(
    count: int,
    seed: int,
    rest: Rest = _REST,
    *,
    without: tuple[str, ...] = (),
    azimuths: tuple[float, ...] | None = None,
) -> WindowSet:
    """About ``count`` windows of strangers: every exercise alike often, and, by default, two in five of nothing.

    Recordings of sets have idle windows too.
    """
    rng = np.random.default_rng([seed, 3])
    parts: list[WindowSet] = []
    total = 0
    while total < count:
        kind = rng.random()
        name = None if kind < rest.idle + rest.held else EXERCISES[int(rng.integers(len(EXERCISES)))]
        azimuth = None if azimuths is None else float(rng.choice(azimuths) + rng.uniform(-15, 15))
        resting = sample_hold if kind < rest.held else sample_idle
        recording, truth = random_recording(rng, exercise=name, without=without, azimuth_deg=azimuth, rest=resting)
        part = windows_of(recording, truth.sets, truth.phase, rng, least_moved=rest.least_moved)
        parts.append(part)
        total += len(part)
    data = WindowSet.join(parts)
    order = rng.permutation(len(data))
    return WindowSet(data.x[order], data.y[order])


def rendered_windows(paths: Sequence[Path], seed: int, least_moved: float = _REST.least_moved) -> WindowSet:
    """Windows of clips that `deepfit_nb.training.render` made, each clip as it is and twice at another tempo."""
    rng = np.random.default_rng([seed, 8])
    parts: list[WindowSet] = []
    for path in paths:
        recording = PoseRecording.load(path)
        truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
        if not recording.ok.any():
            continue
        phase = np.array([frame["phase"] for frame in truth["frames"]])
        for slower in (1.0, rng.uniform(0.5, 1.0), rng.uniform(1.0, 1.6)):
            edges = [edge * slower for edge in truth["rep_edges_s"]]
            sets = [_Done(truth["exercise"], edges[0], edges[-1])] if edges else []
            played = replace(recording, time_s=recording.time_s * slower)
            parts.append(windows_of(played, sets, phase, rng, every_s=0.3, least_moved=least_moved))
    data = WindowSet.join(parts)
    order = rng.permutation(len(data))
    return WindowSet(data.x[order], data.y[order])


def synthetic_shard(windows: int, seed: int, rest: Rest, index: int) -> WindowSet:
    """Shard ``index`` of about ``windows`` windows; here, so that a worker that makes it needs no TensorFlow."""
    return synthetic_windows(windows, seed + index, rest)


def rendered_shard(groups: Sequence[Sequence[Path]], least_moved: float, index: int) -> WindowSet:
    """The windows of one group of clips."""
    return rendered_windows(groups[index], index, least_moved)


def rendered_frames(paths: Sequence[Path]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Single frames of exercises of rendered clips, as `synthetic_frames` has them: one in three."""
    vectors: list[NDArray[np.float32]] = []
    labels: list[NDArray[np.intp]] = []
    for path in paths:
        recording = PoseRecording.load(path)
        names = [frame["label"] for frame in json.loads(path.with_suffix(".json").read_text("utf-8"))["frames"]]
        label = np.array([CLASSES.index(name) for name in names], np.intp)
        chosen = np.flatnonzero((label != _IDLE) & recording.ok)[::3]
        vectors.append(frame_vectors(recording.image[chosen]))
        labels.append(label[chosen])
    return np.concatenate(vectors), np.concatenate(labels)


def synthetic_frames(
    count: int, seed: int, *, without: tuple[str, ...] = ()
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """About ``count`` single frames of exercises: normalised vectors (N, 36), and indices into `EXERCISES` (N,)."""
    rng = np.random.default_rng([seed, 4])
    vectors: list[NDArray[np.float32]] = []
    labels: list[NDArray[np.intp]] = []
    total = 0
    while total < count:
        exercise = EXERCISES[int(rng.integers(len(EXERCISES)))]
        recording, truth = random_recording(rng, exercise=exercise, without=without)
        usable = np.flatnonzero((truth.label != _IDLE) & recording.ok)
        # Neighbouring frames are almost the same: twenty of a set say as much as all.
        chosen = rng.permutation(usable)[:20]
        vectors.append(frame_vectors(recording.image[chosen]))
        labels.append(truth.label[chosen])
        total += len(chosen)
    order = rng.permutation(total)
    return np.concatenate(vectors)[order], np.concatenate(labels)[order]


def frame_vectors(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """The frame classifier's normalised inputs (T, 36) from landmarks (T, 33, 4)."""
    return to_vector(normalise(to_mmfit(image[..., :2]))).astype(np.float32)
