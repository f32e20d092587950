"""Rhythmic movements that are none of the ten exercises: walking, circles, twists, swings, punches.

Each function takes the body, the time (T,) in seconds and a random generator, and returns a `Posture` of T frames.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from deepfit_nb.training.body import Body, Posture
from deepfit_nb.training.exercises_floor import pushups
from deepfit_nb.training.geometry import (
    SIDES,
    Array,
    X,
    Y,
    Z,
    bend,
    direction,
    lerp,
    rotate_x,
    rotate_y,
    unit,
)
from deepfit_nb.training.noise import wander
from deepfit_nb.training.stances import lying, place_arms, planted, seated, standing
from deepfit_nb.training.style import Style

Cycle = Callable[[Body, Array, np.random.Generator], Posture]


def _walking(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    return _gait(
        body,
        time_s,
        rate=rng.uniform(0.6, 1.1),
        stride=rng.uniform(0.12, 0.30),
        lift=0.08,
        arms=rng.uniform(5, 35),
        speed=rng.uniform(0, 0.9),
        elbow=rng.uniform(5, 40),
    )


def _marching(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """Marching or running on the spot, high knees included."""
    return _gait(
        body,
        time_s,
        rate=rng.uniform(0.7, 1.6),
        stride=rng.uniform(0.0, 0.08),
        lift=rng.uniform(0.12, 0.42),
        arms=rng.uniform(0, 45),
        speed=0.0,
        elbow=rng.uniform(10, 95),
    )


def _gait(
    body: Body, time_s: Array, *, rate: float, stride: float, lift: float, arms: float, speed: float, elbow: float
) -> Posture:
    turn = 2 * np.pi * rate * time_s[:, None] + np.array([0, np.pi])
    z, up = -np.cos(turn) * stride, np.maximum(np.sin(turn), 0) * lift
    ankles = SIDES[:, None] * X * body.hips * 0.45 + (body.ankle + up)[..., None] * Y + z[..., None] * Z
    pelvis = np.stack(
        [0.02 * np.sin(turn[:, 0]), body.hip_height - 0.03 + 0.015 * np.cos(2 * turn[:, 0]), np.zeros(len(time_s))], -1
    )
    level = rotate_y(6 * np.cos(turn[:, 0])) @ rotate_x(np.full(len(time_s), 3.0))
    posture = planted(body, pelvis, level, level, rotate_x(np.zeros(len(time_s))), ankles, Z, Z)
    posture.pelvis[:, 2] += speed * (time_s - time_s[0])
    swing = arms * np.cos(turn)
    posture.upper_arm = direction(np.abs(swing) + 6, np.where(swing > 0, 20, 160))
    posture.forearm = bend(posture.upper_arm, elbow, Z - 0.2 * SIDES[:, None] * X)
    posture.hand = posture.forearm.copy()
    return posture


def _arm_circles(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    posture = standing(body, drop=0.01 + 0 * time_s, stance=rng.uniform(-0.05, 0.1))
    turn = 2 * np.pi * rng.uniform(0.4, 1.6) * rng.choice([-1, 1]) * time_s
    radius = rng.choice([rng.uniform(3, 25), rng.uniform(25, 60)])
    posture.upper_arm = direction(
        (rng.uniform(75, 100) + radius * np.sin(turn))[:, None], (85 + radius * np.cos(turn))[:, None] + np.zeros(2)
    )
    posture.forearm = bend(posture.upper_arm, rng.uniform(0, 15), np.broadcast_to(Z, posture.upper_arm.shape))
    posture.hand = posture.forearm.copy()
    return posture


def _elbow_hinge(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """Upper arms held out, elbows opening and closing, forward, up or down."""
    posture = standing(body, drop=0.01 + 0 * time_s)
    swing = 0.5 - 0.5 * np.cos(
        2 * np.pi * rng.uniform(0.3, 0.9) * time_s[:, None] + np.array([0, rng.choice([0, np.pi])])
    )
    upper = direction(np.full((len(time_s), 2), rng.uniform(75, 100)), rng.uniform(70, 95))
    towards = unit(rng.uniform(0.0, 1.0) * Z + rng.choice([-1, 0.6]) * Y * rng.random())
    posture.upper_arm, posture.forearm = (
        upper,
        bend(upper, rng.uniform(60, 150) * swing, np.broadcast_to(towards, upper.shape)),
    )
    posture.hand = posture.forearm.copy()
    return posture


def _twists(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """Trunk twists: standing, sitting, or leaning back on the floor."""
    turn = rng.uniform(20, 55) * np.sin(2 * np.pi * rng.uniform(0.3, 1.2) * time_s)
    kind = rng.integers(3)
    arms = str(rng.choice(["clasped", "goblet", "front", "crossed", "hips", "sideways", "prisoner"]))
    if kind == 0:
        return place_arms(body, standing(body, twist=turn), arms)
    if kind == 1:
        return place_arms(body, seated(body, twist=turn), arms)
    # Leaning back unsteadily: the trunk rocks a little with every twist.
    pitch = rng.uniform(-65, -15) + rng.uniform(0, 8) * np.sin(2 * np.pi * rng.uniform(0.5, 1.5) * time_s)
    posture = lying(
        body, pitch=pitch, feet_at=rng.uniform(0.45, 0.9), lift=rng.uniform(0, 0.35), knees_out=rng.uniform(0, 0.5)
    )
    posture.chest_rot = posture.chest_rot @ rotate_y(turn)
    return place_arms(body, posture, str(rng.choice(["clasped", "goblet"])))


def _side_bends(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    tilt = rng.uniform(12, 30) * np.sin(2 * np.pi * rng.uniform(0.2, 0.6) * time_s)
    return place_arms(body, standing(body, side_lean=tilt), str(rng.choice(["hips", "prisoner", "down", "overhead"])))


def _calf_raises(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    rise = 0.07 * (0.5 - 0.5 * np.cos(2 * np.pi * rng.uniform(0.3, 0.8) * time_s))
    posture = place_arms(body, standing(body, drop=0.01 + 0 * rise), str(rng.choice(["down", "hips", "racked"])))
    posture.pelvis[:, 1] += rise
    return posture


def _bows(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """Good mornings and stiff-legged lifts: the trunk goes down, the knees do not bend much, the arms do not pull."""
    s = 0.5 - 0.5 * np.cos(2 * np.pi * rng.uniform(0.25, 0.5) * time_s)
    posture = standing(body, drop=0.02 + 0.05 * s, back=0.18 * s, lean=rng.uniform(50, 90) * s)
    arms = str(rng.choice(["prisoner", "bar_back", "hang", "hips"]))
    return place_arms(body, posture, arms)


def _punches(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    turn = 2 * np.pi * rng.uniform(0.5, 1.5) * time_s
    posture = standing(body, drop=0.05 + 0 * turn, twist=12 * np.sin(turn))
    guard = place_arms(body, posture[:], "boxer")
    for side, phase in ((0, 0.0), (1, np.pi)):
        out = np.maximum(np.sin(turn + phase), 0)
        reached = place_arms(body, posture[:], "front")
        for name in ("upper_arm", "forearm", "hand"):
            blended = unit(lerp(getattr(guard, name)[:, side], getattr(reached, name)[:, side], out[:, None]))
            getattr(guard, name)[:, side] = blended
    return guard


def _climbers(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """Mountain climbers: a plank in which the knees come forward in turn."""
    posture = pushups(body, np.zeros((len(time_s), 2)), np.zeros(len(time_s), np.intp), Style({"width": 0.05}))
    drive = np.maximum(np.sin(2 * np.pi * rng.uniform(0.5, 1.3) * time_s[:, None] + np.array([0, np.pi])), 0)
    forward = unit(posture.thigh * 0.2 - Y * 0.6 + Z * 0.8)
    posture.thigh = unit(lerp(posture.thigh, forward, drive[..., None]))
    posture.shin = unit(lerp(posture.shin, -Z - 0.2 * Y, drive[..., None]))
    return posture


def _bridges(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    s = 0.5 - 0.5 * np.cos(2 * np.pi * rng.uniform(0.25, 0.5) * time_s)
    posture = lying(body, pitch=-90 - 22 * s, pelvis_pitch=-90 - 22 * s, feet_at=0.5)
    pelvis = posture.pelvis + Y * (0.22 * s)[:, None]
    ankles = SIDES[:, None] * X * body.hips / 2 + Y * body.ankle + Z * body.leg * 0.5
    return place_arms(
        body,
        planted(
            body,
            pelvis,
            posture.pelvis_rot,
            posture.chest_rot,
            posture.head_rot,
            np.broadcast_to(ankles, (len(s), 2, 3)),
            Y,
            Z,
        ),
        "down",
    )


def _waving(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    posture = place_arms(body, standing(body, drop=0.01 + 0 * time_s), "hang")
    side = int(rng.integers(2))
    upper = direction(np.full((len(time_s), 2), rng.uniform(60, 130)), 80)
    swing = rng.uniform(60, 110) + 25 * np.sin(2 * np.pi * rng.uniform(0.8, 2.0) * time_s)[:, None]
    forearm = bend(upper, np.repeat(swing, 2, 1), np.broadcast_to(Y, upper.shape))
    posture.upper_arm[:, side], posture.forearm[:, side] = upper[:, side], forearm[:, side]
    posture.hand = posture.forearm.copy()
    return posture


def _gesturing(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """Talking with the hands: the forearms move about in front of the trunk, with no rhythm."""
    if rng.random() < 0.3:
        posture = seated(body, lean=rng.uniform(-10, 20) + 3 * wander(rng, time_s, 1.5))
    else:
        posture = standing(body, lean=3 * wander(rng, time_s, 1.5), twist=8 * wander(rng, time_s, 2.0))
    lively = rng.uniform(0.3, 1.0, 2) * (rng.random(2) < 0.8)
    period = rng.uniform(0.35, 1.0)
    upper = direction(
        np.clip(rng.uniform(8, 35, 2) + 14 * lively * wander(rng, time_s, period, (2,)), 0, 90),
        rng.uniform(10, 90, 2) + 25 * lively * wander(rng, time_s, period, (2,)),
    )
    flexion = np.clip(rng.uniform(30, 105, 2) + 32 * lively * wander(rng, time_s, period, (2,)), 3, 145)
    if rng.random() < 0.25:
        # Some people beat time as they talk: regular, but small, and never from hanging to folded.
        beat = np.sin(2 * np.pi * rng.uniform(0.4, 1.3) * time_s)[:, None] + np.array([0.0, rng.normal(0, 0.4)])
        flexion = np.clip(rng.uniform(65, 100, 2) + rng.uniform(5, 18) * lively * beat, 3, 145)
    towards = unit(Z + 0.5 * wander(rng, time_s, period, (2, 3)) - 0.4 * SIDES[:, None] * X)
    posture.upper_arm, posture.forearm = upper, bend(upper, flexion, towards)
    posture.hand = posture.forearm.copy()
    return posture


def _arm_swings(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """Loose swings of straight arms, forward and back or across the chest, together or in turn."""
    posture = standing(body, drop=0.02 + 0 * time_s)
    turn = 2 * np.pi * rng.uniform(0.4, 1.2) * time_s[:, None] + np.array([0, rng.choice([0, np.pi])])
    if rng.random() < 0.5:
        swing = rng.uniform(20, 60) + rng.uniform(30, 60) * np.sin(turn)
        upper = direction(np.abs(swing), np.where(swing > 0, 10, 170))
    else:
        upper = direction(np.full((len(time_s), 2), rng.uniform(70, 95)), 40 + 60 * np.sin(turn))
    posture.upper_arm, posture.forearm = upper, bend(upper, rng.uniform(0, 30), np.broadcast_to(Z, upper.shape))
    posture.hand = posture.forearm.copy()
    return posture


def _leg_swings(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """One leg lifted again and again to the side, forward or back, the other standing."""
    posture = place_arms(
        body, standing(body, drop=0.01 + 0 * time_s), str(rng.choice(["hips", "hang", "clasped", "sideways"]))
    )
    swing = rng.uniform(15, 60) * np.maximum(np.sin(2 * np.pi * rng.uniform(0.3, 0.9) * time_s), 0)
    side, plane = int(rng.integers(2)), rng.choice([0.0, 85.0, 175.0])
    leg = direction(np.repeat(swing[:, None], 2, 1), plane)[:, side]
    posture.thigh[:, side] = leg
    posture.shin[:, side] = bend(leg, rng.uniform(0, 60), np.broadcast_to(-Z, leg.shape))
    return posture


def _step_touch(body: Body, time_s: Array, rng: np.random.Generator) -> Posture:
    """From foot to foot, the weight going with it."""
    turn = 2 * np.pi * rng.uniform(0.3, 0.8) * time_s
    posture = standing(
        body,
        aside=rng.uniform(0.05, 0.2) * np.sin(turn),
        drop=0.03 + 0.02 * np.cos(2 * turn),
        stance=rng.uniform(0.05, 0.2),
    )
    return place_arms(body, posture, str(rng.choice(["hips", "boxer", "hang", "clasped"])))


CYCLES: Final[dict[str, Cycle]] = {
    "walking": _walking,
    "marching": _marching,
    "arm_circles": _arm_circles,
    "elbow_hinge": _elbow_hinge,
    "twists": _twists,
    "side_bends": _side_bends,
    "calf_raises": _calf_raises,
    "bows": _bows,
    "punches": _punches,
    "climbers": _climbers,
    "bridges": _bridges,
    "waving": _waving,
    "gesturing": _gesturing,
    "arm_swings": _arm_swings,
    "leg_swings": _leg_swings,
    "step_touch": _step_touch,
}
