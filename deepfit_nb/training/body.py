"""A body as a tree of segments: its proportions, its posture over time, and the 33 landmarks that follow."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from deepfit_nb.pose.keypoints import Landmark as L
from deepfit_nb.training.geometry import SIDES, Array, X, Y, apply, lerp, orthonormal, unit


@dataclass(frozen=True, slots=True)
class Body:
    """Segment lengths in metres. Means follow Drillis and Contini's fractions of stature (1966)."""

    stature: float = 1.72
    upper_arm: float = 0.30
    forearm: float = 0.26
    hand: float = 0.10
    thigh: float = 0.42
    shin: float = 0.42
    ankle: float = 0.08
    foot: float = 0.17
    trunk: float = 0.50
    shoulders: float = 0.36
    hips: float = 0.22
    neck: float = 0.10
    head: float = 0.10

    @classmethod
    def sample(cls, rng: np.random.Generator) -> Body:
        """A person: stature 1.50-1.98 m, each segment its own few per cent longer or shorter.

        One in five has a marked build: broad in the shoulders, short in the legs, or slight.
        """
        stature = float(np.clip(rng.normal(1.72, 0.10), 1.50, 1.98))
        mean = cls()
        sizes = {}
        for name in (field.name for field in fields(cls) if field.name != "stature"):
            spread = 0.10 if name in ("shoulders", "hips") else 0.05
            share = float(np.clip(rng.normal(1, spread), 0.8, 1.2))
            sizes[name] = getattr(mean, name) * share * stature / mean.stature
        if rng.random() < 0.2:
            sizes["shoulders"] *= float(rng.uniform(0.85, 1.45))
            legs = float(rng.uniform(0.72, 1.05))
            for name in ("thigh", "shin"):
                sizes[name] *= legs
        return cls(stature=stature, **sizes)

    @property
    def leg(self) -> float:
        """Hip to ankle, straight."""
        return self.thigh + self.shin

    @property
    def hip_height(self) -> float:
        """Height of the hips above the floor when standing straight."""
        return self.leg + self.ankle

    @property
    def arm(self) -> float:
        """Shoulder to wrist, straight."""
        return self.upper_arm + self.forearm


@dataclass(slots=True)
class Posture:
    """How a body is held in each of T frames.

    ``pelvis`` (T, 3) is the midpoint of the hips; ``pelvis_rot``, ``chest_rot`` and ``head_rot`` (T, 3, 3) turn the
    resting segments into the world; the limb fields are unit directions (T, 2, 3) from each joint to the next;
    ``shrug`` (T, 2) lifts the shoulders, in metres.
    """

    pelvis: Array
    pelvis_rot: Array
    chest_rot: Array
    head_rot: Array
    upper_arm: Array
    forearm: Array
    hand: Array
    thigh: Array
    shin: Array
    foot: Array
    shrug: Array

    def __len__(self) -> int:
        return len(self.pelvis)

    def __getitem__(self, index: slice | Array) -> Posture:
        return Posture(*(getattr(self, field.name)[index] for field in fields(self)))

    def repeat(self, frames: int) -> Posture:
        """A posture of one frame held for many."""
        return self[np.zeros(frames, np.intp)]

    def turned(self, rotation: Array) -> Posture:
        """The same posture turned about the origin by ``rotation`` (3, 3) or (T, 3, 3)."""
        limb = rotation[..., None, :, :] if rotation.ndim == 3 else rotation
        return Posture(
            apply(rotation, self.pelvis),
            rotation @ self.pelvis_rot,
            rotation @ self.chest_rot,
            rotation @ self.head_rot,
            apply(limb, self.upper_arm),
            apply(limb, self.forearm),
            apply(limb, self.hand),
            apply(limb, self.thigh),
            apply(limb, self.shin),
            apply(limb, self.foot),
            self.shrug,
        )

    @staticmethod
    def join(parts: list[Posture]) -> Posture:
        """Postures one after the other."""
        return Posture(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Posture)))

    @staticmethod
    def blend(first: Posture, second: Posture, amount: Array) -> Posture:
        """From ``first`` (amount 0) to ``second`` (amount 1), ``amount`` (T,); each has T frames or one."""

        def mix(name: str) -> Array:
            a, b = getattr(first, name), getattr(second, name)
            weight = amount.reshape(-1, *(1,) * (a.ndim - 1))
            mixed = lerp(a, b, weight)
            if name.endswith("_rot"):
                return orthonormal(mixed)
            if name in ("pelvis", "shrug"):
                return mixed
            # Opposite directions would meet at nothing: let the limb pass in front of the body instead.
            opposite = ((a * b).sum(-1, keepdims=True) < -0.8) * weight * (1 - weight)
            return unit(mixed + opposite * np.array([0.0, 0.0, 2.0]))

        return Posture(*(mix(field.name) for field in fields(Posture)))


