"""What was measured of a fault, in words: ``120°, limit 100°``."""

from __future__ import annotations

from deepfit_nb.coaching import Fault, builtin_exercises
from deepfit_nb.coaching.definition import Exercise, columns
from deepfit_nb.kinematics.measures import DEGREES
from deepfit_nb.storage.taught import TaughtExercises


def measured(exercise: str, fault: Fault) -> str:
    """Value and limit of a fault. Angles have their unit; ratios, as that of the hands' height, have none."""
    unit = "°" if _is_angle(exercise, fault) else ""
    return f"{fault.value:.3g}{unit}, limit {fault.limit:.3g}{unit}"


def _is_angle(exercise: str, fault: Fault) -> bool:
    """By its rule. Several may have that name and measure different things from different views; the limit tells."""
    definition = _definition(exercise)
    rules = [rule for rule in definition.faults if rule.id == fault.id] if definition else []
    if not rules:
        return False
    broken = min(rules, key=lambda rule: abs(rule.limit - fault.limit))
    return all(column < DEGREES for column in columns(broken.measure))


def _definition(exercise: str) -> Exercise | None:
    builtin = builtin_exercises()
    return builtin[exercise] if exercise in builtin else TaughtExercises().load().get(exercise)
