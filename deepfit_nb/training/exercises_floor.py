"""Push-ups and sit-ups. The arguments are those of `deepfit_nb.training.exercises.Motion`."""

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
    lerp,
    rotate_x,
    smoothstep,
    unit,
)
from deepfit_nb.training.stances import (
    lying,
    place_arms,
    planted,
    reach_to,
)
from deepfit_nb.training.style import Style


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
        body,
        pelvis,
        frame @ rotate_x(-bow * 0.8),
        chest,
        head,
        np.broadcast_to(ankles, (len(s), 2, 3)),
        -Y + 0.01 * Z,
        np.broadcast_to(feet, (2, 3)),
    )
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
        body,
        pitch=pitch,
        pelvis_pitch=pelvis_pitch,
        feet_at=style.number("feet_at", 0.6),
        knees_out=style.number("knees_out", 0.12),
        lift=style.number("lift", 0),
    )
    arms = style.word("arms", "prisoner")
    if arms == "reach":
        relaxed = place_arms(body, posture[:], "down", shift=(0.05, 0, 0.1))
        posture = Posture.blend(
            relaxed, place_arms(body, posture[:], "front", shift=(0.1, -0.25, 0)), smoothstep(s * 1.3)
        )
    elif arms == "throw":
        behind = place_arms(body, posture[:], "overhead")
        posture = Posture.blend(
            behind, place_arms(body, posture[:], "front", shift=(0.1, -0.2, 0)), smoothstep(s * 1.2)
        )
    else:
        posture = place_arms(body, posture, arms, shift=style.vector("hands"))
    slope = style.number("decline", 0)
    return posture.turned(rotate_x(-slope)) if slope else posture
