"""``deepfit train --data mm-fit``: both classifiers on MM-Fit, tested on one of its splits."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from deepfit_nb.errors import MediaError
from deepfit_nb.recognition import CLASSES, EXERCISES, NON_ACTIVITY, FrameClassifier, SequenceClassifier
from deepfit_nb.recognition.window import SPAN_S, windows
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.dataset import WindowSet, frame_vectors
from deepfit_nb.training.fitting import train_frame, train_sequence
from deepfit_nb.training.metrics import confusion, wilson_interval
from deepfit_nb.training.mmfit import SPLITS, Workout, load_workout, require_workouts
from deepfit_nb.training.plan import Plan
from deepfit_nb.training.shards import read_shard, write_shard

#: Frames handled at a time: ten minutes of poses are some 15 MB.
_STRETCH = 18_000
_EVERY_S = 0.4
#: Of the idle windows, which outnumber all others, this share is learnt from.
_IDLE_SHARE = 0.3
#: Windows of which less than this share is known, since frames hold NaN, would teach that nothing is an exercise.
_LEAST_SEEN = 0.5


def train_mmfit(data: Path, split: str, out: Path, work: Path, plan: Plan | None = None) -> dict[str, Any]:
    """Train on a split's training workouts, export to ``out``, test; returns the figures, also in ``mmfit.json``."""
    require_workouts(data, split)
    train, validation, test = SPLITS[split]
    # Opening all of them first finds what is missing before an hour has gone by.
    for name in (*train, *validation, *test):
        load_workout(data, name)
    plan = plan or Plan(epochs=30, rendered=0, second=None)
    folder = work_folder(work, data, split, plan)
    folder.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    shards = {
        name: _shard(data, name, folder, plan.seed)
        for name in tqdm((*train, *validation, *test), desc="MM-Fit", disable=None)
    }
    frames = [_frames(load_workout(data, name), plan.seed) for name in train]
    figures: dict[str, Any] = {"split": split, "plan": asdict(plan)}
    figures["frame"] = train_frame(
        out, plan, (np.concatenate([x for x, _ in frames]), np.concatenate([y for _, y in frames]))
    )
    held = WindowSet.join([read_shard(shards[name]) for name in validation])
    batch = min(plan.batch, *(len(read_shard(shards[name])) for name in train))
    figures["sequence"] = train_sequence(
        out, folder, [shards[name] for name in train], held, replace(plan, batch=batch)
    )
    figures["test"] = _test(data, test, shards, out, plan.seed)
    with atomic_write(out / "mmfit.json") as temporary:
        temporary.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder)
    return figures


def work_folder(work: Path, data: Path, split: str, plan: Plan) -> Path:
    """Where windows and checkpoints are kept: another folder once labels were mended or poses fetched anew.

    Labels are small and read; of poses, which are large, size and time of change tell.
    """
    known: list[object] = [str(data.resolve()), split, asdict(plan)]
    for name in sorted({name for part in SPLITS[split] for name in part}):
        poses = [(data / name / f"{name}_pose_{kind}.npy").stat() for kind in ("2d", "3d")]
        known += [(file.st_size, file.st_mtime_ns) for file in poses]
        known.append((data / name / f"{name}_labels.csv").read_bytes().hex())
    return work / f"mmfit-{hashlib.sha256(json.dumps(known).encode()).hexdigest()[:12]}"


def workout_windows(workout: Workout, seed: int) -> WindowSet:
    """Labelled windows of a workout, one each 0.4 s; those in which an exercise has only just begun are left out."""
    rng = np.random.default_rng([seed, int(workout.name[1:])])
    labels = workout.labels()
    parts, looked_at = [], 0
    for start in range(0, len(workout.frames), _STRETCH):
        part = slice(start, start + _STRETCH)
        times, names = workout.time_s[part], labels[part]
        image, world, ok = workout.landmarks(part)
        ends = np.arange(times[0] + SPAN_S, times[-1], _EVERY_S)
        last = np.searchsorted(times, ends)
        label = names[last]
        settled = label == names[np.searchsorted(times, ends - 0.8)]
        keep = settled & ((label != NON_ACTIVITY) | (rng.random(len(ends)) < _IDLE_SHARE))
        looked_at += int(keep.sum())
        if keep.any() and ok.any():
            x = windows(times, image, world, ok, ends[keep])
            y = np.array([CLASSES.index(str(name)) for name in label[keep]], np.intp)
            seen = x[..., 0, -1].mean(1) >= _LEAST_SEEN
            parts.append(WindowSet(x[seen], y[seen]))
    if not looked_at:
        raise MediaError(f"{workout.name}: too short for a single window of {SPAN_S:.1f} s")
    if not any(len(part) for part in parts):
        raise MediaError(f"{workout.name}: in every window of {SPAN_S:.1f} s most frames hold NaN; download it again")
    return WindowSet.join(parts)


def _shard(data: Path, name: str, folder: Path, seed: int) -> Path:
    path = folder / f"{name}.npz"
    if not path.exists():
        write_shard(path, workout_windows(load_workout(data, name), seed))
    return path


def _frames(workout: Workout, seed: int, most: int = 20_000) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Normalised vectors and exercises of labelled frames of a workout, at most ``most``."""
    labels = workout.labels()
    vectors, classes = [], []
    for start in range(0, len(labels), _STRETCH):
        part = slice(start, start + _STRETCH)
        image, _, ok = workout.landmarks(part)
        rows = np.flatnonzero(ok & (labels[part] != NON_ACTIVITY))
        vectors.append(frame_vectors(image[rows]))
        classes.append(np.array([EXERCISES.index(str(name)) for name in labels[part][rows]], np.intp))
    x, y = np.concatenate(vectors), np.concatenate(classes)
    chosen = np.random.default_rng(seed).permutation(len(y))[:most]
    return x[chosen], y[chosen]


def _test(data: Path, names: tuple[str, ...], shards: dict[str, Path], out: Path, seed: int) -> dict[str, Any]:
    sequence = SequenceClassifier(out / "sequence_classifier.tflite")
    frame = FrameClassifier(out / "frame_classifier.tflite")
    held = WindowSet.join([read_shard(shards[name]) for name in names])
    said = np.array([sequence.probabilities(x).argmax() for x in held.x], np.intp)
    parts = [_frames(load_workout(data, name), seed, most=2_000) for name in names]
    x, y = np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])
    named = np.array([frame.probabilities(vector).argmax() for vector in x], np.intp)
    return {
        "workouts": list(names),
        "sequence": confusion(held.y, said, len(CLASSES)).tolist(),
        "frame": confusion(y, named, len(EXERCISES)).tolist(),
    }


def report(figures: dict[str, Any]) -> str:
    """Share right of each class on the test workouts, with 95 % intervals."""
    lines = [f"MM-Fit, split {figures['split']}, tested on {', '.join(figures['test']['workouts'])}"]
    for kind in ("sequence", "frame"):
        table = np.array(figures["test"][kind])
        lines.append(f"{kind} classifier: {np.trace(table) / table.sum():.3f} right")
        for index, row in enumerate(table):
            if row.sum():
                low, high = wilson_interval(int(row[index]), int(row.sum()))
                lines.append(
                    f"  {CLASSES[index]:<25} {row[index] / row.sum():.3f}  [{low:.3f}, {high:.3f}]  of {row.sum()}"
                )
    return "\n".join(lines)
