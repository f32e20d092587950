"""A camera anywhere around a body: from the world into the camera's axes, and on into pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deepfit_nb.training.geometry import Array, Y, unit
from deepfit_nb.training.noise import wander


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera is and what it frames.

    ``azimuth_deg``: 0 in front of the body, +90 at its left, 180 behind; ``height_m`` above the floor; ``distance_m``
    from the body; ``roll_deg`` tilts the horizon; ``size`` is the frame in pixels; ``fill`` the share of the frame that
    the body spans over the clip (over 1: cut off), ``offset`` where its middle sits, in frames from the centre;
    ``shake`` is a handheld camera's wander as a share of the frame.
    """

    azimuth_deg: float = 30.0
    height_m: float = 1.2
    distance_m: float = 3.0
    roll_deg: float = 0.0
    size: tuple[int, int] = (640, 480)
    fill: float = 0.8
    offset: tuple[float, float] = (0.0, 0.0)
    shake: float = 0.0


def sample_view(rng: np.random.Generator, *, azimuth_deg: float | None = None) -> View:
    """A view as people film themselves: all the way round, from the floor to above the head, sometimes cut off."""
    azimuth = rng.uniform(-180, 180) if rng.random() < 0.45 else rng.normal(0, 65)
    cropped = rng.random() < 0.25
    size = ((640, 480), (1280, 720), (480, 640), (720, 1280))[rng.choice(4, p=[0.35, 0.35, 0.15, 0.15])]
    reach = 0.35 if cropped else 0.06
    return View(
        azimuth_deg=float(azimuth) if azimuth_deg is None else azimuth_deg,
        height_m=float(np.clip(rng.normal(1.0, 0.55), 0.05, 2.6)),
        distance_m=float(np.exp(rng.uniform(np.log(1.5), np.log(6.0)))),
        roll_deg=float(rng.normal(0, 3)),
        size=size,
        fill=float(rng.uniform(1.0, 1.7) if cropped else rng.uniform(0.3, 0.95)),
        offset=(float(rng.uniform(-reach, reach)), float(rng.uniform(-reach, reach))),
        shake=float(rng.choice([0, 0, 0.004, 0.015])),
    )


def to_camera(points: Array, view: View) -> Array:
    """Points (T, K, 3) of the world in the camera's axes: x right, y down, z away, metres from the camera.

    The camera looks at the middle of where the body goes during the clip.
    """
    centre = np.median(points[:, 23:25].mean(1), axis=0)
    middle = np.array([centre[0], np.median(points[..., 1]), centre[2]])
    azimuth = np.radians(view.azimuth_deg)
    level = np.sqrt(max(view.distance_m**2 - (view.height_m - middle[1]) ** 2, 0.5))
    eye = middle + np.array([np.sin(azimuth) * level, view.height_m - middle[1], np.cos(azimuth) * level])
    forward = unit(middle - eye)
    right = unit(np.cross(forward, Y))
    down = np.cross(forward, right)
    roll = np.radians(view.roll_deg)
    right, down = right * np.cos(roll) + down * np.sin(roll), down * np.cos(roll) - right * np.sin(roll)
    return np.asarray((points - eye) @ np.stack([right, down, forward], axis=1))


def to_pixels(points: Array, view: View, time_s: Array, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
    """Pixels (T, K, 2) of points in camera axes, and pixels per metre (T, 1) at the body's distance.

    The zoom is set so that the body spans ``view.fill`` of the frame. ``rng`` is needed only for a shaking camera.
    """
    depth = np.maximum(points[..., 2:], 0.3)
    flat = points[..., :2] / depth
    low, high = np.percentile(flat.reshape(-1, 2), [1, 99], axis=0)
    size = np.array(view.size, float)
    zoom = view.fill * (size / np.maximum(high - low, 1e-3)).min()
    pixels = (flat - (low + high) / 2) * zoom + size * (0.5 + np.array(view.offset))
    if view.shake and rng is not None:
        pixels = pixels + wander(rng, time_s, 0.35, (2,))[:, None] * view.shake * size.max()
    return pixels, zoom / depth.mean((1, 2), keepdims=False)[:, None]
