"""What MediaPipe makes of a body: landmarks with the errors that were measured on it.

Against rendered stills with exact truth and real clips (median angle errors 4-25 degrees by joint and view) its habits
are: jitter; a constant offset of each landmark; hidden limbs guessed, mostly near the visible twin; left and right
exchanged for moments, and the whole body when seen from behind; depth compressed and tilted; elbow flexion
under-reported in the world landmarks; landmarks beyond the frame's edge extrapolated; frames without a body.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose.keypoints import MIRRORED
from deepfit_nb.training.camera import View, to_pixels
from deepfit_nb.training.geometry import Array, bend, unit
from deepfit_nb.training.noise import episodes, wander

_ARMS = np.arange(11, 23)
_LEGS = np.arange(23, 33)
_CERTAIN = np.r_[0:13, 23:25]


@dataclass(frozen=True, slots=True)
class ImitatedDetector:
    """Strength of each habit; lengths in metres, rates per minute. `sample` draws one detector-and-scene."""

    jitter: float = 0.008
    offset: float = 0.015
    hidden_error: float = 0.06
    far_follows_near: float = 0.4
    swaps: float = 1.0
    flips: float = 0.0
    elbow_bias: float = 0.2
    depth_scale: float = 0.9
    depth_error: float = 0.04
    tilt_deg: float = 5.0
    dropouts: float = 1.0

    @classmethod
    def sample(cls, rng: np.random.Generator) -> ImitatedDetector:
        """From a clean studio to a dark gym."""
        trouble = float(rng.beta(1.3, 2.2))
        return cls(
            jitter=0.003 + 0.020 * trouble,
            offset=rng.uniform(0.008, 0.03),
            hidden_error=0.02 + 0.14 * trouble,
            far_follows_near=float(rng.uniform(0, 0.9)),
            swaps=float(rng.choice([0, 0, 2, 8])) * trouble * 2,
            flips=float(rng.choice([0, 0, 2, 6])),
            elbow_bias=float(rng.uniform(0.0, 0.4)),
            depth_scale=float(rng.uniform(0.65, 1.1)),
            depth_error=0.015 + 0.08 * trouble,
            tilt_deg=float(rng.uniform(0, 10)),
            dropouts=float(rng.choice([0, 0, 0, 2, 8])),
        )


def detect(
    points: Array, view: View, time_s: Array, detector: ImitatedDetector, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Image landmarks (T, 33, 4), world landmarks (T, 33, 3) and ok (T,) of ``points`` (T, 33, 3) in camera axes."""
    hidden = _hidden(points)
    seen = points + rng.normal(0, detector.offset, (1, 33, 3))
    seen = _confuse_sides(seen, hidden, points, time_s, detector, rng)
    level = detector.jitter * rng.lognormal(0, 0.4, (1, 33, 1)) + detector.hidden_error * hidden[..., None]
    shared = wander(rng, time_s, 0.12, (33, 3)) * 0.6 + wander(rng, time_s, 0.6, (33, 3)) * 0.8
    seen = seen + shared * level

    pixels, per_metre = to_pixels(seen, view, time_s, rng)
    size = np.array(view.size)
    beyond = np.maximum(np.maximum(-pixels, pixels - size).max(-1), 0) / (per_metre + 1e-6)
    outside = np.clip(beyond / 0.05, 0, 1)
    guess = wander(rng, time_s, 0.8, (33, 2)) * (0.10 * outside * per_metre)[..., None]
    pixels = pixels + guess

    centre = seen[:, 23:25].mean(1, keepdims=True)
    world = _perceive_depth(seen - centre, detector, time_s, rng)
    # MediaPipe is never in doubt about face, shoulders and hips of a body that it has found.
    doubtful = hidden.copy()
    doubtful[:, _CERTAIN] = 0
    unseen = np.maximum(doubtful, outside)
    world = world + wander(rng, time_s, 0.5, (33, 3)) * (0.10 * outside)[..., None]
    world = world - world[:, 23:25].mean(1, keepdims=True)

    visibility = 1 - unseen * np.clip(0.65 + 0.2 * wander(rng, time_s, 0.5, (33,)), 0.1, 1) - 0.02 * rng.random(33)
    visibility = np.clip(visibility - 0.25 * outside, 0.0, 1.0)
    depth = world[..., 2] * per_metre
    image = np.concatenate([pixels, depth[..., None], visibility[..., None]], axis=-1)
    # A body is found by its trunk and face: with most of them outside the frame there is none.
    ok = (outside[:, [0, 11, 12, 23, 24]] < 0.5).sum(1) >= 2
    ok &= ~episodes(rng, time_s, detector.dropouts, 0.05, 0.7)
    image[~ok], world[~ok] = np.nan, np.nan
    return image.astype(np.float32), world.astype(np.float32), ok


