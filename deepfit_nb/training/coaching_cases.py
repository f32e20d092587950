"""Recordings whose reps are known: what the coach is measured on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import platformdirs
import polars as pl
from numpy.typing import NDArray

from deepfit_nb.capture.detect import detect_poses
from deepfit_nb.capture.video import VideoFile
from deepfit_nb.errors import MediaError
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.pose import PoseRecording
from deepfit_nb.pose.bundle import ensure_bundle
from deepfit_nb.pose.detector import PoseDetector
from deepfit_nb.recognition import EXERCISES, NON_ACTIVITY
from deepfit_nb.training.camera import View, sample_view
from deepfit_nb.training.clip_files import (
    ClipTruth,
    SetTruth,
    load_recording,
    media_in,
    named_activity,
    read_truth,
)
from deepfit_nb.training.imitated_detector import ImitatedDetector
from deepfit_nb.training.norms import FAULTS, title
from deepfit_nb.training.synthesis import Truth, make_recording, make_workout


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A set as it was done.

    ``edges_s`` has one value more than there are reps, or none where only their number is known. As many of the reps as
    ``unseen`` says cannot be asked for, since most of their time is missing from the recording.
    """

    exercise: str
    reps: int
    edges_s: tuple[float, ...] = ()
    fault: str | None = None
    unseen: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A recording and what is known about it.

    ``sets`` is empty where nothing is exercised. ``azimuth_deg`` is NaN, and ``angles`` (T, 9) None or NaN, where
    they are not known.
    """

    name: str
    recording: PoseRecording
    sets: tuple[KnownSet, ...]
    azimuth_deg: float = np.nan
    angles: NDArray[np.float64] | None = None


def clip_cases(folder: Path) -> Iterator[Case]:
    """Clips of a folder with their truth (``.json`` beside ``.npz`` or ``.mp4``), in order of name."""
    truths = {path.with_suffix(".json"): path for path in media_in(folder).values()}
    truths = {truth: path for truth, path in truths.items() if truth.is_file()}
    if not truths:
        raise MediaError(f"{folder}: holds no clip with its truth (NAME.json beside NAME.mp4 or NAME.npz)")
    # All truths are read before the first video is, which takes long.
    known = [(path, truth := read_truth(beside), _sets(truth, beside)) for beside, path in truths.items()]
    for path, truth, sets in known:
        recording = load_recording(path) if path.suffix.lower() == ".npz" else _detected(path)
        yield Case(path.stem, recording, sets, truth.azimuth_deg, _angles(truth, len(recording)))


def real_cases(folder: Path) -> Iterator[Case]:
    """Recordings listed in a folder's ``real.tsv`` whose number of reps is known, or where nothing is exercised."""
    path = folder / "real.tsv"
    try:
        rows = pl.read_csv(path, separator="\t").select("file", "exercise", pl.col("reps").cast(pl.Int64)).rows()
    except OSError as error:
        raise MediaError(
            f"{path}: cannot be read; it names the recordings of its folder, their exercise and reps"
        ) from error
    except pl.exceptions.PolarsError as error:
        raise MediaError(f"{path}: needs the columns file, exercise and reps, parted by tabs ({error})") from error
    for file, exercise, reps in rows:
        idle = exercise not in EXERCISES
        if idle or reps is not None:
            sets = () if idle else (KnownSet(exercise, reps),)
            yield Case(Path(file).stem, load_recording(folder / file), sets)


def synthetic_sets(azimuths_deg: tuple[float, ...], seed: int = 0) -> Iterator[Case]:
    """A textbook set of every exercise, and one with each of its faults, from each azimuth."""
    kinds: list[tuple[str, str | None]] = [*((exercise, None) for exercise in EXERCISES), *FAULTS]
    for exercise, fault in sorted(kinds, key=lambda kind: (kind[0], kind[1] or "")):
        for azimuth in azimuths_deg:
            view = View(azimuth_deg=azimuth)
            recording, truth = make_recording(exercise, reps=5, seed=seed, fault=fault, view=view)
            yield synthetic_case(f"{title(exercise, fault)}@{azimuth:g}", recording, truth)


def synthetic_workouts(count: int, seed: int = 0) -> Iterator[Case]:
    """Workouts of all ten exercises in random order with rests, each by another person before another camera."""
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        order = rng.permutation(EXERCISES).tolist()
        azimuth = float(rng.uniform(-75, 75))
        view = replace(sample_view(rng, azimuth_deg=azimuth), fill=0.8, offset=(0.0, 0.0))
        recording, truth = make_workout(
            order, reps=6, seed=1000 * seed + index, view=view, detector=ImitatedDetector.sample(rng), varied=True
        )
        yield synthetic_case(f"workout-{index}", recording, truth)


def synthetic_case(name: str, recording: PoseRecording, truth: Truth) -> Case:
    """A synthetic recording and its truth as a case."""
    sets = tuple(KnownSet(done.exercise, done.reps, done.rep_edges_s, done.fault) for done in truth.sets)
    return Case(name, recording, sets, truth.view.azimuth_deg, truth.angles)


def _detected(video: Path) -> PoseRecording:
    """Poses of a video from the detector, kept in the user's cache for as long as neither changes."""
    key = hashlib.sha256(video.read_bytes()).hexdigest()[:16] + "-" + ensure_bundle("full").sha256[:16]
    cached = platformdirs.user_cache_path("deepfit-nb", ensure_exists=True) / "evaluation" / f"{key}.npz"
    if cached.is_file():
        return PoseRecording.load(cached)
    with VideoFile(video) as file, PoseDetector(variant="full", mode="video") as detector:
        recording = PoseRecording.from_poses(detect_poses(file, detector), fps=file.fps, size=file.size)
    cached.parent.mkdir(exist_ok=True)
    recording.save(cached)
    return recording


def _sets(truth: ClipTruth, path: Path) -> tuple[KnownSet, ...]:
    if truth.sets is not None:
        return tuple(_known(one.exercise, one, path) for one in truth.sets)
    exercise = truth.exercise or named_activity(path.stem)
    if exercise is None:
        raise MediaError(f"{path}: exercise: is missing, and the clip's name does not begin with one")
    return () if exercise == NON_ACTIVITY or truth.count == 0 else (_known(exercise, truth, path),)


def _known(exercise: str, truth: ClipTruth | SetTruth, path: Path) -> KnownSet:
    if exercise not in EXERCISES:
        raise MediaError(f"{path}: exercise: a set of {exercise} has no reps that could be counted")
    if truth.count is None:
        raise MediaError(f"{path}: reps: is missing, and so is rep_edges_s; without either nothing can be compared")
    return KnownSet(exercise, truth.count, truth.rep_edges_s, truth.fault)


def _angles(truth: ClipTruth, count: int) -> NDArray[np.float64]:
    """(T, 9) degrees in the order of `ANGLES`; the clips call the left knee ``knee_l``."""
    keys = [name.replace("_left", "_l").replace("_right", "_r") for name in ANGLES]
    angles = np.full((count, len(ANGLES)), np.nan)
    for row, frame in zip(angles, truth.frames, strict=False):
        known = {"trunk_lean": frame.trunk_lean} | frame.angles
        row[:] = [np.nan if (value := known.get(key)) is None else value for key in keys]
    return angles
