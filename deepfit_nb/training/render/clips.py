"""``deepfit render``: clips of strangers with their truth, as ``deepfit evaluate`` and ``deepfit train`` read them."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from deepfit_nb.kinematics.angles import TRIPLES
from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.render.film import film
from deepfit_nb.training.synthesis import Truth

#: Frames a second of the clips: half a webcam's, twice what the sequence classifier looks at.
FPS: Final = 12.5
#: Of so many clips one shows nobody exercising.
_IDLE_OF: Final = 6


def render(folder: Path, count: int, *, seed: int = 0, fps: float = FPS, workers: int = 2) -> list[Path]:
    """Make clips ``0..count - 1`` of a seed, as ``<class>__<seed>-<number>.npz`` with ``.json`` beside.

    Those already there are kept: a run that was killed goes on where it was. The order of classes is fixed, so more
    clips later are the same clips and more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{_activity(index)}__{seed}-{index:04d}.npz" for index in range(count)]
    missing = [(index, path) for index, path in enumerate(paths) if not path.with_suffix(".json").exists()]
    # MediaPipe and OpenGL keep state in the process: each worker is a new one.
    with (
        ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool,
        tqdm(total=len(missing), desc="rendered clips", unit="clip", disable=None) as progress,
    ):
        jobs = [pool.submit(partial(_render_one, path, index, seed, fps)) for index, path in missing]
        for job in as_completed(jobs):
            job.result()
            progress.update()
    return paths


def _activity(index: int) -> str:
    place = index % _IDLE_OF
    if place == _IDLE_OF - 1:
        return NON_ACTIVITY
    return EXERCISES[(index - index // _IDLE_OF) % len(EXERCISES)]


def _render_one(path: Path, index: int, seed: int, fps: float) -> None:
    activity = _activity(index)
    rng = np.random.default_rng([seed, index, 7])
    recording, truth = film(rng, exercise=None if activity == NON_ACTIVITY else activity, fps=fps)
    with atomic_write(path) as temporary:
        recording.save(temporary)
    # The truth is written last: it says that the clip is whole.
    with atomic_write(path.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(truth_of(activity, truth, fps)), encoding="utf-8")


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
