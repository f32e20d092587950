"""How people differ in doing the same exercise: every style parameter of every exercise, as data.

A style is drawn once for a set. Numbers are degrees, metres, or fractions of a limb as the exercise's function in
`deepfit_nb.training.exercises` uses them. What a trainer calls correct is in `deepfit_nb.training.norms`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from deepfit_nb.recognition.classes import EXERCISES
from deepfit_nb.training.norms import FAULTS, fault_style
from deepfit_nb.training.style import Chance, Choice, Parameter, Range, Skewed, Style, Value


def _choice(words: str) -> Choice:
    return Choice(tuple(words.split()))


_HANDS: Final[dict[str, Parameter]] = {
    "hands_x": Range(-0.06, 0.06),
    "hands_y": Range(-0.06, 0.06),
    "hands_z": Range(-0.05, 0.08),
}
_BASE: Final[dict[str, Parameter]] = {
    "base": _choice("standing standing standing standing seated seated kneeling half_kneeling"),
    "lean": Range(-8, 8),
    "twist": Range(-8, 8),
    "soft": Range(0.0, 0.08),
    "stance": Range(-0.06, 0.18),
    "seat": Range(-0.1, 0.15),
    "spread": Range(0, 40),
    "look": Range(-20, 20),
}
_SIDES: Final[dict[str, Parameter]] = {
    "sides": _choice("both both both alternate one one"),
    "idle_arm": _choice("down down hips pockets behind folded"),
}
STYLES: Final[dict[str, dict[str, Parameter]]] = {
    "squats": {
        **_HANDS,
        "arms": _choice(
            "front front swing swing hang hips crossed clasped goblet prisoner "
            "bar_back bar_back bar_front racked down overhead"
        ),
        "depth": Range(0.28, 0.78),
        "hips_back": Range(0.30, 0.62),
        "level": Range(0.0, 1.0),
        "lean": Range(12, 55),
        "stance": Skewed(-0.02, 0.46),
        "toe": Range(0, 55),
        "shift": Range(-0.03, 0.03),
        "valgus": Skewed(-0.05, 0.6),
        "look": Range(-25, 15),
    },
    "lunges": {
        **_HANDS,
        "kind": _choice("split split split forward forward forward walking reverse reverse lateral"),
        "arms": _choice("hips hips down down hang clasped prisoner crossed goblet bar_back racked sideways folded"),
        "alternate": Chance(0.6),
        "right_first": Chance(0.5),
        "step": Range(0.55, 0.95),
        "depth": Range(0.26, 0.50),
        "lean": Range(-3, 20),
        "width": Range(-0.06, 0.06),
        "twist": Range(-10, 10),
        "rear_up": Choice(("0", "0", "0", "0", "0.35")),
    },
    "bicep_curls": {
        **_BASE,
        "sides": _choice("both both both alternate alternate seesaw one one"),
        "idle_arm": _choice("down down hang hips pockets behind"),
        "soft": Skewed(0.0, 0.35),
        "lean": Range(-10, 22),
        "stance": Range(-0.06, 0.30),
        "rest": Range(-12, 45),
        "drift": Skewed(-2, 60),
        "swing": Range(0, 8),
        "open": Range(5, 45),
        "heave": Skewed(0, 14),
        "closed": Range(90, 150),
        "inward": Range(-70, 45),
        "flare": Range(-10, 75),
        "incline": Chance(0.15),
    },
    "situps": {
        **_HANDS,
        "arms": _choice("prisoner prisoner temples temples crossed crossed reach reach throw clasped"),
        "start": Range(-92, -80),
        "end": Range(-40, 22),
        "roll": Range(0.5, 0.9),
        "feet_at": Range(0.42, 0.95),
        "knees_out": Range(0.0, 0.7),
        "lift": Range(-0.05, 0.25),
        "decline": Choice(("0", "0", "0", "10", "18", "26", "-8")),
    },
    "pushups": {
        "knees": Chance(0.22),
        "width": Range(-0.16, 0.32),
        "bottom": Range(0.22, 0.70),
        "flare": Range(5, 90),
        "sag": Range(-0.07, 0.05),
        "sag_more": Range(-0.05, 0.05),
        "look": Range(-45, 15),
        "feet": Range(-0.08, 0.18),
        "hands_ahead": Range(-0.22, 0.22),
        "shins": Range(0, 75),
        "hands_up": Choice(("0", "0", "0", "0", "0.15", "0.3", "0.5")),
        "feet_up": Choice(("0", "0", "0", "0", "0.2", "0.4", "0.6")),
    },
    "tricep_extensions": {
        **_BASE,
        **_SIDES,
        "elevation": Range(140, 178),
        "plane": Range(-10, 60),
        "folded": Range(85, 145),
        "lockout": Range(3, 32),
        "inward": Range(-0.1, 0.9),
        "lean": Skewed(-12, 45),
        "drift": Range(-25, 5),
        "fall": Skewed(0, 40),
    },
    "dumbbell_rows": {
        "sides": _choice("both both both both one one one alternate seesaw"),
        "support": _choice("knee bench bench back"),
        "bench": Chance(0.4),
        "torso": Range(28, 82),
        "pull": Range(45, 105),
        "flare": Range(0.0, 0.7),
        "soft": Range(0.03, 0.22),
        "stance": Range(-0.06, 0.16),
        "heave": Range(0, 9),
        "twist": Range(0, 12),
    },
    "jumping_jacks": {
        "feet_in": Range(-0.09, 0.06),
        "feet_out": Range(0.12, 0.42),
        "rest": Range(3, 35),
        "top": Range(95, 176),
        "elbow_low": Range(5, 90),
        "elbow_high": Range(3, 90),
        "plane": Range(60, 95),
        "hop": Range(0.03, 0.12),
        "soft": Range(0.0, 0.06),
        "lean": Range(-3, 10),
        "step": Chance(0.15),
        "snap": Chance(0.4),
    },
    "dumbbell_shoulder_press": {
        **_BASE,
        **_SIDES,
        "sides": _choice("both both both both alternate seesaw one one"),
        "plane": Range(5, 90),
        "turn": Skewed(0, 70),
        "low": Range(22, 82),
        "high": Range(148, 178),
        "folded": Range(85, 140),
        "lockout": Range(2, 30),
        "inward": Range(-0.6, 0.8),
        "ahead": Range(-0.1, 0.45),
        "arch": Range(0, 8),
        "lean": Range(-18, 6),
    },
    "lateral_shoulder_raises": {
        **_BASE,
        "sides": _choice("both both both both alternate one"),
        "idle_arm": _choice("down down hips behind"),
        "rest": Range(2, 22),
        "top": Range(68, 112),
        "plane": Range(52, 95),
        "elbow": Range(2, 65),
        "swing": Range(0, 6),
        "lean": Range(-5, 18),
    },
}


def sample_style(exercise: str, rng: np.random.Generator, *, without: tuple[str, ...] = ()) -> Style:
    """A random style. ``without`` names words of `Choice` parameters to leave out (for hold-out experiments)."""
    values: dict[str, Value] = {}
    for name, parameter in STYLES[exercise].items():
        if isinstance(parameter, Choice):
            parameter = Choice(tuple(word for word in parameter.words if word not in without) or parameter.words)
        values[name] = parameter.draw(rng)
    values["side"] = float(rng.integers(2))
    if values.get("sides") == "one":
        values["one_arm"] = True
    if exercise == "dumbbell_rows" and not values.get("one_arm"):
        values["bench"] = False
    return Style(values)


def sample_fault(exercise: str, style: Style, rng: np.random.Generator) -> Style:
    """The same style with a random fault, slight to gross: a bad squat is still a squat."""
    faults = [name for owner, name in FAULTS if owner == exercise]
    gross = fault_style(exercise, str(rng.choice(faults)), style)
    return gross.blended(style, rng.uniform(0.4, 1.15))


# A table that forgets an exercise must not import.
assert set(STYLES) == set(EXERCISES)
