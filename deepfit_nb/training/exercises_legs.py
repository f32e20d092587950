"""Squats, lunges and jumping jacks. The arguments are those of `deepfit_nb.training.exercises.Motion`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.training.body import Body, Posture
from deepfit_nb.training.geometry import (
    SIDES,
    Array,
    X,
    Y,
    Z,
    apply,
    bend,
    direction,
    lerp,
    rotate_x,
    rotate_y,
    smoothstep,
)
from deepfit_nb.training.stances import (
    give_arms,
    hang_arms,
    place_arms,
    planted,
    standing,
)
from deepfit_nb.training.style import Style


def squats(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    s = amount[:, 0]
    drop = style.number("depth", 0.5) * body.leg * s + 0.01
    posture = standing(
        body,
        drop=drop,
        back=drop * style.number("hips_back", 0.5),
        lean=style.number("lean", 35) * s,
        aside=style.number("shift", 0) * s,
        stance=style.number("stance", 0.05),
        toe=style.number("toe", 20),
        valgus=style.number("valgus", 0) * s,
        look=style.number("look", 0),
    )
    arms = style.word("arms", "front")
    if arms == "hang":
        return hang_arms(posture)
    if arms not in ("front", "swing"):
        return place_arms(body, posture, arms, shift=style.vector("hands"))
    posture = place_arms(body, posture, "front", shift=style.vector("hands"))
    # Arms held out in front stay level, more or less, as the trunk leans.
    lift = rotate_x(-style.number("level", 0.5) * style.number("lean", 35) * s)[:, None]
    posture = give_arms(posture, apply(lift, posture.upper_arm), apply(lift, posture.forearm))
    if arms == "front":
        return posture
    return Posture.blend(place_arms(body, posture[:], "down"), posture, smoothstep(s * 1.2))


def lunges(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    s = amount[:, 0]
    kind = style.word("kind", "split")
    # Which leg leads: always the same one in a split stance, else as the style says from rep to rep.
    turns = style.flag("alternate") or kind == "walking"
    lead = (np.full(len(s), style.flag("right_first")) ^ (turns & (rep % 2 == 1))).astype(np.intp)
    step = np.ones_like(s) if kind == "split" else smoothstep(s / 0.55)
    down = s if kind == "split" else smoothstep((s - 0.25) / 0.75)
    length = style.number("step", 0.75) * body.leg
    depth = style.number("depth", 0.42) * body.leg
    if kind == "lateral":
        return _lateral_lunge(body, step, down, lead, style)
    lift = 0.10 * np.sin(np.pi * np.clip(step, 0, 1)) * (kind != "split")
    front_z = length * (0.5 if kind != "reverse" else 0.0) * step + (0.5 * length * step if kind == "forward" else 0)
    rear_z = front_z - length * step
    rising = _past_the_bottom(s, rep) if kind == "walking" else np.zeros(len(s), bool)
    if kind == "walking":
        # On the way up the rear foot comes forward to the front one, and the next step begins there.
        rear_z = length * (rep + rising * (1 - step))
        front_z = rear_z + length * step
    # The pelvis rides between the feet, nearer to the front one.
    pelvis_z = rear_z + (front_z - rear_z) * 0.48
    fall = body.leg - np.sqrt(np.maximum(body.leg**2 - (0.5 * length * step) ** 2, 0.0))
    lean = style.number("lean", 5) * down
    pelvis = np.stack([np.zeros_like(s), body.hip_height - 0.01 - fall - depth * down, pelvis_z], -1)
    ankles = np.zeros((len(s), 2, 3))
    ankles[...] = SIDES[:, None] * X * (body.hips / 2 + style.number("width", 0)) + Y * body.ankle
    rows = np.arange(len(s))
    ankles[rows, lead, 2] += front_z
    ankles[rows, 1 - lead, 2] += rear_z
    moving = np.where(rising | (kind == "reverse"), 1 - lead, lead)
    ankles[rows, moving, 1] += lift
    # The rear foot stands on its toes, or in a split squat on a bench.
    ankles[rows, 1 - lead, 1] += step * (0.08 + 0.05 * down) + style.number("rear_up", 0) * (kind == "split")
    hint = np.zeros((len(s), 2, 3)) + Z + SIDES[:, None] * X * 0.1
    hint[rows, 1 - lead] = Z - 0.6 * Y * down[:, None]
    heel = np.radians(60) * step
    feet = np.zeros((len(s), 2, 3)) + Z
    feet[rows, 1 - lead] = Z * np.cos(heel)[:, None] - Y * np.sin(heel)[:, None]
    chest = rotate_y(style.number("twist", 0)) @ rotate_x(lean)
    posture = planted(body, pelvis, rotate_x(lean * 0.7), chest, rotate_x(lean * 0.3), ankles, hint, feet)
    return place_arms(body, posture, style.word("arms", "hips"), shift=style.vector("hands"))


def _past_the_bottom(s: Array, rep: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(T,) whether the lowest frame of its rep is over."""
    frames = np.arange(len(s))
    past = np.zeros(len(s), bool)
    for number in np.unique(rep):
        own = rep == number
        past[own] = frames[own] > frames[own][s[own].argmax()]
    return past


