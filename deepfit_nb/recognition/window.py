"""The sequence classifier's input: the last seconds of a stream, resampled by time and expressed in metres.

Whatever the camera's frame rate, size and distance, a window holds `FRAMES` instants `STEP_S` apart, 17 joints, and
the channels of `CHANNELS`. Everything is vectorised over many windows, so that training and streaming share this code.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose.keypoints import Landmark as L

FRAMES: Final = 24
STEP_S: Final = 0.12
#: Seconds that a window spans.
SPAN_S: Final = FRAMES * STEP_S

JOINTS: Final[tuple[L, ...]] = (
    L.NOSE,
    L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_ELBOW, L.RIGHT_ELBOW, L.LEFT_WRIST, L.RIGHT_WRIST,
    L.LEFT_INDEX, L.RIGHT_INDEX, L.LEFT_HIP, L.RIGHT_HIP, L.LEFT_KNEE, L.RIGHT_KNEE,
    L.LEFT_ANKLE, L.RIGHT_ANKLE, L.LEFT_FOOT_INDEX, L.RIGHT_FOOT_INDEX,
)  # fmt: skip

#: Pairs of joints (positions in `JOINTS`) that a bone connects.
EDGES: Final[tuple[tuple[int, int], ...]] = (
    (0, 1), (0, 2), (1, 2), (1, 3), (3, 5), (5, 7), (2, 4), (4, 6), (6, 8),
    (1, 9), (2, 10), (9, 10), (9, 11), (11, 13), (13, 15), (10, 12), (12, 14), (14, 16),
)  # fmt: skip

#: Position in `JOINTS` of each joint's twin on the other side.
MIRRORED_JOINTS: Final[NDArray[np.intp]] = np.array([0, *(i + 1 if i % 2 else i - 1 for i in range(1, 17))], np.intp)

CHANNELS: Final[tuple[str, ...]] = ("image_x", "image_y", "world_x", "world_y", "world_z", "visibility", "present")

#: Changes whenever the meaning of the input does; a model made for another version is refused.
FEATURE_VERSION: Final = 2

#: Landmarks are interpolated across a gap no longer than this; a longer one is left empty. So nothing is recognised of
#: frames that all lie further apart.
LONGEST_GAP_S: Final = 0.35


def resample(
    time_s: NDArray[np.float64], values: NDArray[np.floating], ok: NDArray[np.bool_], at_s: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Values (T, ...) of a stream at the instants ``at_s`` (any shape), and whether they are known there.

    Linear between neighbours; held from the nearer neighbour, and marked unknown, in gaps over 0.35 s and before the
    stream's first body. There must be at least one frame that is ``ok``.
    """
    known_s, known = time_s[ok], values[ok]
    after = np.clip(np.searchsorted(known_s, at_s), 0, len(known_s) - 1)
    before = np.maximum(after - 1, 0)
    before = np.where(at_s >= known_s[-1], len(known_s) - 1, before)
    gap = known_s[after] - known_s[before]
    share = np.clip(np.where(gap > 0, (at_s - known_s[before]) / np.where(gap > 0, gap, 1), 0), 0, 1)
    inside = (at_s >= known_s[0] - 1e-9) & (at_s <= known_s[-1] + LONGEST_GAP_S)
    present = inside & (gap <= LONGEST_GAP_S)
    share = np.where(gap <= LONGEST_GAP_S, share, np.round(share))
    share = share.reshape(*share.shape, *(1,) * (values.ndim - 1))
    return (known[before] * (1 - share) + known[after] * share).astype(np.float32), present


