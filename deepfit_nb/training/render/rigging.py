"""From a `Posture` to the bones and the skin of a `Character`.

A posture says where each limb points; the rig needs a rotation for each bone. A limb's rotation is the one that takes
its resting frame (its direction, and the side to which the next limb bends) to the frame it should have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.training.body import Posture
from deepfit_nb.training.geometry import Array, X, Y, Z, apply, lerp, orthonormal, unit
from deepfit_nb.training.render.character import Character

_SIDES = ("l", "r")
#: Rig joints in the order shoulder, elbow, wrist, hip, knee, ankle: what angles are measured between.
_JOINTS = ("upperarm", "lowerarm", "hand", "thigh", "calf", "foot")


@dataclass(frozen=True, slots=True)
class Grip:
    """How the hands are held: ``fist`` curls the fingers (0..1); ``twist_deg`` turns the palms about the forearm;
    ``flat`` lays them on the floor."""

    fist: float = 0.2
    twist_deg: float = 0.0
    flat: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """Bones over time: ``rotations`` (T, B, 3, 3) from rest, ``heads`` (T, B, 3) in metres."""

    character: Character
    rotations: Array
    heads: Array

    def __len__(self) -> int:
        return len(self.heads)

    def joints(self) -> Array:
        """(T, 6, 2, 3) shoulder, elbow, wrist, hip, knee, ankle; left and right."""
        columns = [[self.character.bones.index(f"{joint}_{side}") for side in _SIDES] for joint in _JOINTS]
        return np.asarray(self.heads[:, columns])

    def skin(self, frame: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Vertices and normals (V, 3) of a frame: linear blend skinning."""
        who = self.character
        turned = self.rotations[frame]
        moved = self.heads[frame] - apply(turned, who.heads)
        bones = np.concatenate([turned.reshape(-1, 9), moved], axis=1).astype(np.float32)
        blended = who.weights @ bones
        turns, shift = blended[:, :9].reshape(-1, 3, 3), blended[:, 9:]
        return _turn(turns, who.vertices) + shift, _turn(turns, who.normals)