def _lateral_lunge(body: Body, step: Array, down: Array, lead: NDArray[np.intp], style: Style) -> Posture:
    rows, sign = np.arange(len(step)), SIDES[lead]
    width = style.number("step", 0.75) * body.leg * step
    ankles = np.zeros((len(step), 2, 3)) + SIDES[:, None] * X * body.hips / 2 + Y * body.ankle
    ankles[rows, lead, 0] += sign * width
    pelvis = np.stack(
        [
            sign * width * (0.5 + 0.3 * down),
            body.hip_height - 0.01 - 0.22 * width - style.number("depth", 0.42) * body.leg * 0.8 * down,
            -0.15 * body.leg * down,
        ],
        -1,
    )
    lean = (style.number("lean", 5) + 20) * down
    feet = Z + SIDES[:, None] * X * 0.2
    posture = planted(
        body,
        pelvis,
        rotate_x(lean * 0.8),
        rotate_x(lean),
        rotate_x(lean * 0.3),
        ankles,
        Z + SIDES[:, None] * X * 0.4,
        feet,
    )
    return place_arms(body, posture, style.word("arms", "clasped"), shift=style.vector("hands"))


def jumping_jacks(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    s = amount[:, 0]
    spread = lerp(style.number("feet_in", -0.05), style.number("feet_out", 0.28), s)
    hop = style.number("hop", 0.06) * np.sin(np.pi * s) ** 2
    frames = len(s)
    out = np.repeat(spread[:, None], 2, 1)
    if style.flag("step"):
        # Stepping jacks: one foot at a time, the other stays under its hip.
        out = np.where(np.arange(2) == (rep % 2)[:, None], out, style.number("feet_in", -0.05))
        hop = hop * 0
    lateral = SIDES * (body.hips / 2 + out)
    shift = lateral.mean(1)
    widest = np.abs(lateral - shift[:, None]).max(1) - body.hips / 2
    height = np.sqrt((body.leg * 0.998) ** 2 - np.clip(widest, 0, body.leg * 0.7) ** 2) + body.ankle
    soft = style.number("soft", 0.02) * body.leg * (1 - np.abs(2 * s - 1))
    pelvis = np.stack([shift, height + hop - soft - 0.005, np.zeros(frames)], -1)
    ankles = lateral[..., None] * X + Y * (body.ankle + hop[:, None, None])
    upright = rotate_x(np.full(frames, style.number("lean", 2)))
    feet = Z + SIDES[:, None] * X * 0.25 - Y * (hop * 5)[:, None, None]
    posture = planted(body, pelvis, upright, upright, upright, ankles, Z + SIDES[:, None] * X * 0.3, feet)
    arms = smoothstep(s) if style.flag("snap") else s
    upper = direction(
        lerp(style.number("rest", 10), style.number("top", 165), arms)[:, None], style.number("plane", 85)
    )
    elbow = lerp(style.number("elbow_low", 12), style.number("elbow_high", 20), arms)[:, None]
    inward = -SIDES[:, None] * X * lerp(0.0, 1.0, arms)[:, None, None] + Z * (1.1 - arms)[:, None, None]
    posture.shrug = np.repeat((0.05 * arms)[:, None], 2, 1)
    return give_arms(posture, apply(upright[:, None], upper), apply(upright[:, None], bend(upper, elbow, inward)))
