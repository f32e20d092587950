"""Clips to evaluate on: pose recordings or videos of known exercises, with the truth beside them where there is any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from deepfit_nb.capture.analyze import analyze
from deepfit_nb.errors import MediaError
from deepfit_nb.pose import PoseRecording
from deepfit_nb.recognition.classes import CLASSES

#: A recogniser is given this long from the first rep (or the start of the clip) before its answers count.
GRACE_S = 2.0


@dataclass(frozen=True, eq=False)
class Clip:
    """One clip of one activity. ``edges_s``: start of the first rep to end of the last, where known."""

    name: str
    activity: str
    recording: PoseRecording
    edges_s: tuple[float, float] | None

    @property
    def scored(self) -> NDArray[np.bool_]:
        """(T,) the frames on which an answer counts.

        From two seconds after the first rep began to the end of the last; without known reps, from two seconds after
        the start; of clips that are over by then, the last two fifths.
        """
        since = self.recording.time_s - self.recording.time_s[0]
        if self.edges_s is not None:
            return (since >= self.edges_s[0] + GRACE_S) & (since <= self.edges_s[1])
        return since >= (GRACE_S if since[-1] > GRACE_S + 0.25 else 0.6 * since[-1])


def find_clips(folder: Path) -> Iterator[Clip]:
    """All clips of a folder whose names begin with a class (``squats__x.npz``, ``squats-shallow.mp4`` …).

    A ``.json`` of the same name may hold the truth: ``exercise`` and ``rep_edges_s``. Poses are looked for in videos.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".npz", ".mp4"))
    named = {path.stem: path for path in sorted(paths, key=lambda path: path.suffix == ".npz")}
    if not any(_activity(stem) for stem in named):
        raise MediaError(f"{folder}: holds no .npz or .mp4 named after a class, such as squats__me.npz")
    for stem, path in tqdm(named.items(), desc=folder.name, unit="clip", disable=None):
        activity = _activity(stem)
        if activity is None:
            continue
        truth = json.loads(path.with_suffix(".json").read_text()) if path.with_suffix(".json").exists() else {}
        edges = truth.get("rep_edges_s") or None
        recording = PoseRecording.load(path) if path.suffix == ".npz" else analyze(path, exercise=None).recording
        yield Clip(stem, truth.get("exercise", activity), recording, (edges[0], edges[-1]) if edges else None)


def _activity(stem: str) -> str | None:
    return next((name for name in CLASSES if stem.startswith(name)), None)