def windows(
    time_s: NDArray[np.float64], image: NDArray[np.float32], world: NDArray[np.float32], ok: NDArray[np.bool_],
    ends_s: NDArray[np.float64], starts_s: NDArray[np.float64] | None = None,
) -> NDArray[np.float32]:  # fmt: skip
    """Windows (N, FRAMES, 17, len(CHANNELS)) that end at ``ends_s`` (N,).

    Parameters
    ----------
    time_s, image, world, ok
        A stream as in `PoseRecording`; frames after a window's end may be present and take no part in it beyond the
        interpolation of its last instant.
    starts_s
        (N,) pretend that each stream began then: earlier instants count as unknown.
    """
    at_s = ends_s[:, None] + (np.arange(FRAMES) - (FRAMES - 1)) * STEP_S
    joints = np.array(JOINTS, np.intp)
    packed = np.concatenate([image[:, joints][..., [0, 1, 3]], world[:, joints]], axis=-1)
    if not ok.any():
        return np.zeros((len(ends_s), FRAMES, len(JOINTS), len(CHANNELS)), np.float32)
    values, present = resample(time_s, packed, ok, at_s)
    if starts_s is not None:
        present &= at_s >= starts_s[:, None]
    return _in_metres(values, present)


def _in_metres(values: NDArray[np.float32], present: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Channels from pixels, visibility and metres (N, FRAMES, 17, 6) and the mask (N, FRAMES)."""
    pixels, visibility, world = values[..., :2], values[..., 2:3], values[..., 3:]
    masked = np.where(present, 1.0, np.nan)[..., None, None]
    # Pixels per metre: MediaPipe gives the same body in both, so their spreads tell, however the limbs are turned.
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.sqrt(pixels.var(-2).sum(-1) / np.maximum(world[..., :2].var(-2).sum(-1), 1e-4)) * masked[..., 0, 0]
    scale = _median(ratio, 1.0)[:, None, None, None]
    hips = pixels[..., 9:11, :].mean(-2)
    centre = np.stack([_median(hips[..., axis] * masked[..., 0, 0], 0.0) for axis in (0, 1)], -1)[:, None, None]
    flat = (pixels - centre) / np.maximum(scale, 1e-3)
    turned = _facing(world, masked[..., 0, 0])
    known = np.broadcast_to(present[..., None, None], visibility.shape)
    channels = np.concatenate([flat, turned, visibility, known], axis=-1)
    return np.asarray(np.where(known, np.clip(channels, -4, 4), 0), np.float32)


def _facing(world: NDArray[np.float32], masked: NDArray[np.float64]) -> NDArray[np.float32]:
    """World landmarks turned about the vertical until the body's right-to-left axis lies along x, once a window.

    A body filmed from anywhere then looks the same. Gravity stays: y still points down, so lying differs from standing.
    """
    across = (world[..., 1, :] - world[..., 2, :]) + (world[..., 9, :] - world[..., 10, :])
    x, z = (_median(across[..., axis] * masked, default) for axis, default in ((0, 1.0), (2, 0.0)))
    length = np.hypot(x, z) + 1e-6
    cos, sin = (x / length)[:, None, None], (z / length)[:, None, None]
    turned = world.copy()
    turned[..., 0] = world[..., 0] * cos + world[..., 2] * sin
    turned[..., 2] = world[..., 2] * cos - world[..., 0] * sin
    return turned


def _median(values: NDArray[np.floating], default: float) -> NDArray[np.floating]:
    """Median over the instants of each window that are known; ``default`` where none is."""
    # NaN sorts to the end, so the middle of what is known is at half its count (nanmedian takes five times as long).
    ordered = np.sort(values, axis=1)
    count = np.isfinite(values).sum(1)
    rows = np.arange(len(values))
    middle = (ordered[rows, np.maximum(count - 1, 0) // 2] + ordered[rows, count // 2]) / 2
    return np.where(count > 0, middle, default)


def mirror(batch: NDArray[np.float32]) -> NDArray[np.float32]:
    """Windows of the same bodies seen in a mirror."""
    signs = np.ones(len(CHANNELS), np.float32)
    signs[CHANNELS.index("image_x")] = signs[CHANNELS.index("world_x")] = -1
    # The right-to-left axis was turned to x, so a mirrored body is turned once more: only x changes its sign.
    return np.asarray(batch[:, :, MIRRORED_JOINTS] * signs)
