"""What was measured of a fault, in words: ``120°, limit 100°``."""

from __future__ import annotations

from deepfit_nb.coaching import Fault, builtin_exercises
from deepfit_nb.coaching.definition import Exercise
from deepfit_nb.storage.taught import TaughtExercises


def measured(exercise: str, fault: Fault) -> str:
    """Value and limit of a fault. Angles have their unit; ratios, as that of the hands' height, have none."""
    unit = _unit(exercise, fault)
    return f"{fault.value:.3g}{unit}, limit {fault.limit:.3g}{unit}"


def _unit(exercise: str, fault: Fault) -> str:
    """That of its rule: of those of this name, which may measure different things by view, the one of that limit."""
    definition = _definition(exercise)
    rules = [rule for rule in definition.faults if rule.id == fault.id] if definition else []
    return min(rules, key=lambda rule: abs(rule.limit - fault.limit)).unit if rules else ""


def _definition(exercise: str) -> Exercise | None:
    builtin = builtin_exercises()
    return builtin[exercise] if exercise in builtin else TaughtExercises().load().get(exercise)
