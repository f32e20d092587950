"""When each rep happens: tempos as MM-Fit's people keep them, pauses, uneven reps, sides that take turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.training.geometry import Array, lerp, smoothstep
from deepfit_nb.training.style import Style

#: Log-mean and log-deviation of the seconds per rep in MM-Fit's 616 labelled sets (doi 10.1145/3432701).
TEMPOS: Final[dict[str, tuple[float, float]]] = {
    "squats": (0.693, 0.167),
    "lunges": (1.024, 0.100),
    "bicep_curls": (0.641, 0.157),
    "situps": (0.891, 0.219),
    "pushups": (0.476, 0.211),
    "tricep_extensions": (0.649, 0.227),
    "dumbbell_rows": (0.535, 0.173),
    "jumping_jacks": (0.037, 0.122),
    "dumbbell_shoulder_press": (0.779, 0.199),
    "lateral_shoulder_raises": (0.806, 0.259),
}
#: Nobody is slower than so many times MM-Fit's people.
_SLOWEST: Final = 3.0


@dataclass(frozen=True, slots=True)
class Tempo:
    """The reps of one set.

    ``edges`` (reps + 1,) seconds from the start of the set: rep i runs from edge i to edge i + 1; ``peak`` (reps,) the
    share of a rep spent on the way to its peak; ``rest`` and ``hold`` (reps,) the shares spent still at its start and
    at its peak; ``size`` (reps,) how much of the full range each rep has.
    """

    edges: Array
    peak: Array
    rest: Array
    hold: Array
    size: Array

    @property
    def duration(self) -> float:
        return float(self.edges[-1])

    def rep_at(self, time_s: Array) -> NDArray[np.intp]:
        """Index of the rep at each time; before the first 0, after the last the last."""
        return np.clip(np.searchsorted(self.edges, time_s, side="right") - 1, 0, len(self.peak) - 1)

    def amount_at(self, time_s: Array) -> Array:
        """How far through its rep the body is at each time: 0 at the start, ``size`` at the peak."""
        rep = self.rep_at(time_s)
        length = np.diff(self.edges)[rep]
        share = np.clip((time_s - self.edges[rep]) / length, 0, 1)
        rest, hold = self.rest[rep], self.hold[rep]
        moving = 1 - rest - hold
        up = moving * self.peak[rep]
        rising = np.clip((share - rest / 2) / up, 0, 1)
        falling = np.clip((share - rest / 2 - up - hold) / (moving - up), 0, 1)
        return np.asarray((0.5 - 0.5 * np.cos(np.pi * (rising - falling))) * self.size[rep])


def sample_tempo(exercise: str, reps: int, rng: np.random.Generator, *, steady: bool = False) -> Tempo:
    """Reps at a tempo drawn from MM-Fit's, made wider; ``steady`` gives even, full reps without pauses."""
    mean, deviation = TEMPOS[exercise]
    if steady:
        lengths = np.full(reps, float(np.exp(mean)))
        return Tempo(_edges(lengths), np.full(reps, 0.5), np.zeros(reps), np.zeros(reps), np.ones(reps))
    # Wider than the twenty people of MM-Fit: up to twice as slow, and some faster.
    typical = np.exp(rng.normal(mean + 0.2, 1.6 * deviation + 0.10))
    if rng.random() < 0.15:
        typical *= rng.uniform(1.3, 2.2)
    typical = min(typical, _SLOWEST * np.exp(mean))
    lengths = typical * np.exp(rng.normal(0, 0.08, reps))
    rest = np.clip(rng.normal(rng.choice([0.0, 0.05, 0.2]), 0.04, reps), 0, 0.45)
    hold = np.clip(rng.normal(rng.choice([0.0, 0.03, 0.12]), 0.03, reps), 0, 0.30)
    peak = np.clip(rng.uniform(0.35, 0.65) + rng.normal(0, 0.03, reps), 0.25, 0.75)
    size = np.clip(rng.uniform(0.82, 1.0) + rng.normal(0, 0.04, reps), 0.6, 1.05)
    return Tempo(_edges(lengths), peak, rest, hold, size)


def side_amounts(tempo: Tempo, time_s: Array, style: Style) -> Array:
    """(T, 2) amount of the rep on the left and the right.

    Both alike, taking turns, one going up as the other goes down, or one only.
    """
    amount = tempo.amount_at(time_s)
    sides = style.word("sides", "both")
    if sides == "both":
        return np.repeat(amount[:, None], 2, axis=1)
    if sides == "seesaw":
        return _seesaw(tempo, time_s, style.index("side"))
    side = style.index("side") + (tempo.rep_at(time_s) if sides == "alternate" else 0 * time_s.astype(int))
    return amount[:, None] * (np.arange(2) == side[:, None] % 2)


def _seesaw(tempo: Tempo, time_s: Array, first: int) -> Array:
    """One arm goes down while the other goes up: each is at its top in the middle of every second rep."""
    length, count = np.diff(tempo.edges), len(tempo.peak)
    moving = 1 - tempo.rest - tempo.hold
    tops = tempo.edges[:-1] + length * (tempo.rest / 2 + moving * tempo.peak + tempo.hold / 2)
    knots = np.concatenate([[0.0], tops, [tempo.duration]])
    turn = (np.arange(count) + first) % 2
    before = np.clip(np.searchsorted(knots, time_s, side="right") - 1, 0, count)
    share = smoothstep((time_s - knots[before]) / (knots[before + 1] - knots[before]))
    at_knots = np.concatenate([[0.0], tempo.size, [0.0]])
    heights = np.stack([at_knots * np.concatenate([[0], turn == side, [0]]) for side in (0, 1)], axis=1)
    return np.asarray(lerp(heights[before], heights[before + 1], share[:, None]))


def _edges(lengths: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(lengths)])
