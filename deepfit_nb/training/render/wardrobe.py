"""What a character wears: the colour of every vertex, and clothes that stand off the skin."""

from __future__ import annotations

import colorsys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.training.geometry import Array
from deepfit_nb.training.render.character import Character

_SKIN = ((0.95, 0.80, 0.70), (0.87, 0.67, 0.53), (0.72, 0.51, 0.37), (0.52, 0.35, 0.25), (0.34, 0.22, 0.16))
_HAIR = ((0.05, 0.04, 0.04), (0.18, 0.11, 0.07), (0.38, 0.24, 0.13), (0.72, 0.56, 0.33), (0.6, 0.6, 0.6))


def dress(who: Character, rng: np.random.Generator) -> tuple[Character, NDArray[np.float32]]:
    """The same character in random clothes (its vertices moved out), and the colours (V, 3), 0..1, of its vertices."""
    bone = np.array(who.bones)[who.weights.argmax(1)]
    limb = np.array([name[:-2] if name.endswith(("_l", "_r")) else name for name in bone])
    along = _along_bone(who)
    colours = np.tile(np.clip(np.array(_SKIN[rng.integers(len(_SKIN))]) + rng.normal(0, 0.03, 3), 0, 1), (len(bone), 1))
    thickness = np.zeros(len(bone))

    def wear(where: NDArray[np.bool_], colour: Array, cloth: float) -> None:
        colours[where] = colour
        thickness[where] = cloth

    y = who.vertices[:, 1]
    waist, loose = who.head("spine_01")[1] + 0.02, float(rng.choice([0.006, 0.010, 0.022]))
    trunk = np.isin(limb, ["spine_01", "spine_02", "spine_03", "clavicle", "pelvis"])
    collar = y < who.head("neck_01")[1] - 0.01
    legs = (trunk & (y <= waist)) | ((limb == "thigh") & (along < rng.choice([0.45, 0.8, 1.1])))
    if rng.random() < 0.55:
        legs |= (limb == "thigh") | ((limb == "calf") & (along < rng.choice([0.35, 0.95])))
    shorts, shirt = _colour(rng), _colour(rng)
    wear(legs, shorts, loose * 0.8)
    topless = rng.random() < 0.07
    if not topless:
        sleeve = float(rng.choice([0.0, 0.45, 0.7, 1.1], p=[0.25, 0.4, 0.2, 0.15]))
        top = (trunk & (y > waist) & collar) | ((limb == "upperarm") & (along < sleeve))
        if sleeve > 1:
            top |= (limb == "lowerarm") & (along < 0.95)
        wear(top, shirt, loose)
        if rng.random() < 0.2:
            stripes = top & (np.sin(y * rng.uniform(60, 140)) > 0)
            colours[stripes] = _colour(rng)
    shoes = np.isin(limb, ["foot", "ball"]) | (y < who.head("foot_l")[1])
    if rng.random() < 0.9:
        wear(shoes, _colour(rng), 0.008)
    _head(who, limb, colours, thickness, rng)
    moved = who.vertices + who.normals * thickness[:, None].astype(np.float32)
    return replace(who, vertices=moved.astype(np.float32)), colours.astype(np.float32)


def _head(who: Character, limb: NDArray[np.str_], colours: Array, thickness: Array, rng: np.random.Generator) -> None:
    """Hair, brows, lips and eyes, by their places around the eyes."""
    eyes = who.vertices[who.eyes]
    offset = who.vertices - np.array([0.0, eyes[:, 1].mean(), eyes[:, 2].max()], np.float32)
    x, y, z = np.abs(offset[:, 0]), offset[:, 1], offset[:, 2]
    head = (limb == "head") & ~who.eyes
    hair = np.array(_HAIR[rng.integers(len(_HAIR))]) + rng.normal(0, 0.02, 3)
    length = float(rng.choice([-0.02, -0.05, -0.12]))
    covered = head & ((y > 0.065 + 0.25 * np.minimum(z, 0)) | ((z < -0.085) & (y > length)))
    if rng.random() < 0.93:
        colours[covered] = hair
        thickness[covered] = rng.uniform(0.006, 0.02)
    brows = head & (np.abs(y - 0.022) < 0.006) & (x > 0.014) & (x < 0.05) & (z > -0.03)
    colours[brows] = hair * 0.8
    lips = head & (np.abs(y + 0.072) < 0.009) & (x < 0.026) & (z > -0.02)
    colours[lips] = colours[lips] * 0.6 + np.array([0.6, 0.2, 0.2]) * 0.4
    if rng.random() < 0.15:
        beard = head & (y < -0.045) & (z > -0.09) & ~lips
        colours[beard] = hair * 0.9
    colours[who.eyes] = (0.92, 0.92, 0.92)
    front = np.flatnonzero(who.eyes)[eyes[:, 2] > np.quantile(eyes[:, 2], 0.75)]
    colours[front] = (0.15, 0.10, 0.08)


def _along_bone(who: Character) -> Array:
    """(V,) how far along its main bone each vertex lies: 0 at the bone's head, 1 at its tail."""
    main = who.weights.argmax(1)
    bone = who.tails[main] - who.heads[main]
    return np.asarray(((who.vertices - who.heads[main]) * bone).sum(1) / ((bone**2).sum(1) + 1e-9))


def _colour(rng: np.random.Generator) -> Array:
    """A cloth's colour: often black, grey or white, else any."""
    if rng.random() < 0.4:
        return np.full(3, float(rng.choice([0.06, 0.15, 0.4, 0.9])))
    return np.array(colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.3, 0.95), rng.uniform(0.2, 0.95)))
