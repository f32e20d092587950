"""Windows as another camera, another body and a worse moment of the detector would have given them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.recognition.window import CHANNELS, FRAMES, mirror

_X, _Y, _WX, _WY, _WZ, _VISIBILITY, _PRESENT = range(len(CHANNELS))


def augment(batch: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Variations (N, FRAMES, 17, channels) of windows of `deepfit_nb.recognition.window`; the input stays as it is.

    Half of them are mirrored; pictures roll by about 4 degrees, world landmarks turn by 8 and tip by 4, sizes differ by
    8 %, each landmark is off by about a centimetre; one stream in six begins late and one in ten loses up to a second.
    """
    count = len(batch)
    flip = rng.random(count) < 0.5
    x = batch.copy()
    x[flip] = mirror(batch[flip])
    _rotate(x, _X, _Y, rng.normal(0, 4, count))
    _rotate(x, _WX, _WZ, rng.normal(0, 8, count))
    _rotate(x, _WY, _WZ, rng.normal(0, 4, count))
    sizes = np.exp(rng.normal(0, 0.08, (2, count, 1, 1, 1))).astype(np.float32)
    x[..., :2] *= sizes[0]
    x[..., 2:5] *= sizes[1]
    x[..., :5] += 0.006 * rng.standard_normal((count, 1, *x.shape[2:3], 5), np.float32)
    x[..., :5] += 0.006 * rng.standard_normal((*x.shape[:3], 5), np.float32)
    _lose(x, rng)
    # What is not known stays zero.
    x *= x[..., _PRESENT:]
    return x


def _rotate(x: NDArray[np.float32], first: int, second: int, degrees: NDArray[np.float64]) -> None:
    angle = np.radians(degrees).astype(np.float32)[:, None, None]
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = x[..., first].copy(), x[..., second].copy()
    x[..., first], x[..., second] = a * cos - b * sin, a * sin + b * cos


def _lose(x: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Take instants out of some windows: the beginning, or a gap."""
    count, instant = len(x), np.arange(FRAMES)
    begins = np.where(rng.random(count) < 1 / 6, rng.integers(0, FRAMES * 2 // 3, count), 0)
    lost = instant < begins[:, None]
    gap = np.where(rng.random(count) < 0.1, rng.integers(1, 9, count), 0)
    start = rng.integers(0, FRAMES, count)
    lost |= (instant >= start[:, None]) & (instant < (start + gap)[:, None])
    x[..., _PRESENT] *= ~lost[..., None]