def _hidden(points: Array) -> Array:
    """(T, 33) how much each landmark is hidden, 0..1: behind the trunk, or behind its own twin of the other side."""
    shoulders, hips = points[:, 11:13].mean(1), points[:, 23:25].mean(1)
    spine = shoulders - hips
    length = (spine[:, :2] ** 2).sum(-1)[:, None] + 1e-3
    along = np.clip(((points - hips[:, None])[..., :2] * spine[:, None, :2]).sum(-1) / length, 0, 1)
    nearest = hips[:, None] + spine[:, None] * along[..., None]
    offset = points - nearest
    behind_trunk = (np.linalg.norm(offset[..., :2], axis=-1) < 0.14) & (offset[..., 2] > 0.03)
    twin = points - points[:, MIRRORED]
    behind_twin = (np.linalg.norm(twin[..., :2], axis=-1) < 0.12) & (twin[..., 2] > 0.07)
    return np.where(behind_trunk | behind_twin, 1.0, 0.0)


def _confuse_sides(
    seen: Array, hidden: Array, points: Array, time_s: Array, detector: ImitatedDetector, rng: np.random.Generator
) -> Array:
    """Hidden limbs drift towards their visible twins; arms, legs or the whole body swap sides for moments."""
    pull = detector.far_follows_near * np.clip(0.5 + 0.5 * wander(rng, time_s, 0.7, (33,)), 0, 1) * hidden
    pull[:, :11] = 0
    twin = points[:, MIRRORED].copy()
    twin[..., 2] = points[..., 2]
    seen = seen + (twin - points) * pull[..., None]
    for limbs in (_ARMS, _LEGS):
        now = episodes(rng, time_s, detector.swaps, 0.05, 0.4)
        swapped = seen[now][:, MIRRORED[limbs]]
        seen[np.ix_(now, limbs)] = swapped
    # The face tells front from back: without it the whole body may be taken the wrong way round.
    faces_away = points[:, 0, 2] > points[:, 7:9, 2].mean(1)
    now = episodes(rng, time_s, detector.flips * faces_away.mean(), 0.3, 3.0)
    seen[now] = seen[now][:, MIRRORED]
    return seen


def _perceive_depth(local: Array, detector: ImitatedDetector, time_s: Array, rng: np.random.Generator) -> Array:
    """Hip-centred landmarks as MediaPipe's world landmarks have them: depth wrong, elbows too straight."""
    world = local * rng.uniform(0.92, 1.08)
    for side in (0, 1):
        shoulder, elbow, wrist = (world[:, joint + side] for joint in (11, 13, 15))
        upper, lower = unit(elbow - shoulder), wrist - elbow
        length = np.linalg.norm(lower, axis=-1, keepdims=True)
        flexion = np.degrees(np.arccos(np.clip((upper * unit(lower)).sum(-1), -1, 1)))
        straighter = bend(upper, flexion * (1 - detector.elbow_bias * np.clip(flexion / 120, 0, 1)), lower + 1e-6)
        move = straighter * length - lower
        for joint in (15, 17, 19, 21):
            world[:, joint + side] += move
    world[..., 2] *= detector.depth_scale
    world[..., 2] += detector.depth_error * (wander(rng, time_s, 0.5, (33,)) + 0.7 * rng.standard_normal(33))
    pitch, yaw = np.radians(detector.tilt_deg * (wander(rng, time_s, 2.0, (2,)) * 0.4 + rng.standard_normal(2)).T)
    y, z = world[..., 1].copy(), world[..., 2].copy()
    world[..., 1] = y * np.cos(pitch)[:, None] - z * np.sin(pitch)[:, None]
    world[..., 2] = y * np.sin(pitch)[:, None] + z * np.cos(pitch)[:, None]
    x, z = world[..., 0].copy(), world[..., 2].copy()
    world[..., 0] = x * np.cos(yaw)[:, None] + z * np.sin(yaw)[:, None]
    world[..., 2] = z * np.cos(yaw)[:, None] - x * np.sin(yaw)[:, None]
    return world
