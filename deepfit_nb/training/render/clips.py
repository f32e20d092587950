"""``deepfit render``: clips of strangers with their truth, as ``deepfit evaluate`` and ``deepfit train`` read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from deepfit_nb.kinematics.angles import TRIPLES
from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.camera import sample_view
from deepfit_nb.training.norms import FAULTS, in_turn, title
from deepfit_nb.training.render.character import Character
from deepfit_nb.training.render.film import Take, stage, watch
from deepfit_nb.training.synthesis import Truth, coached_view, random_script, set_script
from deepfit_nb.training.workers import run_all

#: Frames a second of the clips to learn from: half a webcam's, and half as much again as the classifier looks at.
TRAINING_FPS: Final = 12.5
#: Goes up when the same seed gives other clips: what was kept of the old ones is not used any more.
RENDER_VERSION: Final = 4
#: Of so many clips one shows nobody exercising.
_IDLE_OF: Final = 4


def render_strangers(
    folder: Path, count: int, *, seed: int = 0, fps: float = TRAINING_FPS, workers: int = 2
) -> list[Path]:
    """Clips ``0..count - 1`` of a seed, ``<class>__<seed>-<number>.npz``: anybody, anyhow, from anywhere.

    One in four shows nobody exercising. More clips later are the same clips and more.
    """
    paths = [folder / f"{_activity(index)}__{seed}-{index:04d}.npz" for index in range(count)]
    _render([_Job(path, _activity(index), None, (seed, index, 7), fps) for index, path in enumerate(paths)], workers)
    return paths


def render_sets(folder: Path, count: int, *, seed: int = 1, fps: float = 25.0, workers: int = 2) -> list[Path]:
    """Sets as people film them to be coached, ``<exercise>[-<fault>]__<seed>-<number>.npz``; half have a fault."""
    jobs = []
    for index in range(count):
        exercise, turn = EXERCISES[index % len(EXERCISES)], index // len(EXERCISES)
        faults = [fault for owner, fault in FAULTS if owner == exercise]
        fault = faults[turn // 2 % len(faults)] if turn % 2 else ""
        name = f"{title(exercise, fault)}__{seed}-{index:04d}.npz"
        jobs.append(_Job(folder / name, exercise, fault, (seed, index, 9), fps))
    _render(jobs, workers)
    return [job.path for job in jobs]


def render_brief_sets(folder: Path, count: int, *, seed: int = 0, workers: int = 2) -> list[Path]:
    """Sets of two or three reps, to learn form from: more people in the same time; `in_turn` says what each shows."""
    jobs = []
    for index in range(count):
        exercise, fault = in_turn(index)
        name = f"{title(exercise, fault)}__{seed}-{index:04d}.npz"
        jobs.append(_Job(folder / name, exercise, fault or "", (seed, index, 9), TRAINING_FPS, brief=True))
    _render(jobs, workers)
    return [job.path for job in jobs]


@dataclass(frozen=True, slots=True)
class _Job:
    """One clip: ``fault`` None makes a stranger's, "" a correct set."""

    path: Path
    activity: str
    fault: str | None
    seed: tuple[int, ...]
    fps: float
    brief: bool = False


def _render(jobs: Sequence[_Job], workers: int) -> None:
    """Make the clips that are not there yet: a run that was killed goes on where it was."""
    missing = [job for job in jobs if not job.path.with_suffix(".json").exists()]
    run_all(_render_one, missing, workers=workers, desc="rendered clips", unit="clip")


def _render_one(job: _Job) -> None:
    rng = np.random.default_rng(job.seed)
    if job.fault is None:
        take = stranger(rng, job.activity, fps=job.fps)
    else:
        take = coached(rng, job.activity, job.fault or None, fps=job.fps, brief=job.brief)
    recording = watch(take, rng)
    job.path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(job.path) as temporary:
        recording.save(temporary)
    # The truth is written last: it says that the clip is whole.
    with atomic_write(job.path.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(truth_of(job.activity, take.truth, job.fps)), encoding="utf-8")


def stranger(rng: np.random.Generator, activity: str, *, fps: float = TRAINING_FPS) -> Take:
    """Anybody doing ``activity`` (one of `CLASSES`) anyhow, from anywhere."""
    who = Character.sample(rng)
    script = random_script(rng, exercise=None if activity == NON_ACTIVITY else activity, brief=True)
    return stage(rng, who, script, sample_view(rng), fps=fps, turning=True)


def coached(
    rng: np.random.Generator, exercise: str, fault: str | None, *, fps: float = 25.0, brief: bool = False
) -> Take:
    """Somebody filming a set to be coached: correct, or with one fault."""
    who = Character.sample(rng)
    script = set_script(rng, exercise, fault, brief=brief)
    return stage(rng, who, script, coached_view(rng, script, exercise, fault), fps=fps)


def _activity(index: int) -> str:
    if index % _IDLE_OF == _IDLE_OF - 1:
        return NON_ACTIVITY
    return EXERCISES[(index - index // _IDLE_OF) % len(EXERCISES)]


def truth_of(activity: str, truth: Truth, fps: float) -> dict[str, Any]:
    """The truth of a clip as JSON: the set, the camera, and the angles of every frame."""
    done = truth.sets[0] if truth.sets else None
    names = [f"{name.rsplit('_', 1)[0]}_{name.rsplit('_', 1)[1][0]}" for name in TRIPLES]
    style = dict(done.style.values) if done else {}
    return {
        "exercise": activity,
        "reps": done.reps if done else 0,
        "fault": done.fault if done else None,
        "style": {key: value if isinstance(value, (str, bool)) else round(value, 3) for key, value in style.items()},
        "fps": fps,
        "azimuth_deg": round(truth.view.azimuth_deg, 1),
        "rep_edges_s": [round(edge, 3) for edge in done.rep_edges_s] if done else [],
        "frames": [
            {
                "label": CLASSES[truth.label[frame]],
                "rep": int(truth.rep[frame]),
                "phase": round(float(truth.phase[frame]), 3),
                "angles": dict(zip(names, np.round(truth.angles[frame, : len(names)], 1).tolist(), strict=True)),
            }
            for frame in range(len(truth.label))
        ],
    }
