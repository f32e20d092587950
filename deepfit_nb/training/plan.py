"""How much ``deepfit train`` makes, and how long it learns from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Final

from deepfit_nb.recognition.window import FEATURE_VERSION

#: Seeds of the validation data, far from those of the training shards.
VALIDATION_SEED: Final = 1_000_000
#: Between the seeds of two networks' data, and the first one's: smaller ones made earlier models.
_APART: Final = 10_000
_FIRST: Final = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make and how long to learn from it. What is shipped, `models/MODEL_CARD.md` says."""

    shards: int = 26
    windows: int = 10_000
    rendered: int = 480
    epochs: int = 6
    batch: int = 128
    learning_rate: float = 4e-3
    validation: int = 6_000
    frames: int = 60_000
    seed: int = 0
    idle: float = 1 / 10
    held: float = 1 / 30
    networks: int = 1

    def __post_init__(self) -> None:
        if self.networks not in (1, 2):
            raise ValueError(f"a sequence classifier has one network or two, not {self.networks}")

    @property
    def draws(self) -> list[Plan]:
        """What each network of the sequence classifier learns from: other people."""
        return [replace(self, seed=self.seed + (_FIRST + n) * _APART) for n in range(self.networks)]

    @property
    def fingerprint(self) -> str:
        """Names the data and checkpoints that this plan can go on from."""
        plan = {**asdict(self), "features": FEATURE_VERSION}
        return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:12]
