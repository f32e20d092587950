"""What a trainer calls correct, and what makes each fault of the form rules: style parameters, as data."""

from __future__ import annotations

from typing import Final

from deepfit_nb.recognition.classes import EXERCISES
from deepfit_nb.training.style import Range, Style, Value

#: Faults of the form rules: the parameters that make each.
FAULTS: Final[dict[tuple[str, str], dict[str, Value]]] = {
    ("squats", "shallow_depth"): {"depth": 0.16},
    ("squats", "trunk_lean"): {"lean": 72.0, "hips_back": 0.62},
    ("squats", "knee_valgus"): {"valgus": 0.8, "depth": 0.45, "stance": 0.06},
    ("lunges", "trunk_lean"): {"lean": 48.0},
    ("lunges", "short_range"): {"depth": 0.12},
    ("bicep_curls", "elbow_drift"): {"drift": 55.0, "rest": 4.0},
    ("bicep_curls", "back_swing"): {"swing": 24.0, "lean": 0.0},
    ("bicep_curls", "short_range"): {"closed": 75.0},
    ("pushups", "hip_sag"): {"sag": 0.13, "sag_more": 0.0},
    ("pushups", "hip_pike"): {"sag": -0.22, "sag_more": 0.0},
    ("pushups", "short_range"): {"bottom": 0.82, "hands_up": 0.0, "width": 0.1},
    ("situps", "short_range"): {"end": -50.0},
    ("jumping_jacks", "arms_short"): {"top": 105.0, "elbow_high": 15.0},
    ("lateral_shoulder_raises", "raised_too_high"): {"top": 135.0},
    ("lateral_shoulder_raises", "short_range"): {"top": 55.0},
    ("dumbbell_rows", "torso_too_upright"): {"torso": 24.0},
    ("dumbbell_rows", "short_range"): {"pull": 25.0},
    ("dumbbell_shoulder_press", "no_lockout"): {"lockout": 55.0, "high": 140.0},
    ("dumbbell_shoulder_press", "back_arch"): {"arch": 26.0, "lean": 0.0},
    ("tricep_extensions", "elbow_drift"): {"fall": 50.0, "drift": -20.0, "elevation": 170.0},
    ("tricep_extensions", "short_range"): {"folded": 55.0},
}

#: The middle of the road: what a trainer would call correct, for tests that need no surprises.
PLAIN: Final[dict[str, dict[str, Value]]] = {
    "squats": {
        "arms": "swing",
        "depth": 0.46,
        "hips_back": 0.5,
        "lean": 35.0,
        "stance": 0.06,
        "toe": 18.0,
        "valgus": 0.0,
    },
    "lunges": {"kind": "split", "arms": "hips", "step": 0.75, "depth": 0.40, "lean": 4.0},
    "bicep_curls": {
        "rest": 4.0,
        "drift": 4.0,
        "open": 12.0,
        "closed": 138.0,
        "flare": 10.0,
        "swing": 0.0,
        "lean": 0.0,
        "heave": 0.0,
    },
    "situps": {"arms": "prisoner", "start": -88.0, "end": 0.0, "feet_at": 0.6},
    "pushups": {"width": 0.18, "bottom": 0.50, "look": -15.0, "sag": 0.0, "sag_more": 0.0, "hands_up": 0.0},
    "tricep_extensions": {
        "elevation": 170.0,
        "plane": 15.0,
        "folded": 118.0,
        "lockout": 10.0,
        "drift": 0.0,
        "fall": 0.0,
        "lean": 0.0,
    },
    "dumbbell_rows": {"torso": 60.0, "pull": 78.0, "flare": 0.15, "soft": 0.08, "heave": 0.0},
    "jumping_jacks": {"feet_in": -0.05, "feet_out": 0.30, "rest": 10.0, "top": 165.0, "elbow_high": 20.0},
    "dumbbell_shoulder_press": {
        "plane": 80.0,
        "low": 68.0,
        "high": 166.0,
        "folded": 108.0,
        "lockout": 8.0,
        "arch": 0.0,
        "lean": 0.0,
    },
    "lateral_shoulder_raises": {"rest": 8.0, "top": 90.0, "plane": 80.0, "elbow": 12.0, "swing": 0.0},
}

#: What a trainer lets pass as correct, well inside the limits of the form rules.
CORRECT: Final[dict[str, dict[str, Range]]] = {
    "squats": {"depth": Range(0.40, 0.70), "lean": Range(12, 42), "valgus": Range(-0.05, 0.15)},
    "lunges": {"depth": Range(0.33, 0.50), "lean": Range(-3, 14)},
    "bicep_curls": {
        "rest": Range(-12, 14), "drift": Range(-2, 8), "open": Range(5, 22), "closed": Range(122, 150),
        "swing": Range(0, 3),
    },
    "situps": {"end": Range(-18, 22)},
    "pushups": {
        "bottom": Range(0.22, 0.56), "hands_up": Range(0, 0.15), "sag": Range(-0.04, 0.03),
        "sag_more": Range(-0.03, 0.03),
    },
    "tricep_extensions": {
        "elevation": Range(160, 178), "drift": Range(-10, 5), "fall": Range(0, 8), "folded": Range(108, 145),
        "lockout": Range(3, 25),
    },
    "dumbbell_rows": {"torso": Range(52, 82), "pull": Range(62, 105)},
    "jumping_jacks": {"top": Range(155, 176)},
    "dumbbell_shoulder_press": {"high": Range(160, 178), "lockout": Range(2, 16), "arch": Range(0, 4)},
    "lateral_shoulder_raises": {"top": Range(83, 97), "swing": Range(0, 3)},
}  # fmt: skip


def in_turn(index: int) -> tuple[str, str | None]:
    """Exercise and fault of set number ``index``: by turns a correct set of each exercise, and one with each fault."""
    if index % 2 == 0:
        return EXERCISES[index // 2 % len(EXERCISES)], None
    return list(FAULTS)[index // 2 % len(FAULTS)]


def title(exercise: str, fault: str | None) -> str:
    """How clips of a set are called: ``squats``, ``squats-trunk_lean``."""
    return f"{exercise}-{fault}" if fault else exercise


def plain_style(exercise: str) -> Style:
    """The textbook style of an exercise, both sides together."""
    return Style({"sides": "both", **PLAIN[exercise]})


def fault_style(exercise: str, fault: str, style: Style) -> Style:
    """The same style with a fault of the form rules added."""
    if (exercise, fault) not in FAULTS:
        known = sorted(name for owner, name in FAULTS if owner == exercise)
        raise ValueError(f"no fault {fault!r} for {exercise!r}; known: {', '.join(known) or 'none'}")
    return style.with_values(**FAULTS[exercise, fault])


# A table that forgets an exercise must not import, nor one whose textbook leaves open what a fault is made of.
assert set(PLAIN) == set(CORRECT) == set(EXERCISES)
assert all(
    name in PLAIN[exercise] or isinstance(value, str)
    for (exercise, _), made in FAULTS.items()
    for name, value in made.items()
)
