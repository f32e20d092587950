"""The same recording under other conditions: mirrored, slower, faster, fewer frames, shakier, with a gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from deepfit_nb.kinematics.normalise import body_length
from deepfit_nb.pose import PoseRecording
from deepfit_nb.pose.keypoints import to_mmfit
from deepfit_nb.training.coaching_cases import Case

#: Standard deviation of the jitter, in body heights.
_JITTER: Final = 0.02
_GAP_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Variation:
    """A change to a case, known by its name."""

    name: str
    change: Callable[[Case], Case]


def mirrored(case: Case) -> Case:
    """Seen in a mirror."""
    return replace(case, recording=case.recording.mirrored(), azimuth_deg=-case.azimuth_deg)


def paced(case: Case, speed: float) -> Case:
    """The same frames played `speed` times as fast."""
    recording = replace(case.recording, time_s=case.recording.time_s / speed, fps=case.recording.fps * speed)
    sets = tuple(replace(one, edges_s=tuple(edge / speed for edge in one.edges_s)) for one in case.sets)
    return replace(case, recording=recording, sets=sets)


def resampled(case: Case, fps: float) -> Case:
    """At fewer frames a second: the frame next after each tick."""
    times = case.recording.time_s
    ticks = np.arange(times[0], times[-1], 1 / fps)
    picked = np.unique(np.searchsorted(times, ticks - 1e-6))
    return _only(case, picked, fps)


def jittered(case: Case) -> Case:
    """Every landmark of every frame moved at random, alike in the image and the world, by 2 % of the body's height."""
    recording = case.recording
    rng = np.random.default_rng(0)
    noise = rng.normal(0, _JITTER, recording.world.shape)
    world_height = np.nanmedian(body_length(to_mmfit(recording.world)))
    # Foreshortening only ever shortens the body in the image, so its height is near the longest that was seen.
    image_height = np.nanpercentile(body_length(to_mmfit(recording.image[..., :2])), 95)
    image = recording.image.copy()
    image[..., :3] += noise * image_height
    world = recording.world + noise * world_height
    return replace(case, recording=replace(recording, image=image, world=world.astype(np.float32)))


def with_gap(case: Case) -> Case:
    """Nobody seen for one second in the middle."""
    times = case.recording.time_s
    start_s = (times[0] + times[-1] - _GAP_S) / 2
    seen = (times < start_s) | (times > start_s + _GAP_S)
    sets = tuple(replace(one, unseen=_mostly_within(one.edges_s, start_s, start_s + _GAP_S)) for one in case.sets)
    return replace(case, recording=replace(case.recording, ok=case.recording.ok & seen), sets=sets)


def _mostly_within(edges_s: tuple[float, ...], start_s: float, end_s: float) -> int:
    """How many reps have more than half of their time in that span."""
    edges = np.array(edges_s)
    shared = np.minimum(edges[1:], end_s) - np.maximum(edges[:-1], start_s)
    return int((shared > 0.5 * np.diff(edges)).sum())


def _only(case: Case, picked: np.ndarray, fps: float) -> Case:
    full = case.recording
    recording = PoseRecording(
        full.image[picked], full.world[picked], full.ok[picked], full.time_s[picked], fps, full.size
    )
    return replace(case, recording=recording, angles=None if case.angles is None else case.angles[picked])


#: What the coach must bear, beside the recording as it is.
VARIATIONS: Final = (
    Variation("mirrored", mirrored),
    Variation("half speed", lambda case: paced(case, 0.5)),
    Variation("double speed", lambda case: paced(case, 2.0)),
    Variation("10 frames a second", lambda case: resampled(case, 10.0)),
    Variation("jitter of 2 %", jittered),
    Variation("1 s cut out", with_gap),
)
