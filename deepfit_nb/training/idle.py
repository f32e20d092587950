"""What people do when they are not doing one of the ten exercises.

`WAYPOINTS` are activities made of poses passed through and dwelt in (drinking, tying a shoe, a stretch); `CYCLES` are
rhythmic (walking, arm circles, twists: movement that must not be taken for an exercise); `holds` are still poses, those
of the exercises included. `sample_idle` draws one.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from deepfit_nb.training.body import Body, Posture
from deepfit_nb.training.exercises import MOTIONS
from deepfit_nb.training.geometry import (
    Array,
    apply,
    rotate_x,
    rotate_y,
    smoothstep,
    unit,
)
from deepfit_nb.training.idle_cycles import CYCLES
from deepfit_nb.training.idle_poses import WAYPOINTS, Waypoint
from deepfit_nb.training.noise import wander
from deepfit_nb.training.style import Style
from deepfit_nb.training.styles import sample_style


def hold(body: Body, exercise: str, time_s: Array, style: Style, amount: float, rng: np.random.Generator) -> Posture:
    """A pose out of an exercise, held as still as people can: no exercise."""
    unsteady = np.clip(amount + rng.uniform(0, 0.06) * wander(rng, time_s, 1.2), 0, 1)
    return MOTIONS[exercise](body, np.repeat(unsteady[:, None], 2, 1), np.zeros(len(time_s), np.intp), style)


def through(body: Body, poses: tuple[Waypoint, ...], time_s: Array, rng: np.random.Generator) -> Posture:
    """From pose to pose at leisure, dwelling in each."""
    postures = [pose(body, rng) for pose in poses]
    order = [postures[int(rng.integers(len(postures)))]]
    posture = order[0].repeat(len(time_s))
    clock = time_s[0] + rng.uniform(0.2, 2.5)
    while clock < time_s[-1]:
        following = (
            postures[int(rng.integers(len(postures)))]
            if rng.random() < 0.7
            else poses[int(rng.integers(len(poses)))](body, rng)
        )
        move = rng.uniform(0.4, 1.6)
        share = smoothstep((time_s - clock) / move)
        posture = Posture.blend(posture, following, share)
        clock += move + rng.exponential(1.0)
    return posture


def idle(body: Body, name: str, time_s: Array, rng: np.random.Generator) -> Posture:
    """The idle activity ``name`` (a key of `WAYPOINTS` or `CYCLES`, or ``hold:<exercise>``) over ``time_s``."""
    if name.startswith("hold:"):
        exercise = name.removeprefix("hold:")
        amount = float(rng.choice([0.0, 0.0, 1.0, rng.random()]))
        return hold(body, exercise, time_s, sample_style(exercise, rng), amount, rng)
    if name in CYCLES:
        return CYCLES[name](body, time_s, rng)
    return through(body, WAYPOINTS[name], time_s, rng)


IDLE_NAMES: Final[tuple[str, ...]] = (*WAYPOINTS, *CYCLES, *(f"hold:{exercise}" for exercise in MOTIONS))

#: How much more often than the others these are drawn: the commonest, and those most easily taken for an exercise.
_OFTEN: Final[dict[str, float]] = {
    "standing": 3,
    "walking": 3,
    "plank": 3,
    "gesturing": 3,
    "talking": 2,
    "twists": 2,
    "drinking": 2,
    "arm_circles": 2,
    "hold:pushups": 2,
    "hold:squats": 3,
    "hold:lunges": 3,
    "turning_over": 3,
    "sitting_on_floor": 2,
    "getting_up": 3,
    "sitting_down": 2,
    "overhead_stretch": 2,
}
_WEIGHTS: Final = np.array([_OFTEN.get(name, 1.0) for name in IDLE_NAMES])


def sample_idle(rng: np.random.Generator) -> str:
    """The name of an idle activity."""
    return str(rng.choice(IDLE_NAMES, p=_WEIGHTS / _WEIGHTS.sum()))


def sample_hold(rng: np.random.Generator) -> str:
    """The name of a pose that somebody keeps: of any exercise. Nothing is taken for it more easily."""
    return f"hold:{rng.choice(list(MOTIONS))}"


def sway(posture: Posture, time_s: Array, rng: np.random.Generator, strength: float) -> Posture:
    """The unsteadiness of living people: trunk, head and limbs wander by a few degrees times ``strength``."""
    tilt = wander(rng, time_s, 0.8, (3,)) * strength * 1.5
    small = rotate_x(tilt[:, 0]) @ rotate_y(tilt[:, 1])
    posture.chest_rot = small @ posture.chest_rot
    posture.pelvis = posture.pelvis + wander(rng, time_s, 1.0, (3,)) * 0.008 * strength
    look = rotate_y(wander(rng, time_s, 1.2) * 8 * strength) @ rotate_x(wander(rng, time_s, 1.2) * 5 * strength)
    posture.head_rot = posture.head_rot @ look
    for name, degrees in (("upper_arm", 2.5), ("forearm", 3.0), ("hand", 10.0), ("thigh", 0.5), ("shin", 0.5)):
        limb = getattr(posture, name)
        noise = wander(rng, time_s, 0.7, (2, 3)) * np.radians(degrees) * strength
        setattr(posture, name, unit(limb + noise))
    arms = apply(small[:, None], posture.upper_arm)
    posture.upper_arm = arms
    return posture


def turn_slowly(posture: Posture, time_s: Array, rng: np.random.Generator) -> Posture:
    """One in three does not face the same way all the time but turns little by little."""
    if rng.random() > 1 / 3:
        return posture
    share = (time_s - time_s[0]) / max(time_s[-1] - time_s[0], 1e-6) - 0.5
    return posture.turned(rotate_y(rng.normal(0, 20) * share))