def _turn(turns: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(V, 3) each vector turned by its own matrix."""
    # Three products of columns: einsum and matmul take three times as long for many small matrices.
    return turns[..., 0] * vectors[:, :1] + turns[..., 1] * vectors[:, 1:2] + turns[..., 2] * vectors[:, 2:]


def pose_character(who: Character, posture: Posture, grip: Grip) -> Skeleton:
    """The bones of ``who`` in each of the T frames of a posture made for ``who.body()``."""
    frames, bones = len(posture), who.bones
    rotations, heads = np.empty((frames, len(bones), 3, 3)), np.empty((frames, len(bones), 3))
    wanted = _trunk(posture)
    for side, letter in enumerate(_SIDES):
        wanted |= _arm(who, posture, side, letter, grip) | _leg(who, posture, side, letter)
        for finger in ("index", "middle", "ring", "pinky"):
            for phalanx in (1, 2, 3):
                curl = (70 if phalanx < 3 else 40) * grip.fist
                wanted[f"{finger}_0{phalanx}_{letter}"] = _about(_curl_axis(who, letter), curl)
    hips = (who.head("thigh_l") + who.head("thigh_r")) / 2
    for index, bone in enumerate(bones):
        parent = who.parents[index]
        turn = wanted.get(bone)
        if bone == "pelvis" or parent < 0:
            rotations[:, index] = posture.pelvis_rot
            heads[:, index] = posture.pelvis + apply(posture.pelvis_rot, who.heads[index] - hips)
            continue
        rotations[:, index] = rotations[:, parent] if turn is None else turn
        if turn is not None and turn.ndim == 2:
            rotations[:, index] = rotations[:, parent] @ turn
        heads[:, index] = heads[:, parent] + apply(rotations[:, parent], who.heads[index] - who.heads[parent])
    return Skeleton(who, rotations, heads)


def _trunk(posture: Posture) -> dict[str, Array]:
    """Rotations of the spine, from the pelvis's to the chest's to the head's; clavicles rise with a shrug."""
    low, high, head = posture.pelvis_rot, posture.chest_rot, posture.head_rot
    turned = {name: orthonormal(lerp(low, high, share)) for name, share in (("spine_01", 0.33), ("spine_02", 0.67))}
    turned |= {"spine_03": high, "neck_01": orthonormal(lerp(high, head, 0.5)), "head": head}
    for side, letter in enumerate(_SIDES):
        angle = np.degrees(np.arcsin(np.clip(posture.shrug[:, side] / 0.18, 0, 0.7)))
        raised = np.stack([_about(Z, value if side == 0 else -value) for value in angle])
        turned[f"clavicle_{letter}"] = high @ raised
    return turned


def _arm(who: Character, posture: Posture, side: int, letter: str, grip: Grip) -> dict[str, Array]:
    upper, lower, hand = posture.upper_arm[:, side], posture.forearm[:, side], posture.hand[:, side]
    at = who.head
    rest_upper = at(f"lowerarm_{letter}") - at(f"upperarm_{letter}")
    rest_lower = at(f"hand_{letter}") - at(f"lowerarm_{letter}")
    # A straight arm bends nowhere: the elbow's crease then faces forward and a little in.
    towards = unit(lower - upper * (lower * upper).sum(-1, keepdims=True) + 0.08 * apply(posture.chest_rot, Z))
    crease = np.cross(np.cross(upper, towards), lower)
    turn = grip.twist_deg * (1 if side == 0 else -1)
    forearm = _frames(lower, crease) @ _frames(rest_lower, Z).T
    twisted = np.stack([_about(axis, turn) for axis in unit(lower)]) if turn else np.eye(3)
    half = np.stack([_about(axis, turn / 2) for axis in unit(lower)]) if turn else np.eye(3)
    palm = at(f"index_01_{letter}") - at(f"pinky_01_{letter}")
    fingers = at(f"middle_01_{letter}") - at(f"hand_{letter}")
    if grip.flat:
        across = X if side == 0 else -X
        wrist = _frames(hand, np.broadcast_to(-across, hand.shape)) @ _frames(fingers, palm).T
    else:
        wrist = twisted @ forearm
    return {
        f"upperarm_{letter}": _frames(upper, towards) @ _frames(rest_upper, Z).T,
        f"lowerarm_{letter}": half @ forearm,
        f"hand_{letter}": wrist,
    }


def _leg(who: Character, posture: Posture, side: int, letter: str) -> dict[str, Array]:
    thigh, shin, foot = posture.thigh[:, side], posture.shin[:, side], posture.foot[:, side]
    at = who.head
    rest_thigh = at(f"calf_{letter}") - at(f"thigh_{letter}")
    rest_shin = at(f"foot_{letter}") - at(f"calf_{letter}")
    behind = unit(shin - thigh * (shin * thigh).sum(-1, keepdims=True) - 0.08 * foot)
    rest_foot = at(f"ball_{letter}") - at(f"foot_{letter}")
    level = rest_foot * (1, 0, 1)
    return {
        f"thigh_{letter}": _frames(thigh, behind) @ _frames(rest_thigh, -Z).T,
        f"calf_{letter}": _frames(shin, np.cross(np.cross(thigh, behind), shin)) @ _frames(rest_shin, -Z).T,
        f"foot_{letter}": _frames(foot, shin) @ _frames(level, -Y).T,
    }


def _frames(along: Array, towards: Array) -> Array:
    """(..., 3, 3) frames whose first axis is ``along`` and whose third lies in the plane of it and ``towards``."""
    first = unit(along)
    second = unit(np.cross(first, np.broadcast_to(towards, first.shape)))
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def _curl_axis(who: Character, letter: str) -> Array:
    axis = who.head(f"index_01_{letter}") - who.head(f"pinky_01_{letter}")
    return unit(axis if letter == "r" else -axis)


def _about(axis: Array, degrees: float) -> Array:
    """(3, 3) rotation by ``degrees`` about a unit axis (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)
