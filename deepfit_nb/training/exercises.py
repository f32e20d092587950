"""The ten exercises as motions: amount of the rep in, posture out.

Each function takes the body, ``amount`` (T, 2), how far the left and the right side are through the rep (0 at its
start, 1 at its peak; both columns alike where the sides cannot differ), the number of the rep in each frame ``rep``
(T,), and a style drawn by `deepfit_nb.training.styles`. What a style holds is listed there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.training.body import Body, Posture, chest_top
from deepfit_nb.training.geometry import (
    SIDES, X, Y, Z, Array, apply, bend, direction, lerp, rotate_x, rotate_y, smoothstep, unit,
)  # fmt: skip
from deepfit_nb.training.stances import (
    hang_arms, kneeling, lying, place_arms, planted, reach_to, seated, standing,
)  # fmt: skip
from deepfit_nb.training.styles import Style

Motion = Callable[[Body, Array, NDArray[np.intp], Style], Posture]


def base(body: Body, style: Style, frames: int, *, lean: float | Array = 0.0, side_lean: float | Array = 0.0) -> Posture:
    """What an arm exercise is done on: standing, with soft knees, seated, or kneeling."""
    lean = np.broadcast_to(np.asarray(lean, float) + style.number("lean", 0), frames)
    twist = style.number("twist", 0)
    kind = style.word("base", "standing")
    if kind == "seated":
        return seated(body, lean=lean, side_lean=side_lean, twist=twist, height=style.number("seat", 0), spread=style.number("spread", 15))
    if kind in ("kneeling", "half_kneeling"):
        return kneeling(body, lean=lean, side_lean=side_lean, twist=twist, half=kind == "half_kneeling")
    soft = style.number("soft", 0.01) * body.leg
    return standing(
        body, drop=soft + np.zeros(frames), back=soft * 0.4, lean=lean, side_lean=side_lean, twist=twist,
        stance=style.number("stance", 0.02), look=style.number("look", 0),
    )  # fmt: skip


def squats(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    s = amount[:, 0]
    drop = style.number("depth", 0.5) * body.leg * s + 0.01
    posture = standing(
        body, drop=drop, back=drop * style.number("hips_back", 0.5), lean=style.number("lean", 35) * s,
        aside=style.number("shift", 0) * s, stance=style.number("stance", 0.05), toe=style.number("toe", 20),
        valgus=style.number("valgus", 0) * s, look=style.number("look", 0),
    )  # fmt: skip
    arms = style.word("arms", "front")
    if arms == "swing":
        low = place_arms(body, posture[:], "down")
        return Posture.blend(low, place_arms(body, posture[:], "front"), smoothstep(s * 1.2))
    if arms == "hang":
        return hang_arms(posture)
    return place_arms(body, posture, arms, shift=style.vector("hands"))


def lunges(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    s = amount[:, 0]
    kind = style.word("kind", "split")
    # Which leg leads: always the same one in a split stance, else as the style says from rep to rep.
    lead = (np.full(len(s), style.flag("right_first")) ^ (style.flag("alternate") & (rep % 2 == 1))).astype(np.intp)
    step = np.ones_like(s) if kind == "split" else smoothstep(s / 0.55)
    down = s if kind == "split" else smoothstep((s - 0.25) / 0.75)
    length = style.number("step", 0.75) * body.leg
    depth = style.number("depth", 0.42) * body.leg
    if kind == "lateral":
        return _lateral_lunge(body, step, down, lead, style)
    lift = 0.10 * np.sin(np.pi * np.clip(step, 0, 1)) * (kind != "split")
    front_z = length * (0.5 if kind != "reverse" else 0.0) * step + (0.5 * length * step if kind == "forward" else 0)
    rear_z = front_z - length * step
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
    moving = 1 - lead if kind == "reverse" else lead
    ankles[rows, moving, 1] += lift
    ankles[rows, 1 - lead, 1] += step * (0.08 + 0.05 * down)
    hint = np.zeros((len(s), 2, 3)) + Z + SIDES[:, None] * X * 0.1
    hint[rows, 1 - lead] = (Z - 0.6 * Y * down[:, None])
    heel = np.radians(60) * step
    feet = np.zeros((len(s), 2, 3)) + Z
    feet[rows, 1 - lead] = Z * np.cos(heel)[:, None] - Y * np.sin(heel)[:, None]
    chest = rotate_y(style.number("twist", 0)) @ rotate_x(lean)
    posture = planted(body, pelvis, rotate_x(lean * 0.7), chest, rotate_x(lean * 0.3), ankles, hint, feet)
    return place_arms(body, posture, style.word("arms", "hips"), shift=style.vector("hands"))


def _lateral_lunge(body: Body, step: Array, down: Array, lead: NDArray[np.intp], style: Style) -> Posture:
    rows, sign = np.arange(len(step)), SIDES[lead]
    width = style.number("step", 0.75) * body.leg * step
    ankles = np.zeros((len(step), 2, 3)) + SIDES[:, None] * X * body.hips / 2 + Y * body.ankle
    ankles[rows, lead, 0] += sign * width
    pelvis = np.stack(
        [sign * width * (0.5 + 0.3 * down), body.hip_height - 0.01 - 0.22 * width - style.number("depth", 0.42) * body.leg * 0.8 * down,
         -0.15 * body.leg * down], -1,
    )  # fmt: skip
    lean = (style.number("lean", 5) + 20) * down
    feet = Z + SIDES[:, None] * X * 0.2
    posture = planted(
        body, pelvis, rotate_x(lean * 0.8), rotate_x(lean), rotate_x(lean * 0.3), ankles, Z + SIDES[:, None] * X * 0.4, feet
    )
    return place_arms(body, posture, style.word("arms", "clasped"), shift=style.vector("hands"))


def bicep_curls(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    posture = base(
        body, style, len(amount), lean=-style.number("swing", 0) * amount.max(1),
        side_lean=style.number("heave", 0) * (amount[:, 0] - amount[:, 1]),
    )  # fmt: skip
    drift = style.number("rest", 4) + style.number("drift", 0) * amount
    flexion = lerp(style.number("open", 14), style.number("closed", 140), amount)
    inward = style.number("inward", 0)
    upper = direction(np.abs(drift) + 3, np.where(drift < 0, 150, 25 + style.number("flare", 0)))
    towards = direction(90, -inward)
    frame = posture.chest_rot[:, None] if not style.flag("incline") else np.eye(3)
    return _arms(posture, apply(frame, upper), apply(frame, bend(upper, flexion, towards)))


def dumbbell_shoulder_press(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    posture = base(body, style, len(amount), lean=-style.number("arch", 0) * amount.max(1))
    plane = style.number("plane", 80)
    upper = direction(lerp(style.number("low", 60), style.number("high", 165), amount), lerp(plane, min(plane + 15, 95), amount))
    inward = style.number("inward", 0)
    start = unit(Y + SIDES[:, None] * X * -inward * 0.3 + Z * style.number("ahead", 0.1))
    forearm = bend(upper, lerp(style.number("folded", 105), style.number("lockout", 8), amount), start - upper * 0.01)
    posture = _idle_arm(body, posture, amount, style)
    posture.shrug = 0.05 * amount
    return _working_arms(posture, amount, style, upper, forearm)


def lateral_shoulder_raises(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    posture = base(body, style, len(amount), lean=-style.number("swing", 0) * amount.max(1))
    upper = direction(lerp(style.number("rest", 8), style.number("top", 90), amount), style.number("plane", 80))
    forearm = bend(upper, style.number("elbow", 15), Z - 0.5 * Y * amount[..., None])
    posture = _idle_arm(body, posture, amount, style)
    posture.shrug = 0.02 * amount
    return _working_arms(posture, amount, style, upper, forearm)


def tricep_extensions(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    posture = base(body, style, len(amount))
    # The elbow may wander off at either end: "drift" where it is bent, "fall" where it is straight.
    elevation = (
        style.number("elevation", 168) + style.number("drift", 0) * (1 - amount) - style.number("fall", 0) * amount
    )
    upper = direction(elevation, style.number("plane", 20))
    flexion = lerp(style.number("folded", 118), style.number("lockout", 12), amount)
    forearm = bend(upper, flexion, -Z - SIDES[:, None] * X * style.number("inward", 0.3))
    posture = _idle_arm(body, posture, amount, style)
    posture.shrug = np.full((len(amount), 2), 0.045)
    if style.flag("one_arm"):
        posture.shrug[:, 1 - style.index("side")] = 0
    return _working_arms(posture, amount, style, upper, forearm)


def dumbbell_rows(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    frames = len(amount)
    lean = style.number("torso", 60) - style.number("heave", 0) * amount.max(1)
    soft = style.number("soft", 0.08) * body.leg
    posture = standing(
        body, drop=soft + np.zeros(frames), back=0.16 * body.leg, lean=lean, stance=style.number("stance", 0.0),
        twist=style.number("twist", 0) * (amount[:, 1] - amount[:, 0]),
    )  # fmt: skip
    if style.flag("bench"):
        posture = _knee_on_bench(body, posture, 1 - style.index("side"))
    pull = style.number("pull", 75)
    back = np.radians(lerp(-3, pull, amount))
    out = style.number("flare", 0.15)
    upper = unit(np.stack([SIDES * (0.04 + out * amount), -np.cos(back), -np.sin(back)], -1))
    forearm = unit(np.stack([SIDES * (0.02 - 0.1 * out * amount), -np.ones_like(amount), 0.12 * amount], -1))
    if style.flag("one_arm"):
        side = 1 - style.index("side")
        support = style.word("support", "knee")
        if support == "back":
            posture = place_arms(body, posture, "behind", side=side)
        else:
            shoulder = chest_top(body, posture.pelvis, posture.pelvis_rot, posture.chest_rot)[:, None]
            below = body.arm * (0.93 if support == "bench" else 0.72)
            target = shoulder + SIDES[:, None] * X * body.shoulders * 0.45 - Y * below + Z * 0.06
            posture = reach_to(body, posture, target, -Z + SIDES[:, None] * X * 0.5)
    return _working_arms(posture, amount, style, upper, forearm, framed=False)


def _knee_on_bench(body: Body, posture: Posture, side: int) -> Posture:
    """One knee under its hip, the shin level behind it, as on a bench."""
    posture.thigh, posture.shin, posture.foot = posture.thigh.copy(), posture.shin.copy(), posture.foot.copy()
    posture.thigh[:, side] = unit(-Y + 0.1 * Z)
    posture.shin[:, side] = unit(-Z - 0.05 * Y)
    posture.foot[:, side] = unit(-Z - 0.3 * Y)
    return posture


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
    upper = direction(lerp(style.number("rest", 10), style.number("top", 165), arms)[:, None], style.number("plane", 85))
    elbow = lerp(style.number("elbow_low", 12), style.number("elbow_high", 20), arms)[:, None]
    inward = -SIDES[:, None] * X * lerp(0.0, 1.0, arms)[:, None, None] + Z * (1.1 - arms)[:, None, None]
    posture.shrug = np.repeat((0.05 * arms)[:, None], 2, 1)
    return _arms(posture, apply(upright[:, None], upper), apply(upright[:, None], bend(upper, elbow, inward)))


def pushups(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    s = amount[:, 0]
    on_knees = style.flag("knees")
    hands_up, feet_up = style.number("hands_up", 0), style.number("feet_up", 0)
    rear = body.thigh if on_knees else body.leg
    pivot = Y * ((0.06 if on_knees else 0.11) + feet_up)
    line = rear + body.trunk
    palm = hands_up + 0.05
    high = palm + body.arm * 0.97
    width = style.number("width", 0.12)
    top = np.sqrt(max((body.arm * 0.985) ** 2 - width**2, 0.05)) + palm
    height = lerp(top, palm + style.number("bottom", 0.2) * body.arm, s)
    angle = np.degrees(np.arcsin(np.clip((height - pivot[1]) / line, -0.9, 0.95)))
    sag = style.number("sag", 0) + style.number("sag_more", 0) * s
    frame = rotate_x(90 - angle)
    along = apply(frame, Y)
    bow = np.degrees(np.arctan2(sag, rear * 0.6))
    pelvis = pivot + along * rear - apply(frame, -Z) * np.asarray(sag)[..., None]
    chest = frame @ rotate_x(-bow)
    head = chest @ rotate_x(style.number("look", -15))
    feet_x = SIDES[:, None] * X * (body.hips / 2 + style.number("feet", 0))
    if on_knees:
        raised = np.radians(style.number("shins", 20))
        ankles = pivot + feet_x + body.shin * (Y * np.sin(raised) - Z * np.cos(raised))
        feet = Y * np.sin(raised) - Z * np.cos(raised)
    else:
        ankles, feet = pivot + feet_x, -Y + 0.25 * Z
    posture = planted(
        body, pelvis, frame @ rotate_x(-bow * 0.8), chest, head, np.broadcast_to(ankles, (len(s), 2, 3)),
        -Y + 0.01 * Z, np.broadcast_to(feet, (2, 3)),
    )  # fmt: skip
    steep = np.degrees(np.arcsin(np.clip((high - pivot[1]) / line, -0.9, 0.95)))
    shoulder_z = line * np.cos(np.radians(steep)) + style.number("hands_ahead", 0) * body.arm
    target = SIDES[:, None] * X * (body.shoulders / 2 + width) + Y * palm + Z * shoulder_z
    flare = np.radians(style.number("flare", 45))
    hint = SIDES[:, None] * X * np.sin(flare) - Z * np.cos(flare) + Y * 0.3
    posture = reach_to(body, posture, np.broadcast_to(target, (len(s), 2, 3)), np.broadcast_to(hint, (len(s), 2, 3)))
    posture.hand = np.broadcast_to(unit(Z - 0.05 * Y), posture.hand.shape).copy()
    return posture


def situps(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    s = amount[:, 0]
    pitch = lerp(style.number("start", -88), style.number("end", 0), s)
    pelvis_pitch = -90 + np.clip(pitch + 60, 0, 90) * style.number("roll", 0.7)
    posture = lying(
        body, pitch=pitch, pelvis_pitch=pelvis_pitch, feet_at=style.number("feet_at", 0.6),
        knees_out=style.number("knees_out", 0.12), lift=style.number("lift", 0),
    )  # fmt: skip
    arms = style.word("arms", "prisoner")
    if arms == "reach":
        relaxed = place_arms(body, posture[:], "down", shift=(0.05, 0, 0.1))
        posture = Posture.blend(relaxed, place_arms(body, posture[:], "front", shift=(0.1, -0.25, 0)), smoothstep(s * 1.3))
    elif arms == "throw":
        behind = place_arms(body, posture[:], "overhead")
        posture = Posture.blend(behind, place_arms(body, posture[:], "front", shift=(0.1, -0.2, 0)), smoothstep(s * 1.2))
    else:
        posture = place_arms(body, posture, arms, shift=style.vector("hands"))
    slope = style.number("decline", 0)
    return posture.turned(rotate_x(-slope)) if slope else posture


def _arms(posture: Posture, upper: Array, forearm: Array) -> Posture:
    posture.upper_arm, posture.forearm, posture.hand = upper, forearm, forearm.copy()
    return posture


def _idle_arm(body: Body, posture: Posture, amount: Array, style: Style) -> Posture:
    """Where the arm that does not work is kept in one-arm work."""
    return place_arms(body, posture, style.word("idle_arm", "down")) if style.flag("one_arm") else posture


def _working_arms(
    posture: Posture, amount: Array, style: Style, upper: Array, forearm: Array, *, framed: bool = True
) -> Posture:
    """Give the arms their directions (in the chest's frame if ``framed``), only the working one in one-arm work."""
    if framed:
        upper, forearm = (apply(posture.chest_rot[:, None], v) for v in np.broadcast_arrays(upper, forearm))
    shape = posture.upper_arm.shape
    upper, forearm = np.broadcast_to(upper, shape).copy(), np.broadcast_to(forearm, shape).copy()
    if style.flag("one_arm"):
        other = 1 - style.index("side")
        upper[:, other], forearm[:, other] = posture.upper_arm[:, other], posture.forearm[:, other]
    return _arms(posture, upper, forearm)


MOTIONS: Final[dict[str, Motion]] = {
    "squats": squats,
    "lunges": lunges,
    "bicep_curls": bicep_curls,
    "situps": situps,
    "pushups": pushups,
    "tricep_extensions": tricep_extensions,
    "dumbbell_rows": dumbbell_rows,
    "jumping_jacks": jumping_jacks,
    "dumbbell_shoulder_press": dumbbell_shoulder_press,
    "lateral_shoulder_raises": lateral_shoulder_raises,
}
