"""Clips to evaluate on: pose recordings or videos of known exercises, with the truth beside them where there is any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from deepfit_nb.capture.analyze import analyze
from deepfit_nb.errors import MediaError
from deepfit_nb.pose import PoseRecording
from deepfit_nb.training.clip_files import ClipTruth, media_in, named_activity, read_truth

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
        the start; of clips that are over by then, the last two fifths. None of a clip without frames.
        """
        if not len(self.recording):
            return np.zeros(0, bool)
        since = self.recording.time_s - self.recording.time_s[0]
        if self.edges_s is not None:
            return (since >= self.edges_s[0] + GRACE_S) & (since <= self.edges_s[1])
        return since >= (GRACE_S if since[-1] > GRACE_S + 0.25 else 0.6 * since[-1])


def find_clips(folder: Path) -> Iterator[Clip]:
    """All clips of a folder whose names begin with a class (``squats__x.npz``, ``squats-shallow.mp4`` …).

    A ``.json`` of the same name may hold the truth: ``exercise`` and ``rep_edges_s``. Poses are looked for in videos.
    What is wrong with the folder or with a truth is said by `MediaError` at once, before the first clip is asked for.
    """
    found = []
    for stem, path in media_in(folder).items():
        activity = named_activity(stem)
        if activity is not None:
            beside = path.with_suffix(".json")
            found.append((stem, path, activity, read_truth(beside) if beside.exists() else ClipTruth()))
    if not found:
        raise MediaError(f"{folder}: holds no .npz or .mp4 named after a class, such as squats__me.npz")
    return _clips(found, folder.name)


def _clips(found: list[tuple[str, Path, str, ClipTruth]], title: str) -> Iterator[Clip]:
    for stem, path, activity, truth in tqdm(found, desc=title, unit="clip", disable=None):
        edges = truth.rep_edges_s
        recorded = path.suffix.lower() == ".npz"
        recording = PoseRecording.load(path) if recorded else analyze(path, exercise=None).recording
        yield Clip(stem, truth.exercise or activity, recording, (edges[0], edges[-1]) if edges else None)
