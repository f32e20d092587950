"""A CC0 MakeHuman body: its mesh, rig and skin weights, as one of many builds.

The archive ``assets/bodies/makehuman_cc0.zip`` holds the base mesh, morph targets for builds, and the game-engine rig.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.resources import resource
from deepfit_nb.training.body import Body
from deepfit_nb.training.geometry import Array

Triangles = NDArray[np.uint32]

ORIGINS: Final = ("caucasian", "african", "asian")
GENDERS: Final = ("male", "female")
#: Muscle and weight of the builds in the archive.
BUILDS: Final = (
    "averagemuscle-averageweight",
    "averagemuscle-maxweight",
    "maxmuscle-averageweight",
    "maxmuscle-maxweight",
)

#: The mesh is in decimetres.
_METRES: Final = 0.1
_DRAWN: Final = ("body", "helper-l-eye", "helper-r-eye")


@dataclass(frozen=True, slots=True, eq=False)
class Character:
    """A body at rest, facing +z, its soles at y = 0; metres.

    ``vertices`` and ``normals`` (V, 3) with ``triangles`` (F, 3) are what is drawn, ``weights`` (V, B) say how much
    each vertex goes with each of the bones, whose names, parents (-1: none), heads and tails (B, 3) follow, parents
    before their children. ``eyes`` (V,) marks the eyeballs.
    """

    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]
    triangles: Triangles
    weights: NDArray[np.float32]
    eyes: NDArray[np.bool_]
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    heads: Array
    tails: Array

    def head(self, bone: str) -> Array:
        return np.asarray(self.heads[self.bones.index(bone)])

    def body(self) -> Body:
        """The same proportions as a `Body`, so that postures made for it fit."""
        at = self.head

        def length(first: str, second: str) -> float:
            return float(np.linalg.norm(at(first) - at(second)))

        mean = Body()
        shoulders, hips = (at("upperarm_l") + at("upperarm_r")) / 2, (at("thigh_l") + at("thigh_r")) / 2
        stature = float(self.vertices[:, 1].max())
        return Body(
            stature=stature,
            upper_arm=length("upperarm_l", "lowerarm_l"),
            forearm=length("lowerarm_l", "hand_l"),
            hand=mean.hand * stature / mean.stature,
            thigh=length("thigh_l", "calf_l"),
            shin=length("calf_l", "foot_l"),
            ankle=float(at("foot_l")[1]),
            foot=mean.foot * stature / mean.stature,
            trunk=float(np.linalg.norm(shoulders - hips)),
            shoulders=length("upperarm_l", "upperarm_r"),
            hips=length("thigh_l", "thigh_r"),
            neck=mean.neck * stature / mean.stature,
            head=mean.head * stature / mean.stature,
        )

    @classmethod
    def sample(cls, rng: np.random.Generator) -> Character:
        """Somebody: origins and builds mixed, 1.50-1.98 m."""
        origin, other = rng.choice(ORIGINS, 2)
        build, second = rng.choice(BUILDS, 2, p=(0.4, 0.2, 0.3, 0.1))
        share, mixed = rng.uniform(0, 1, 2)
        morphs = {f"{origin}": 1 - share, f"{other}": share} if origin != other else {f"{origin}": 1.0}
        builds = {f"{build}": 1 - mixed, f"{second}": mixed} if build != second else {f"{build}": 1.0}
        stature = float(np.clip(rng.normal(1.72, 0.10), 1.50, 1.98))
        return make_character(str(rng.choice(GENDERS)), morphs, builds, stature)


def make_character(gender: str, origins: dict[str, float], builds: dict[str, float], stature: float) -> Character:
    """A build out of shares of `ORIGINS` and `BUILDS` (each summing to 1), ``stature`` metres tall."""
    base = _base_mesh()
    vertices = base.vertices.copy()
    for origin, share in origins.items():
        _morph(vertices, f"macrodetails/{origin}-{gender}-young", share)
    for build, share in builds.items():
        _morph(vertices, f"macrodetails/universal-{gender}-young-{build}", share)
        _morph(vertices, f"macrodetails/proportions/{gender}-young-{build}-idealproportions", share)
    body = base.groups["body"]
    vertices *= stature / np.ptp(vertices[body, 1])
    vertices[:, 1] -= vertices[body, 1].min()
    heads = np.stack([vertices[cube].mean(0) for cube in base.head_cubes])
    tails = np.stack([vertices[cube].mean(0) for cube in base.tail_cubes])
    drawn = vertices[base.drawn]
    return Character(
        drawn.astype(np.float32), _normals(drawn, base.triangles).astype(np.float32), base.triangles,
        base.weights, base.eyes, base.bones, base.parents, heads, tails,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Base:
    vertices: Array
    groups: dict[str, NDArray[np.intp]]
    drawn: NDArray[np.intp]
    triangles: Triangles
    weights: NDArray[np.float32]
    eyes: NDArray[np.bool_]
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    head_cubes: list[NDArray[np.intp]]
    tail_cubes: list[NDArray[np.intp]]


def _archive(name: str) -> bytes:
    with zipfile.ZipFile(resource("assets", "bodies", "makehuman_cc0.zip")) as archive:
        return archive.read(name)


@cache
def _base_mesh() -> _Base:
    vertices: list[list[float]] = []
    faces: dict[str, list[list[int]]] = {}
    group = ""
    for line in _archive("3dobjs/base.obj").decode().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(value) * _METRES for value in rest.split()])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            faces.setdefault(group, []).append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
    groups = {name: np.unique(np.concatenate([np.array(face) for face in part])) for name, part in faces.items()}
    drawn = np.unique(np.concatenate([groups[name] for name in _DRAWN]))
    corners = [face for name in _DRAWN for face in faces[name]]
    split = [[face[0], face[i], face[i + 1]] for face in corners for i in range(1, len(face) - 1)]
    triangles = np.searchsorted(drawn, np.array(split)).astype(np.uint32)

    rig = json.loads(_archive("rigs/standard/rig.game_engine.json"))
    rig = rig.get("bones", rig)
    bones = _parents_first(rig)
    weights = np.zeros((len(vertices), len(bones)), np.float32)
    skin = json.loads(_archive("rigs/standard/weights.game_engine.json"))["weights"]
    for index, bone in enumerate(bones):
        for vertex, weight in skin.get(bone, []):
            weights[vertex, index] += weight
    weights[weights.sum(1) == 0, bones.index("head")] = 1
    weights /= weights.sum(1, keepdims=True)
    eyes = np.isin(drawn, np.concatenate([groups["helper-l-eye"], groups["helper-r-eye"]]))
    every = np.arange(len(vertices))

    def cube(end: dict[str, Any]) -> NDArray[np.intp]:
        return groups[end["cube_name"]] if end["strategy"] == "CUBE" else every[:1]

    return _Base(
        np.array(vertices), groups, drawn, triangles, weights[drawn], eyes, tuple(bones),
        tuple(bones.index(rig[bone]["parent"]) if rig[bone]["parent"] else -1 for bone in bones),
        [cube(rig[bone]["head"]) for bone in bones], [cube(rig[bone]["tail"]) for bone in bones],
    )  # fmt: skip


def _parents_first(rig: dict[str, Any]) -> list[str]:
    ordered: list[str] = []

    def add(bone: str) -> None:
        if bone and bone not in ordered:
            add(rig[bone]["parent"])
            ordered.append(bone)

    for bone in rig:
        add(bone)
    return ordered


@cache
def _target(name: str) -> tuple[NDArray[np.intp], Array]:
    table = [line.split() for line in gzip.decompress(_archive(f"targets/{name}.target.gz")).decode().splitlines()]
    rows = np.array([row for row in table if row and row[0][0] != "#"], float).reshape(-1, 4)
    return rows[:, 0].astype(np.intp), rows[:, 1:] * _METRES


def _morph(vertices: Array, name: str, share: float) -> None:
    moved, by = _target(name)
    vertices[moved] += share * by


def _normals(vertices: Array, triangles: Triangles) -> Array:
    """(V, 3) unit normals: the mean of a vertex's faces."""
    corners = vertices[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    sums = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(sums, triangles[:, corner], faces)
    return np.asarray(sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-12))
