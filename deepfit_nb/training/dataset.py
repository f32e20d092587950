"""Labelled training data out of synthetic recordings: windows for the sequence classifier, frames for the frame one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.normalise import normalise, to_vector
from deepfit_nb.pose import PoseRecording
from deepfit_nb.pose.keypoints import to_mmfit
from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY
from deepfit_nb.recognition.window import SPAN_S, STEP_S, windows
from deepfit_nb.training.synthesis import Truth, random_recording

_IDLE: Final = CLASSES.index(NON_ACTIVITY)
#: A window is labelled with the exercise from this long after its first rep began; before, nobody could tell.
_TELLS_AFTER_S: Final = 0.8
#: From the end of the last rep, for this long either answer is right; after it, only ``non_activity``.
_LINGERS_S: Final = 1.6
#: Seconds of a stream that must have been seen before a window is worth judging.
_LEAST_SEEN_S: Final = 0.8


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


def window_labels(truth: Truth, ends_s: NDArray[np.float64]) -> NDArray[np.intp]:
    """What is being done at each instant: index into `CLASSES`, or -1 where two answers are defensible."""
    labels = np.full(len(ends_s), _IDLE, np.intp)
    for done in truth.sets:
        begun, ended = ends_s - done.start_s, ends_s - done.end_s
        labels[(begun > -0.3) & (ended < _LINGERS_S)] = -1
        labels[(begun >= _TELLS_AFTER_S) & (ended <= 0.3)] = CLASSES.index(done.exercise)
    return labels


def windows_of(recording: PoseRecording, truth: Truth, rng: np.random.Generator, every_s: float = 0.8) -> WindowSet:
    """Windows of one recording, about one each ``every_s``; a third of them with the stream begun only just before."""
    times = recording.time_s
    ends = np.arange(times[0] + _LEAST_SEEN_S, times[-1], every_s)
    ends = ends + rng.uniform(0, every_s, len(ends))
    ends = ends[ends <= times[-1]]
    starts = np.where(rng.random(len(ends)) < 0.33, ends - rng.uniform(_LEAST_SEEN_S, SPAN_S, len(ends)), -np.inf)
    labels = window_labels(truth, ends)
    # The present frame is never ahead of the window: a live stream has no later frame to interpolate to.
    x = windows(times, recording.image, recording.world, recording.ok, ends, starts)
    seen = x[..., 0, -1].sum(1) * STEP_S >= _LEAST_SEEN_S - 0.2
    keep = (labels >= 0) & seen
    return WindowSet(x[keep], labels[keep])


def synthetic_windows(
    count: int, seed: int, *, without: tuple[str, ...] = (), azimuths: tuple[float, ...] | None = None
) -> WindowSet:
    """About ``count`` windows of strangers: every exercise alike often, and a third of nothing."""
    rng = np.random.default_rng([seed, 3])
    parts: list[WindowSet] = []
    total = 0
    while total < count:
        # Recordings of a set hold idle windows too; one in eight holds nothing else.
        name = None if rng.random() < 1 / 8 else EXERCISES[int(rng.integers(len(EXERCISES)))]
        azimuth = None if azimuths is None else float(rng.choice(azimuths) + rng.uniform(-15, 15))
        recording, truth = random_recording(rng, exercise=name, without=without, azimuth_deg=azimuth)
        part = windows_of(recording, truth, rng)
        parts.append(part)
        total += len(part)
    data = WindowSet.join(parts)
    order = rng.permutation(len(data))
    return WindowSet(data.x[order], data.y[order])


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
