"""The names that people read, the same on the page, in plots and on the command line."""

from __future__ import annotations

from typing import Final

#: Identifiers, those of MM-Fit, that people write otherwise.
_SPELLED: Final = {
    "bicep_curls": "Biceps curls",
    "non_activity": "No exercise",
    "pushups": "Push-ups",
    "situps": "Sit-ups",
    "tricep_extensions": "Triceps extensions",
}


def words(identifier: str) -> str:
    """An identifier as people say it: ``jumping_jacks`` is "Jumping jacks", ``knee_left`` "Left knee"."""
    if identifier in _SPELLED:
        return _SPELLED[identifier]
    parts = identifier.removesuffix("_deg").split("_")
    if parts[-1] in ("left", "right"):
        parts = [parts[-1], *parts[:-1]]
    return " ".join(parts).capitalize()
