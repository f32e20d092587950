"""How much ``deepfit train`` makes, and how long it learns from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Final

from deepfit_nb.recognition.window import FEATURE_VERSION
from deepfit_nb.training.dataset import Rest

#: Seeds of the validation data, far from those of the training shards.
VALIDATION_SEED: Final = 1_000_000
#: Between the seeds of two networks' data, and the first one's: smaller ones made earlier models.
_APART: Final = 10_000
_FIRST: Final = 2


@dataclass(frozen=True, slots=True)
class Second:
    """In what the second network's lessons differ from the first one's; fields as in `Plan`.

    The first network sees poses that are held, and learns to doubt a set that stands still; the second learns that such
    a set goes on. What each is worth alone, and together, `models/MODEL_CARD.md` says. The second has learned enough
    from less.
    """

    shards: int = 18
    rendered: int = 360
    epochs: int = 4
    rest: Rest = field(default_factory=lambda: Rest(idle=1 / 8, held=0.0, least_moved=0.0))


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make and how long to learn from it. What is shipped, `models/MODEL_CARD.md` says.

    Attributes
    ----------
    shards, windows
        So many shards of so many windows of skeletons, of which a network is told ``rest``.
    rendered
        So many rendered strangers, and an eighth as many sets to be coached.
    second
        The second network's lessons; None: there is one network only.
    """

    shards: int = 26
    windows: int = 10_000
    rendered: int = 480
    epochs: int = 6
    batch: int = 128
    learning_rate: float = 4e-3
    validation: int = 6_000
    frames: int = 60_000
    seed: int = 0
    rest: Rest = field(default_factory=lambda: Rest(idle=1 / 10, held=1 / 30))
    second: Second | None = field(default_factory=Second)

    @property
    def draws(self) -> list[Plan]:
        """What each network of the sequence classifier learns from: other people."""
        alone = replace(self, seed=self.seed + _FIRST * _APART, second=None)
        if self.second is None:
            return [alone]
        its = {each.name: getattr(self.second, each.name) for each in fields(self.second)}
        return [alone, replace(alone, seed=alone.seed + _APART, **its)]

    @property
    def fingerprint(self) -> str:
        """Names the data and checkpoints that this plan can go on from."""
        plan = {**asdict(self), "features": FEATURE_VERSION}
        return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:12]
