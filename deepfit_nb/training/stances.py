"""Ways to stand, sit, kneel and lie, and places to put the arms: what the exercises are built from."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from deepfit_nb.training.body import Body, Posture, hip_points, shoulder_points
from deepfit_nb.training.geometry import (
    SIDES,
    Array,
    X,
    Y,
    Z,
    apply,
    bend,
    direction,
    rotate_x,
    rotate_y,
    rotate_z,
    two_bone,
    unit,
)

#: Where a hand can rest: from its own shoulder in arm lengths (x outward, y up, z forward, in the frame of the chest),
#: and where the elbow points.
ARM_PLACES: Final[dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]]] = {
    "down": ((0.10, -0.96, 0.06), (0.3, 0, -1)),
    "hips": ((0.03, -0.74, 0.06), (1, 0, -0.6)),
    "front": ((-0.08, 0.0, 0.98), (0.4, -1, 0)),
    "crossed": ((-0.50, -0.02, 0.28), (0.4, -0.6, 0.8)),
    "clasped": ((-0.28, -0.18, 0.42), (1, -0.8, 0)),
    "goblet": ((-0.26, -0.24, 0.30), (0.4, -1, 0.2)),
    "prisoner": ((-0.10, 0.33, -0.06), (1, 0.3, 0.2)),
    "temples": ((-0.08, 0.32, 0.16), (1, -0.2, 0.6)),
    "bar_back": ((0.22, 0.05, -0.03), (0.6, -1, -0.5)),
    "bar_front": ((0.00, 0.06, 0.24), (0.3, -0.4, 1)),
    "racked": ((0.08, 0.05, 0.16), (0.4, -1, 0.2)),
    "overhead": ((0.02, 0.98, 0.02), (1, 0, 0.3)),
    "sideways": ((0.98, -0.02, 0.05), (0, -1, -0.5)),
    "low_clasp": ((-0.30, -0.78, 0.30), (1, 0, -0.5)),
    "pockets": ((0.00, -0.84, 0.10), (1, 0, -1)),
    "folded": ((-0.42, -0.36, 0.30), (1, -0.6, 0.2)),
    "behind": ((-0.24, -0.72, -0.26), (1, 0, -1)),
    "phone": ((-0.10, -0.20, 0.45), (0.6, -1, 0)),
    "ear": ((-0.10, 0.28, 0.08), (0.8, -0.8, 0.3)),
    "mouth": ((-0.28, 0.20, 0.30), (0.7, -0.8, 0.2)),
    "knees": ((-0.02, -0.55, 0.78), (0.8, 0, -0.4)),
    "boxer": ((-0.14, 0.05, 0.36), (0.5, -1, 0.1)),
}


def frames_of(*values: ArrayLike) -> int:
    """Number of frames that arrays (T,) and numbers broadcast to."""
    return int(np.broadcast_shapes((1,), *(np.shape(value) for value in values))[0])


def standing(
    body: Body,
    *,
    drop: ArrayLike = 0.01,
    back: ArrayLike = 0.0,
    aside: ArrayLike = 0.0,
    lean: ArrayLike = 0.0,
    pelvis_lean: ArrayLike | None = None,
    side_lean: ArrayLike = 0.0,
    twist: ArrayLike = 0.0,
    stance: float = 0.02,
    toe: float = 10.0,
    valgus: ArrayLike = 0.0,
    look: float = 0.0,
) -> Posture:
    """On both feet, arms hanging. Lengths in metres, angles in degrees; each may be an array (T,).

    ``drop`` lowers, ``back`` and ``aside`` shift the pelvis; ``lean`` and ``side_lean`` (positive to the right) bend
    the chest; ``stance`` moves each foot out from under its hip; ``valgus`` pulls the knees in; ``look`` tips the head.
    """
    frames = frames_of(drop, back, aside, lean, side_lean, twist, valgus)
    drop, back, aside, lean, side_lean, twist, valgus = (
        np.broadcast_to(np.asarray(value, float), frames)
        for value in (drop, back, aside, lean, side_lean, twist, valgus)
    )
    pelvis = np.stack([aside, body.hip_height - drop, -back], axis=-1)
    pelvis_angle = lean * 0.85 if pelvis_lean is None else np.broadcast_to(pelvis_lean, frames)
    pelvis_rot = rotate_y(twist * 0.4) @ rotate_z(side_lean * 0.2) @ rotate_x(pelvis_angle)
    chest_rot = rotate_y(twist) @ rotate_z(side_lean) @ rotate_x(lean)
    head_rot = rotate_y(twist) @ rotate_z(side_lean * 0.5) @ rotate_x(lean * 0.4 + look)
    ankles = SIDES[:, None] * X * (body.hips / 2 + stance) + Y * body.ankle
    outward = np.sin(np.radians(toe)) - valgus
    hint = SIDES[:, None] * X * outward[:, None, None] + Z
    feet = direction(90, 0) * np.cos(np.radians(toe)) + SIDES[:, None] * X * np.sin(np.radians(toe))
    return planted(body, pelvis, pelvis_rot, chest_rot, head_rot, np.broadcast_to(ankles, (frames, 2, 3)), hint, feet)


def planted(
    body: Body,
    pelvis: Array,
    pelvis_rot: Array,
    chest_rot: Array,
    head_rot: Array,
    ankles: Array,
    knee_hint: Array,
    feet: Array,
) -> Posture:
    """A trunk on legs whose ankles are where they are put; arms hanging."""
    frames = len(pelvis)
    hips = hip_points(body, pelvis, pelvis_rot)
    thigh, shin = two_bone(hips, ankles, body.thigh, body.shin, knee_hint)
    hanging = np.broadcast_to(-Y, (frames, 2, 3)).copy()
    posture = Posture(
        pelvis,
        pelvis_rot,
        chest_rot,
        head_rot,
        hanging,
        hanging.copy(),
        hanging.copy(),
        thigh,
        shin,
        np.broadcast_to(unit(feet), (frames, 2, 3)).copy(),
        np.zeros((frames, 2)),
    )
    return hang_arms(posture)


def hang_arms(posture: Posture, elevation: ArrayLike = 8.0, flexion: ArrayLike = 14.0) -> Posture:
    """Arms hanging by gravity, whatever the trunk does."""
    frames = len(posture)
    posture.upper_arm = np.broadcast_to(direction(elevation, 80), (frames, 2, 3)).copy()
    posture.forearm = np.broadcast_to(
        bend(posture.upper_arm, flexion, Z - 0.4 * SIDES[:, None] * X), (frames, 2, 3)
    ).copy()
    posture.hand = posture.forearm.copy()
    return posture


def seated(
    body: Body,
    *,
    lean: ArrayLike = 0.0,
    height: float = 0.0,
    spread: float = 15.0,
    reach: float = 0.0,
    side_lean: ArrayLike = 0.0,
    twist: ArrayLike = 0.0,
) -> Posture:
    """On a seat ``height`` metres above (below) knee height; ``reach`` moves the feet forward; arms hanging."""
    frames = frames_of(lean, side_lean, twist)
    lean, side, twist = (np.broadcast_to(np.asarray(v, float), frames) for v in (lean, side_lean, twist))
    pelvis = np.broadcast_to(Y * (body.shin + body.ankle + height), (frames, 3))
    chest_rot = rotate_y(twist) @ rotate_z(side) @ rotate_x(lean)
    outward = np.radians(spread)
    ankles = SIDES[:, None] * X * (body.hips / 2 + body.thigh * np.sin(outward)) + Y * body.ankle
    ankles = ankles + Z * (body.thigh * np.cos(outward) + reach)
    feet = direction(90, 0) + SIDES[:, None] * X * 0.2
    return planted(
        body,
        pelvis,
        rotate_x(lean * 0.8),
        chest_rot,
        chest_rot @ rotate_x(-lean * 0.5),
        np.broadcast_to(ankles, (frames, 2, 3)),
        Y * 1.0 + SIDES[:, None] * X * 0.2 + Z * 0.5,
        feet,
    )


def kneeling(
    body: Body, *, lean: ArrayLike = 0.0, side_lean: ArrayLike = 0.0, twist: ArrayLike = 0.0, half: bool = False
) -> Posture:
    """On both knees, or on the right knee with the left foot in front; arms hanging."""
    frames = frames_of(lean, side_lean, twist)
    lean, side, twist = (np.broadcast_to(np.asarray(v, float), frames) for v in (lean, side_lean, twist))
    pelvis = np.broadcast_to(Y * (body.thigh * 0.99 + 0.05), (frames, 3))
    ankles = SIDES[:, None] * X * body.hips / 2 + Y * 0.06 - Z * body.shin * 0.98
    hint = np.broadcast_to(Z - 0.3 * Y, (2, 3)).copy()
    feet = np.broadcast_to(-Z - 0.3 * Y, (2, 3)).copy()
    if half:
        ankles[0] = X * body.hips / 2 + Y * body.ankle + Z * body.thigh
        hint[0] = Y
        feet[0] = Z
    chest_rot = rotate_y(twist) @ rotate_z(side) @ rotate_x(lean)
    return planted(
        body,
        pelvis,
        rotate_x(lean * 0.8),
        chest_rot,
        chest_rot @ rotate_x(-lean * 0.5),
        np.broadcast_to(ankles, (frames, 2, 3)),
        hint,
        feet,
    )


def lying(
    body: Body,
    *,
    pitch: ArrayLike = -90.0,
    pelvis_pitch: ArrayLike | None = None,
    feet_at: float = 0.55,
    knees_out: float = 0.12,
    lift: float = 0.0,
) -> Posture:
    """On the back (chest ``pitch`` -90) or risen from it (0: trunk upright); arms hanging.

    ``feet_at`` is the distance from hip to ankle in leg lengths (1: legs straight), ``lift`` raises the feet (m).
    """
    frames = frames_of(pitch)
    pitch = np.broadcast_to(np.asarray(pitch, float), frames)
    pelvis_angle = -90 + (pitch + 90) * 0.55 if pelvis_pitch is None else np.broadcast_to(pelvis_pitch, frames)
    ankles = SIDES[:, None] * X * (body.hips / 2 * 1.1) + Y * (body.ankle + lift) + Z * body.leg * feet_at
    feet = Z + Y * (0.9 if feet_at > 0.85 else 0.1) + SIDES[:, None] * X * 0.15
    return planted(
        body,
        np.broadcast_to(Y * 0.11, (frames, 3)),
        rotate_x(pelvis_angle),
        rotate_x(pitch),
        rotate_x(np.minimum(pitch + 12, 20)),
        np.broadcast_to(ankles, (frames, 2, 3)),
        Y + SIDES[:, None] * X * knees_out,
        feet,
    )


def reach_to(body: Body, posture: Posture, target: Array, hint: Array, side: slice | int = slice(None)) -> Posture:
    """Put the wrists at ``target`` (T, 2, 3) in the world, elbows towards ``hint``; one side only if ``side`` says."""
    upper, lower = two_bone(shoulder_points(body, posture), target, body.upper_arm, body.forearm, hint)
    posture.upper_arm = posture.upper_arm.copy()
    posture.forearm, posture.hand = posture.forearm.copy(), posture.hand.copy()
    posture.upper_arm[:, side], posture.forearm[:, side] = upper[:, side], lower[:, side]
    posture.hand[:, side] = lower[:, side]
    return posture


def place_arms(
    body: Body, posture: Posture, place: str, *, shift: ArrayLike = 0.0, side: slice | int = slice(None)
) -> Posture:
    """Put the hands at one of `ARM_PLACES`; ``shift`` moves them (same units and axes)."""
    if place == "hang":
        return posture
    (where, elbow) = ARM_PLACES[place]
    outward = np.stack([SIDES, np.ones(2), np.ones(2)], axis=-1)
    target = (np.array(where) + np.asarray(shift, float)) * outward * body.arm
    chest = posture.chest_rot[:, None]
    return reach_to(
        body,
        posture,
        shoulder_points(body, posture) + apply(chest, target),
        apply(chest, np.array(elbow) * outward),
        side,
    )


def give_arms(posture: Posture, upper: Array, forearm: Array) -> Posture:
    """Set the directions (T, 2, 3) of both arms; the hands continue the forearms."""
    posture.upper_arm, posture.forearm, posture.hand = upper, forearm, forearm.copy()
    return posture
