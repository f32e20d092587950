"""Clips strung together: a workout, in which each set is another person's before another camera."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose import PoseRecording
from deepfit_nb.training.coaching_cases import Case

#: Nobody is seen for so long between two clips: longer than the pause that ends a set.
_REST_S: Final = 10.0
_CLIPS: Final = 6


def strung_workouts(cases: Sequence[Case]) -> Iterator[Case]:
    """All clips, in an order drawn at random, six to a workout."""
    order = np.random.default_rng(0).permutation(len(cases))
    for number, first in enumerate(range(0, len(order), _CLIPS)):
        yield strung([cases[index] for index in order[first : first + _CLIPS]], f"strung-{number}")


def strung(cases: Sequence[Case], name: str) -> Case:
    """Recordings one after the other, with nobody seen between, in the picture of the first one."""
    fps, size = cases[0].recording.fps, cases[0].recording.size
    rest = round(_REST_S * fps)
    image, world, ok, time_s, sets = [], [], [], [], []
    begins_s = 0.0
    for case in cases:
        recording = case.recording
        shift_s = begins_s - float(recording.time_s[0])
        ends_s = float(recording.time_s[-1]) + shift_s
        image += [_fitted(recording, size), np.full((rest, 33, 4), np.nan, np.float32)]
        world += [recording.world, np.full((rest, 33, 3), np.nan, np.float32)]
        ok += [recording.ok, np.zeros(rest, bool)]
        time_s += [recording.time_s + shift_s, ends_s + np.arange(1, rest + 1) / fps]
        sets += [replace(one, edges_s=tuple(edge + shift_s for edge in one.edges_s)) for one in case.sets]
        begins_s = ends_s + (rest + 1) / fps
    recording = PoseRecording(
        np.concatenate(image), np.concatenate(world), np.concatenate(ok), np.concatenate(time_s), fps, size
    )
    return Case(name, recording, tuple(sets))


def _fitted(recording: PoseRecording, size: tuple[int, int]) -> NDArray[np.float32]:
    """The landmarks of a recording in the middle of a picture of another size, as large as it holds them."""
    own, other = np.array(recording.size), np.array(size)
    scale = float((other / own).min())
    image = recording.image.copy()
    image[..., :3] *= scale
    image[..., :2] += (other - scale * own) / 2
    return image
