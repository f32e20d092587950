"""Solids beside the body: the room, furniture, dumbbells and bars."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepfit_nb.training.geometry import Array, unit


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """Triangles (F, 3) of vertices with normals and colours, each (V, 3)."""

    vertices: NDArray[np.floating]
    normals: NDArray[np.floating]
    colours: NDArray[np.floating]
    triangles: NDArray[np.integer]

    @staticmethod
    def join(parts: list[Solid]) -> Solid:
        starts = np.cumsum([0, *(len(part.vertices) for part in parts[:-1])])
        return Solid(
            np.concatenate([part.vertices for part in parts]),
            np.concatenate([part.normals for part in parts]),
            np.concatenate([part.colours for part in parts]),
            np.concatenate([part.triangles + start for part, start in zip(parts, starts, strict=True)]),
        )


def box(low: ArrayLike, high: ArrayLike, colour: ArrayLike, *, inside: bool = False) -> Solid:
    """A box from one corner to the opposite one; ``inside`` is seen from within, as a room."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    vertices: list[Array] = []
    normals: list[Array] = []
    triangles: list[list[int]] = []
    for axis in range(3):
        for end in (0, 1):
            others = [other for other in range(3) if other != axis]
            corners = np.tile((low, high)[end], (4, 1))
            corners[:, others[0]] = [low[others[0]], high[others[0]], high[others[0]], low[others[0]]]
            corners[:, others[1]] = [low[others[1]], low[others[1]], high[others[1]], high[others[1]]]
            normal = np.zeros(3)
            normal[axis] = (1 if end else -1) * (-1 if inside else 1)
            start = 4 * len(vertices)
            vertices.append(corners)
            normals.append(np.tile(normal, (4, 1)))
            triangles += [[start, start + 1, start + 2], [start, start + 2, start + 3]]
    points = np.concatenate(vertices)
    return Solid(
        points, np.concatenate(normals), np.tile(np.asarray(colour, float), (len(points), 1)), np.array(triangles)
    )


def rod(start: Array, end: Array, radius: float, colour: ArrayLike, *, corners: int = 8) -> Solid:
    """A cylinder from ``start`` to ``end``, with caps."""
    axis = unit(end - start)
    aside = unit(np.cross(axis, [0.31, 0.9, 0.27]))
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    ring = np.cos(turn)[:, None] * aside + np.sin(turn)[:, None] * np.cross(axis, aside)
    vertices = np.concatenate([start + ring * radius, end + ring * radius, [start, end]])
    normals = np.concatenate([ring, ring, [-axis, axis]])
    here, there = np.arange(corners), (np.arange(corners) + 1) % corners
    triangles = np.concatenate(
        [
            np.stack([here, there, here + corners], 1),
            np.stack([there, there + corners, here + corners], 1),
            np.stack([here, there, np.full(corners, 2 * corners)], 1),
            np.stack([here + corners, there + corners, np.full(corners, 2 * corners + 1)], 1),
        ]
    )
    return Solid(vertices, normals, np.tile(np.asarray(colour, float), (len(vertices), 1)), triangles)


def weight(centre: Array, axis: Array, *, length: float = 0.32, radius: float = 0.055) -> Solid:
    """A dumbbell (or, longer, a bar) held at ``centre`` along ``axis``."""
    half = unit(axis) * length / 2
    plate = unit(axis) * min(0.1, length * 0.3)
    return Solid.join(
        [
            rod(centre - half, centre + half, 0.014, (0.6, 0.6, 0.62)),
            rod(centre - half, centre - half + plate, radius, (0.1, 0.1, 0.11)),
            rod(centre + half - plate, centre + half, radius, (0.1, 0.1, 0.11)),
        ]
    )


def room(rng: np.random.Generator, reach: float) -> tuple[Solid, Array]:
    """Walls at least ``reach`` metres away, things along them, and the colour of the floor."""
    far = reach + rng.uniform(0.6, 4.0, 4)
    wall = np.array(colorsys.hsv_to_rgb(rng.random(), rng.uniform(0, 0.35), rng.uniform(0.35, 0.95)))
    floor = np.array(colorsys.hsv_to_rgb(rng.uniform(0.02, 0.15), rng.uniform(0, 0.6), rng.uniform(0.2, 0.85)))
    shell = box((-far[0], 0, -far[1]), (far[2], rng.uniform(2.4, 3.5), far[3]), wall, inside=True)
    shell.colours[shell.normals[:, 1] > 0.5] = floor
    parts = [shell]
    for _ in range(rng.integers(0, 9)):
        size = rng.uniform(0.15, 1.1, 3) * (1, 1.6, 1)
        angle = rng.uniform(0, 2 * np.pi)
        place = np.array([np.sin(angle), 0, np.cos(angle)]) * (reach * rng.uniform(0.75, 1.0) + 0.8)
        hung = rng.uniform(0.8, 1.6) if rng.random() < 0.3 else 0.0
        low = place - size / 2 * (1, 0, 1) + (0, hung, 0)
        parts.append(box(low, low + size, rng.uniform(0.05, 0.95, 3)))
    return Solid.join(parts), floor
