"""A camera anywhere around a body: from the world into the camera's axes, and on into pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from deepfit_nb.training.geometry import Array, Y, unit
from deepfit_nb.training.noise import wander

#: What is nearer to the camera than this, or behind it, is drawn as if it were here.
_NEAREST_M: Final = 0.3


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera is and what it frames.

    ``azimuth_deg``: 0 in front of the body, +90 at its left, 180 behind; ``height_m`` above the floor; ``distance_m``
    from the body; ``roll_deg`` tilts the horizon; ``size`` is the frame in pixels; ``fill`` the share of the frame that
    the body spans over the clip (over 1: cut off), ``offset`` where its middle sits, in frames from the centre;
    ``shake`` is a handheld camera's wander as a share of the frame; ``approach`` the natural logarithm of how much
    larger the body gets over the clip, ``pan`` how far its middle moves, in frames.
    """

    azimuth_deg: float = 30.0
    height_m: float = 1.2
    distance_m: float = 3.0
    roll_deg: float = 0.0
    size: tuple[int, int] = (640, 480)
    fill: float = 0.8
    offset: tuple[float, float] = (0.0, 0.0)
    shake: float = 0.0
    approach: float = 0.0
    pan: tuple[float, float] = (0.0, 0.0)


def sample_view(rng: np.random.Generator, *, azimuth_deg: float | None = None) -> View:
    """A view as people film themselves: all the way round, from the floor to above the head, sometimes cut off."""
    azimuth = rng.uniform(-180, 180) if rng.random() < 0.45 else rng.normal(0, 65)
    cropped = rng.random() < 0.25
    size = ((640, 480), (1280, 720), (480, 640), (720, 1280))[rng.choice(4, p=[0.35, 0.35, 0.15, 0.15])]
    reach = 0.35 if cropped else 0.06
    # One camera in four is carried: it comes nearer, goes back, or lets the body drift through the frame.
    carried = float(rng.random() < 0.25)
    return View(
        azimuth_deg=float(azimuth) if azimuth_deg is None else azimuth_deg,
        height_m=float(np.clip(rng.normal(1.0, 0.55), 0.05, 2.6)),
        distance_m=float(np.exp(rng.uniform(np.log(1.5), np.log(6.0)))),
        roll_deg=float(rng.normal(0, 3)),
        size=size,
        fill=float(rng.uniform(1.0, 1.7) if cropped else rng.uniform(0.3, 0.95)),
        offset=(float(rng.uniform(-reach, reach)), float(rng.uniform(-reach, reach))),
        shake=float(rng.choice([0, 0, 0.004, 0.015])),
        approach=carried * float(rng.normal(0, 0.25)),
        pan=(carried * float(rng.normal(0, 0.08)), carried * float(rng.normal(0, 0.08))),
    )


#: Exercises and faults that show from the front; all others are filmed more or less from the side.
_FRONTAL: Final = {"jumping_jacks", "dumbbell_shoulder_press", "lateral_shoulder_raises", "knee_valgus"}


def sample_coached_view(
    rng: np.random.Generator, exercise: str, fault: str | None = None, side: int | None = None
) -> View:
    """A view that somebody who wants to be coached would choose: the whole body, from where the movement shows.

    ``side`` is the one that works alone (0 left, 1 right): the camera then stands on it.
    """
    low, high = (0, 60) if _FRONTAL & {exercise, fault} else (20, 105)
    distance = rng.uniform(2.3, 5.0)
    return View(
        azimuth_deg=float((rng.choice([-1, 1]) if side is None else (1, -1)[side]) * rng.uniform(low, high)),
        height_m=float(0.7 + distance * np.sin(np.radians(rng.uniform(-5, 20)))),
        distance_m=float(distance),
        roll_deg=float(rng.normal(0, 1.5)),
        size=((640, 480), (1280, 720), (480, 640))[rng.choice(3)],
        fill=float(rng.uniform(0.55, 0.9)),
        offset=(float(rng.uniform(-0.04, 0.04)), float(rng.uniform(-0.04, 0.04))),
        shake=float(rng.choice([0, 0, 0.004])),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """A camera that has been put somewhere: ``eye`` (3,) in the world, ``axes`` (3, 3) columns right, down, forward."""

    eye: Array
    axes: Array

    @classmethod
    def place(cls, points: Array, view: View) -> Camera:
        """Where ``view`` says, looking at the middle of where the body ``points`` (T, K, 3) go during the clip."""
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
        return cls(eye, np.stack([right, down, forward], axis=1))

    def see(self, points: Array) -> Array:
        """Points (..., 3) of the world in the camera's axes: x right, y down, z away, metres from the camera."""
        return np.asarray((points - self.eye) @ self.axes)


def to_camera(points: Array, view: View) -> Array:
    """Points (T, K, 3) of a body in the axes of the camera that ``view`` puts before it."""
    return Camera.place(points, view).see(points)


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """From the camera's axes to pixels: ``zoom`` pixels per unit of x / z, ``centre`` (2,) pixels at x = y = 0."""

    zoom: float
    centre: Array

    @classmethod
    def fit(cls, points: Array, view: View) -> Lens:
        """Set so that the body ``points`` (T, K, 3), in the camera's axes, spans ``view.fill`` of the frame."""
        flat = points[..., :2] / np.maximum(points[..., 2:], _NEAREST_M)
        low, high = np.percentile(flat.reshape(-1, 2), [1, 99], axis=0)
        size = np.array(view.size, float)
        zoom = float(view.fill * (size / np.maximum(high - low, 1e-3)).min())
        return cls(zoom, size * (0.5 + np.array(view.offset)) - (low + high) / 2 * zoom)


def to_pixels(points: Array, view: View, time_s: Array, rng: np.random.Generator | None = None) -> tuple[Array, Array]:
    """Pixels (T, K, 2) of points in camera axes, and pixels per metre (T, 1) at the body's distance.

    ``rng`` is needed only for a shaking camera.
    """
    lens = Lens.fit(points, view)
    depth = np.maximum(points[..., 2:], _NEAREST_M)
    pixels = points[..., :2] / depth * lens.zoom + lens.centre
    scale, shift = camera_motion(view, time_s, rng)
    middle = np.array(view.size) / 2
    pixels = (pixels - middle) * scale[:, None, None] + middle + shift[:, None]
    return pixels, (lens.zoom * scale / depth.mean((1, 2)))[:, None]


def camera_motion(view: View, time_s: Array, rng: np.random.Generator | None) -> tuple[Array, Array]:
    """What a carried camera does to the picture: magnification (T,) about the frame's middle, then pixels (T, 2)."""
    share = (time_s - time_s[0]) / max(time_s[-1] - time_s[0], 1e-6) - 0.5
    shift = share[:, None] * np.array(view.pan) * np.array(view.size)
    if view.shake and rng is not None:
        shift = shift + wander(rng, time_s, 0.35, (2,)) * view.shake * max(view.size)
    return np.exp(view.approach * share), shift
