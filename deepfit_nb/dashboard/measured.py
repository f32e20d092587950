"""What was measured of a fault, in words: ``120°, limit 100°``."""

from __future__ import annotations

from collections.abc import Sequence

from deepfit_nb.coaching import Fault
from deepfit_nb.coaching.definition import FaultRule


def measured(fault: Fault, rules: Sequence[FaultRule]) -> str:
    """Value and limit of a fault. Angles have their unit; ratios, as that of the hands' height, have none."""
    unit = _unit(fault, rules)
    return f"{fault.value:.3g}{unit}, limit {fault.limit:.3g}{unit}"


def _unit(fault: Fault, rules: Sequence[FaultRule]) -> str:
    """That of its rule: of those of this name, which may measure different things by view, the one of that limit."""
    named = [rule for rule in rules if rule.id == fault.id]
    return min(named, key=lambda rule: abs(rule.limit - fault.limit)).unit if named else ""
