"""Reps whose faults are known, as `deepfit_nb.coaching.impression` sees them.

``assets/form/reps.npz`` holds the reps of brief sets (`deepfit_nb.training.norms.in_turn`), each of another person:
rendered ones, in which MediaPipe found the landmarks, and synthetic ones. `collect` made it.
"""

from __future__ import annotations

import zipfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching import Coach, builtin_exercises
from deepfit_nb.coaching.demonstration import during, observe
from deepfit_nb.coaching.impression import FEATURES, rep_features
from deepfit_nb.errors import MediaError
from deepfit_nb.training.coaching_cases import Case, synthetic_case
from deepfit_nb.training.norms import in_turn, title
from deepfit_nb.training.synthesis import make_coached

#: Frames a second of the synthetic sets, as of the rendered ones.
_FPS: Final = 12.5


@dataclass(frozen=True, slots=True, eq=False)
class FormData:
    """N reps.

    Attributes
    ----------
    x
        (N, FEATURES) of `rep_features`.
    exercise, fault, clip
        (N,) names: what was done, the fault that every rep of the clip has ("" for none), and the clip.
    rendered
        (N,) whether MediaPipe saw it.
    """

    x: NDArray[np.floating]
    exercise: NDArray[np.str_]
    fault: NDArray[np.str_]
    clip: NDArray[np.str_]
    rendered: NDArray[np.bool_]

    def of(self, rows: NDArray[np.bool_]) -> FormData:
        """Only the reps that are marked."""
        return FormData(self.x[rows], self.exercise[rows], self.fault[rows], self.clip[rows], self.rendered[rows])

    def save(self, path: Path) -> None:
        """Write an ``.npz`` that `load` reads back."""
        with path.open("wb") as file:
            np.savez_compressed(
                file, x=self.x.astype(np.float16), exercise=self.exercise, fault=self.fault, clip=self.clip,
                rendered=self.rendered,
            )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> FormData:
        """Raises `MediaError` where the file is no such data, or of other features."""
        remedy = "Take the one in assets/form."
        try:
            with np.load(path, allow_pickle=False) as data:
                x = data["x"].astype(np.float64)
                found = cls(x, data["exercise"], data["fault"], data["clip"], data["rendered"])
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise MediaError(f"{path}: not a file of reps ({error}). {remedy}") from error
        if x.ndim != 2 or x.shape[1] != FEATURES:
            raise MediaError(f"{path}: reps of shape {x.shape[1:]}, this version has {FEATURES} features. {remedy}")
        return found


def synthetic_brief_sets(count: int, seed: int = 1) -> Iterator[Case]:
    """Brief sets of synthetic skeletons seen by a made-up detector, each of another person."""
    for index in range(count):
        exercise, fault = in_turn(index)
        recording, truth = make_coached(np.random.default_rng([seed, index, 9]), exercise, fault, fps=_FPS)
        yield synthetic_case(f"{title(exercise, fault)}__synthetic-{seed}-{index:04d}", recording, truth)


def collect(cases: Iterable[Case], *, rendered: bool) -> FormData:
    """The reps that the coach sees in sets whose exercise it was told, partial ones too; none before or after them.

    Each from its start to its end as they are reported, seen from where its end was: the coach judges it for the first
    time a little earlier.
    """
    rows, exercises, faults, clips = [], [], [], []
    for case in cases:
        known = case.sets[0]
        for features in _reps(case):
            rows.append(features)
            exercises.append(known.exercise)
            faults.append(known.fault or "")
            clips.append(case.name)
    if not rows:
        raise MediaError("No rep was counted in these sets. Render some: deepfit render --brief --out FOLDER")
    return FormData(
        np.array(rows), np.array(exercises), np.array(faults), np.array(clips), np.full(len(rows), rendered)
    )


def _reps(case: Case) -> Iterator[NDArray[np.floating]]:
    known, coach = case.sets[0], Coach(case.sets[0].exercise)
    exercise = builtin_exercises()[known.exercise]
    reports = [coach.update(pose, time_s=time_s) for time_s, pose in case.recording]
    motions, times = observe(case.recording), [report.time_s for report in reports]
    for rep in (rep for one in coach.finish() for rep in one.reps):
        if known.edges_s[0] <= rep.peak_s <= known.edges_s[-1]:
            stretch, progress = during(rep, exercise, motions)
            view = reports[min(bisect_left(times, rep.end_s), len(times) - 1)].view
            yield rep_features(stretch, progress, rep.judged_on, view)