def shoulder_points(body: Body, posture: Posture) -> Array:
    """(T, 2, 3) shoulder joints."""
    return _shoulders(body, posture.pelvis, posture.pelvis_rot, posture.chest_rot, posture.shrug)


def hip_points(body: Body, pelvis: Array, pelvis_rot: Array) -> Array:
    """(T, 2, 3) hip joints."""
    offset = SIDES[:, None] * X * body.hips / 2
    return pelvis[:, None] + apply(pelvis_rot[:, None], offset)


def chest_top(body: Body, pelvis: Array, pelvis_rot: Array, chest_rot: Array) -> Array:
    """(T, 3) the midpoint of the unshrugged shoulders: a two-segment spine, the lower part with the pelvis."""
    return pelvis + apply(pelvis_rot, Y * body.trunk * 0.4) + apply(chest_rot, Y * body.trunk * 0.6)


def _shoulders(body: Body, pelvis: Array, pelvis_rot: Array, chest_rot: Array, shrug: Array) -> Array:
    top = chest_top(body, pelvis, pelvis_rot, chest_rot)
    # A raised shoulder also moves towards the neck.
    offset = SIDES[:, None] * X * (body.shoulders / 2 - 0.25 * shrug[..., None]) + Y * shrug[..., None]
    return top[:, None] + apply(chest_rot[:, None], offset)


# Face landmarks from the centre of the head, in head lengths: x to the left, y up, z forward.
_FACE = {
    L.NOSE: (0.0, -0.05, 1.0),
    L.LEFT_EYE_INNER: (0.15, 0.30, 0.85),
    L.LEFT_EYE: (0.30, 0.30, 0.82),
    L.LEFT_EYE_OUTER: (0.45, 0.30, 0.75),
    L.LEFT_EAR: (0.75, 0.15, 0.0),
    L.MOUTH_LEFT: (0.25, -0.45, 0.80),
}


def landmarks(body: Body, posture: Posture) -> Array:
    """(T, 33, 3) BlazePose landmarks in the world of `deepfit_nb.training.geometry`."""
    points = np.empty((len(posture), 33, 3))
    shoulders = shoulder_points(body, posture)
    elbows = shoulders + posture.upper_arm * body.upper_arm
    wrists = elbows + posture.forearm * body.forearm
    hips = hip_points(body, posture.pelvis, posture.pelvis_rot)
    knees = hips + posture.thigh * body.thigh
    ankles = knees + posture.shin * body.shin
    for first, pair in ((11, shoulders), (13, elbows), (15, wrists), (23, hips), (25, knees), (27, ankles)):
        points[:, first : first + 2] = pair

    # Little finger, index finger and thumb fan out across the palm, which faces the trunk at rest.
    across = unit(np.cross(posture.hand, np.cross(posture.hand, posture.upper_arm + 0.3 * posture.forearm + 1e-3)))
    for first, along, aside in ((17, 0.85, -0.35), (19, 1.0, 0.1), (21, 0.45, 0.4)):
        points[:, first : first + 2] = wrists + body.hand * (along * posture.hand + aside * across)

    sole = unit(posture.shin - posture.foot * (posture.shin * posture.foot).sum(-1, keepdims=True))
    points[:, 29:31] = ankles + sole * body.ankle * 0.7 - posture.foot * body.foot * 0.25
    points[:, 31:33] = ankles + sole * body.ankle * 0.8 + posture.foot * body.foot * 0.75

    neck = chest_top(body, posture.pelvis, posture.pelvis_rot, posture.chest_rot) + apply(
        posture.chest_rot, Y * body.neck * 0.6
    )
    centre = neck + apply(posture.head_rot, Y * (body.neck * 0.5 + body.head * 0.8))
    for landmark, offset in _FACE.items():
        points[:, landmark] = centre + apply(posture.head_rot, np.array(offset) * body.head)
        mirrored = {L.NOSE: L.NOSE, L.LEFT_EAR: L.RIGHT_EAR, L.MOUTH_LEFT: L.MOUTH_RIGHT}.get(
            landmark, L(landmark + 3 if landmark else 0)
        )
        points[:, mirrored] = centre + apply(posture.head_rot, np.array(offset) * body.head * (-1, 1, 1))
    return points
