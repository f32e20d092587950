"""What a style is made of: parameters to draw, and the drawn values of one set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True)
class Range:
    """A number drawn evenly between two bounds."""

    low: float
    high: float

    def draw(self, rng: np.random.Generator) -> float:
        return float(rng.uniform(self.low, self.high))

    def nearest(self, value: float) -> float:
        """The number within the bounds that is nearest to ``value``."""
        return min(max(value, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Skewed:
    """A number between two bounds, most often near the lower."""

    low: float
    high: float

    def draw(self, rng: np.random.Generator) -> float:
        return float(self.low + (self.high - self.low) * rng.beta(1, 3))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words; a word repeated is more likely."""

    words: tuple[str, ...]

    def draw(self, rng: np.random.Generator) -> str:
        return str(rng.choice(self.words))


@dataclass(frozen=True, slots=True)
class Chance:
    """Yes with this probability."""

    probability: float

    def draw(self, rng: np.random.Generator) -> bool:
        return bool(rng.random() < self.probability)


Parameter = Range | Skewed | Choice | Chance
Value = float | str | bool


@dataclass(frozen=True)
class Style:
    """The drawn parameters of one set."""

    values: Mapping[str, Value]

    def number(self, name: str, default: float = 0.0) -> float:
        return float(self.values.get(name, default))

    def word(self, name: str, default: str) -> str:
        return str(self.values.get(name, default))

    def flag(self, name: str) -> bool:
        return bool(self.values.get(name, False))

    def index(self, name: str) -> int:
        """0 (left) or 1 (right)."""
        return int(self.number(name))

    def vector(self, name: str) -> np.ndarray:
        """Offsets ``name_x``, ``name_y``, ``name_z``."""
        return np.array([self.number(f"{name}_{axis}") for axis in "xyz"])

    def blended(self, other: Style, share: float) -> Style:
        """``other`` with its numbers moved ``share`` of the way towards this one's.

        Words and flags, and what ``other`` says nothing about, are this one's.
        """
        values: dict[str, Value] = dict(self.values)
        for name, value in other.values.items():
            own = self.values.get(name, value)
            numbers = not isinstance(value, (str, bool)) and not isinstance(own, (str, bool))
            values[name] = float(value) + (float(own) - float(value)) * share if numbers else own
        return replace(self, values=values)

    def within(self, bounds: Mapping[str, Range]) -> Style:
        """The same with those of its numbers, also those that are drawn as words, that ``bounds`` names moved there."""
        moved = {name: bounds[name].nearest(self.number(name)) for name in bounds.keys() & self.values.keys()}
        return replace(self, values={**self.values, **moved})

    def with_values(self, **values: Value) -> Style:
        return replace(self, values={**self.values, **values})
