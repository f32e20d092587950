"""Poses that people take between exercises, and the activities that consist of passing through them.

A `Waypoint` makes one pose, a little different each time; `WAYPOINTS` names activities by the poses they move between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from deepfit_nb.training.body import Body, Posture
from deepfit_nb.training.exercises_floor import pushups
from deepfit_nb.training.geometry import (
    SIDES,
    X,
    Y,
    Z,
    bend,
    direction,
    rotate_z,
    unit,
)
from deepfit_nb.training.stances import kneeling, lying, place_arms, seated, standing
from deepfit_nb.training.style import Style
from deepfit_nb.training.styles import sample_style

Waypoint = Callable[[Body, np.random.Generator], Posture]

_RESTING: Final = (
    "hang",
    "hang",
    "down",
    "hips",
    "hips",
    "pockets",
    "folded",
    "behind",
    "low_clasp",
    "crossed",
    "clasped",
    "racked",
)


def _stand(arms: str = "hang", **options: float) -> Waypoint:
    def pose(body: Body, rng: np.random.Generator) -> Posture:
        posture = standing(
            body,
            stance=rng.uniform(-0.05, 0.15),
            twist=options.get("twist", 0.0) + rng.normal(0, 5),
            **{k: v + rng.normal(0, abs(v) * 0.15) for k, v in options.items() if k != "twist"},
        )
        return place_arms(body, posture, arms, shift=rng.normal(0, 0.05, 3))

    return pose


def _one_arm(arms: str, other: str = "hang", **options: float) -> Waypoint:
    def pose(body: Body, rng: np.random.Generator) -> Posture:
        side = int(rng.integers(2))
        standing_so = _stand(other, **options)(body, rng)
        return place_arms(body, standing_so, arms, shift=rng.normal(0, 0.06, 3), side=side)

    return pose


def _resting(body: Body, rng: np.random.Generator) -> Posture:
    return _stand(str(rng.choice(_RESTING)), lean=float(rng.normal(0, 4)))(body, rng)


def _seat(arms: str) -> Waypoint:
    def pose(body: Body, rng: np.random.Generator) -> Posture:
        posture = seated(body, lean=rng.uniform(-15, 30), height=rng.uniform(-0.1, 0.1), spread=rng.uniform(0, 35))
        return place_arms(body, posture, arms, shift=rng.normal(0, 0.05, 3))

    return pose


def _kneel(body: Body, rng: np.random.Generator) -> Posture:
    return place_arms(
        body, kneeling(body, lean=rng.uniform(-5, 30), half=bool(rng.random() < 0.5)), str(rng.choice(_RESTING))
    )


def _lie(arms: str, pitch: float = -90.0, feet_at: float = 0.98, lift: float = 0.0) -> Waypoint:
    def pose(body: Body, rng: np.random.Generator) -> Posture:
        posture = lying(body, pitch=pitch, feet_at=feet_at, lift=lift)
        return place_arms(body, posture, arms, shift=rng.normal(0, 0.05, 3))

    return pose


def _lie_turned(arms: str, degrees: float) -> Waypoint:
    """Lying on a side (``degrees`` about 90 or -90) or on the belly (180), the knees as they come."""

    def pose(body: Body, rng: np.random.Generator) -> Posture:
        flat = _lie(arms, pitch=-90.0 + rng.uniform(0, 15), feet_at=rng.uniform(0.6, 0.98))(body, rng)
        turned = flat.turned(rotate_z(degrees + rng.normal(0, 12)))
        turned.pelvis = turned.pelvis * np.array([0.0, 0.0, 1.0]) + Y * rng.uniform(0.1, 0.18)
        return turned

    return pose


def _sit_on_floor(body: Body, rng: np.random.Generator) -> Posture:
    """Sitting on the floor, upright or leaning on the hands behind."""
    posture = lying(
        body, pitch=rng.uniform(-40, 25), feet_at=rng.uniform(0.4, 0.98), knees_out=rng.uniform(0, 0.8),
    )  # fmt: skip
    arms = str(rng.choice(["knees", "clasped", "behind", "down", "folded"]))
    return place_arms(body, posture, arms, shift=rng.normal(0, 0.06, 3))


def _plank(body: Body, rng: np.random.Generator) -> Posture:
    """On the hands or on the forearms."""
    amount = np.full((1, 2), float(rng.choice([0.0, 0.0, 0.15])))
    style = sample_style("pushups", rng)
    if rng.random() < 0.5:
        return pushups(body, amount, np.zeros(1, np.intp), style)
    posture = pushups(body, amount + 0.75, np.zeros(1, np.intp), style.with_values(bottom=0.3, hands_up=0.0))
    posture.upper_arm = np.broadcast_to(unit(-Y + 0.1 * Z), (1, 2, 3)).copy()
    posture.forearm = np.broadcast_to(unit(Z - 0.3 * SIDES[:, None] * X), (1, 2, 3)).copy()
    posture.hand = posture.forearm.copy()
    return posture


def _all_fours(body: Body, rng: np.random.Generator) -> Posture:
    style = Style(
        {"knees": True, "width": rng.uniform(-0.05, 0.15), "sag": rng.uniform(-0.3, -0.1), "hands_ahead": -0.35}
    )
    return pushups(body, np.zeros((1, 2)), np.zeros(1, np.intp), style)


def _random(body: Body, rng: np.random.Generator) -> Posture:
    """Any pose at all, so that what is unlike every exercise is called none."""
    kind = rng.integers(4)
    if kind == 0:
        posture = seated(
            body,
            lean=rng.uniform(-20, 50),
            side_lean=rng.normal(0, 12),
            twist=rng.normal(0, 25),
            reach=rng.uniform(-0.2, 0.3),
        )
    elif kind == 1:
        posture = kneeling(
            body,
            lean=rng.uniform(-10, 60),
            side_lean=rng.normal(0, 12),
            twist=rng.normal(0, 25),
            half=bool(rng.random() < 0.5),
        )
    else:
        posture = standing(
            body,
            drop=rng.uniform(0, 0.3) ** 2 * 4,
            lean=rng.normal(5, 22),
            side_lean=rng.normal(0, 12),
            twist=rng.normal(0, 25),
            stance=rng.uniform(-0.08, 0.3),
            aside=rng.normal(0, 0.05),
        )
    posture.upper_arm = direction(rng.uniform(0, 170, 2), rng.uniform(-20, 130, 2))[None]
    posture.forearm = bend(posture.upper_arm, rng.uniform(0, 130, 2), unit(rng.normal(0, 1, (2, 3)) + Z))
    posture.hand = posture.forearm.copy()
    return posture


WAYPOINTS: Final[dict[str, tuple[Waypoint, ...]]] = {
    "standing": (_resting,),
    "fidgeting": (_resting, _resting, _one_arm("ear"), _one_arm("hips")),
    "drinking": (_one_arm("mouth", look=-12.0), _stand(), _one_arm("phone")),
    "phone": (_one_arm("phone", look=18.0), _one_arm("ear"), _stand()),
    "talking": (_stand("clasped"), _stand("phone"), _one_arm("goblet"), _stand(), _one_arm("sideways"), _stand("hips")),
    "lifting_weights_off_floor": (
        _stand("down", drop=0.3, back=0.2, lean=65.0),
        _stand("down"),
        _stand("racked"),
        _stand("hang"),
    ),
    "tying_shoe": (_stand("down", drop=0.45, back=0.1, lean=60.0), _kneel, _stand()),
    "toe_touch": (_stand("front", lean=85.0, back=0.15), _stand("overhead"), _stand()),
    "side_stretch": (
        _one_arm("overhead", "hips", side_lean=22.0),
        _one_arm("overhead", "hips", side_lean=-22.0),
        _stand("hips"),
    ),
    "chest_stretch": (_stand("sideways"), _stand("behind"), _stand("clasped")),
    "shoulder_stretch": (_one_arm("crossed"), _stand(), _one_arm("ear")),
    "overhead_stretch": (_stand("overhead"), _stand()),
    "t_pose_bends": (
        _stand("sideways"),
        _one_arm("racked", "sideways"),
        _stand("sideways"),
        _one_arm("ear", "sideways"),
    ),
    "sitting_down": (_seat("knees"), _stand(), _seat("low_clasp")),
    "sitting": (_seat("knees"), _seat("clasped"), _seat("folded"), _seat("phone")),
    "kneeling": (_kneel, _kneel, _all_fours),
    "lying": (_lie("down"), _lie("crossed"), _lie("prisoner", feet_at=0.6), _lie("down", feet_at=0.6)),
    "turning_over": (
        _lie("down", feet_at=0.7),
        _lie_turned("folded", 90.0),
        _lie_turned("folded", -90.0),
        _lie_turned("racked", 180.0),
    ),
    "sitting_on_floor": (_sit_on_floor, _sit_on_floor, _lie("down", feet_at=0.6)),
    "getting_up": (_lie("down", feet_at=0.6), _sit_on_floor, _kneel, _all_fours, _resting),
    "leg_raises": (_lie("down", lift=0.7, feet_at=0.55), _lie("down", lift=0.05)),
    "plank": (_plank,),
    "all_fours": (_all_fours, _plank),
    "adjusting_camera": (_one_arm("front", lean=15.0), _stand("front", lean=20.0), _stand()),
    "dancing": (_random, _random, _random, _random),
    "anything": (_random, _random, _resting, _random, _random),
}
