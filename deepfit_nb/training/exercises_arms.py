"""The exercises with dumbbells. The arguments are those of `deepfit_nb.training.exercises.Motion`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.training.body import Body, Posture, chest_top
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
    unit,
)
from deepfit_nb.training.stances import (
    give_arms,
    kneeling,
    place_arms,
    reach_to,
    seated,
    standing,
)
from deepfit_nb.training.style import Style


def base(
    body: Body, style: Style, frames: int, *, lean: float | Array = 0.0, side_lean: float | Array = 0.0
) -> Posture:
    """What an arm exercise is done on: standing, with soft knees, seated, or kneeling."""
    lean = np.broadcast_to(np.asarray(lean, float) + style.number("lean", 0), frames)
    twist = style.number("twist", 0)
    kind = style.word("base", "standing")
    if kind == "seated":
        return seated(
            body,
            lean=lean,
            side_lean=side_lean,
            twist=twist,
            height=style.number("seat", 0),
            spread=style.number("spread", 15),
        )
    if kind in ("kneeling", "half_kneeling"):
        return kneeling(body, lean=lean, side_lean=side_lean, twist=twist, half=kind == "half_kneeling")
    soft = style.number("soft", 0.01) * body.leg
    return standing(
        body,
        drop=soft + np.zeros(frames),
        back=soft * 0.4,
        lean=lean,
        side_lean=side_lean,
        twist=twist,
        stance=style.number("stance", 0.02),
        look=style.number("look", 0),
    )


def bicep_curls(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    posture = base(
        body,
        style,
        len(amount),
        lean=-style.number("swing", 0) * amount.max(1),
        side_lean=style.number("heave", 0) * (amount[:, 0] - amount[:, 1]),
    )
    drift = style.number("rest", 4) + style.number("drift", 0) * amount
    flexion = lerp(style.number("open", 14), style.number("closed", 140), amount)
    inward = style.number("inward", 0)
    upper = direction(np.abs(drift) + 3, np.where(drift < 0, 150, 25 + style.number("flare", 0)))
    towards = direction(90, -inward)
    frame = posture.chest_rot[:, None] if not style.flag("incline") else np.eye(3)
    posture = _idle_arm(body, posture, amount, style)
    forearm = bend(upper, flexion, towards)
    return _working_arms(posture, amount, style, apply(frame, upper), apply(frame, forearm), framed=False)


def dumbbell_shoulder_press(body: Body, amount: Array, rep: NDArray[np.intp], style: Style) -> Posture:
    posture = base(body, style, len(amount), lean=-style.number("arch", 0) * amount.max(1))
    plane = style.number("plane", 80)
    upper = direction(
        lerp(style.number("low", 60), style.number("high", 165), amount),
        lerp(plane, min(plane + style.number("turn", 15), 95), amount),
    )
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
        body,
        drop=soft + np.zeros(frames),
        back=0.16 * body.leg,
        lean=lean,
        stance=style.number("stance", 0.0),
        twist=style.number("twist", 0) * (amount[:, 1] - amount[:, 0]),
    )
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
    return give_arms(posture, upper, forearm)
