"""``deepfit evaluate ablations``: what each input is worth, and what becomes of styles and views never seen.

Small networks on little data, all alike but for one thing: the differences count, not the heights.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from tqdm import tqdm

from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY
from deepfit_nb.training.dataset import WindowSet, synthetic_windows, windows_of
from deepfit_nb.training.fitting import fit_stgcn
from deepfit_nb.training.metrics import wilson_interval
from deepfit_nb.training.plan import Plan
from deepfit_nb.training.shards import write_shard
from deepfit_nb.training.synthesis import random_recording

#: What the network may look at, and whether it is given the differences from instant to instant.
INPUTS: Final[dict[str, dict[str, Any]]] = {
    "image and world, motion": {},
    "image and world": {"motion": False},
    "image only, motion": {"channels": ("image_x", "image_y", "visibility", "present")},
    "world only, motion": {"channels": ("world_x", "world_y", "world_z", "visibility", "present")},
}

#: Styles held out, by the words of `deepfit_nb.training.styles` that mark them.
STYLES: Final[dict[str, tuple[str, ...]]] = {
    "seated and kneeling": ("seated", "kneeling", "half_kneeling"),
    "one arm, or in turn": ("one", "alternate"),
    "hands behind head or on a bar": ("prisoner", "bar_back", "bar_front"),
}

#: Views held out: azimuths of the camera in degrees, each give or take 15.
VIEWS: Final[dict[str, tuple[float, ...]]] = {
    "front": (-15.0, 15.0),
    "side": (-105.0, -75.0, 75.0, 105.0),
    "behind": (-165.0, 165.0),
}
_ALL_ROUND: Final = tuple(float(azimuth) for azimuth in range(-165, 180, 30))

_PLAN: Final = Plan(shards=1, windows=12_000, rendered=0, epochs=6, validation=2_000)


def ablations(out: Path | None = None, plan: Plan = _PLAN) -> dict[str, Any]:
    """All tables: accuracy with a 95 % interval on windows of synthetic strangers; also written to ``out``."""
    progress = tqdm(total=len(INPUTS) + len(STYLES) + len(VIEWS), desc="ablations", disable=None)
    data, held = synthetic_windows(plan.windows, plan.seed), synthetic_windows(plan.validation, plan.seed + 10**6)
    figures: dict[str, Any] = {"inputs": {}, "styles": {}, "views": {}, "windows": plan.windows, "epochs": plan.epochs}
    networks = {}
    for name, options in INPUTS.items():
        networks[name] = _fit(data, held, plan, **options)
        figures["inputs"][name] = _accuracy(networks[name], held)
        progress.update()
    whole = networks["image and world, motion"]
    for name, words in STYLES.items():
        test = _windows_of_styles(words, plan.validation // 2, plan.seed + 10**6)
        blind = _fit(synthetic_windows(plan.windows, plan.seed, without=words), held, plan)
        figures["styles"][name] = {"seen": _accuracy(whole, test), "never seen": _accuracy(blind, test)}
        progress.update()
    for name, azimuths in VIEWS.items():
        test = synthetic_windows(plan.validation // 2, plan.seed + 10**6, azimuths=azimuths)
        others = tuple(azimuth for azimuth in _ALL_ROUND if azimuth not in azimuths)
        blind = _fit(synthetic_windows(plan.windows, plan.seed, azimuths=others), held, plan)
        figures["views"][name] = {"seen": _accuracy(whole, test), "never seen": _accuracy(blind, test)}
        progress.update()
    progress.close()
    if out:
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def _fit(data: WindowSet, held: WindowSet, plan: Plan, **options: Any) -> keras.Model:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_shard(folder / "shard.npz", data)
        return fit_stgcn(folder, [folder / "shard.npz"], held, plan, **options).model


def _windows_of_styles(words: Sequence[str], count: int, seed: int) -> WindowSet:
    """Windows of exercises done in one of the styles that ``words`` mark."""
    rng = np.random.default_rng([seed, 6])
    parts: list[WindowSet] = []
    total = 0
    while total < count:
        recording, truth = random_recording(rng, exercise=EXERCISES[int(rng.integers(len(EXERCISES)))])
        if not set(words) & set(truth.sets[0].style.values.values()):
            continue
        part = windows_of(recording, truth.sets, truth.phase, rng)
        during = part.y != CLASSES.index(NON_ACTIVITY)
        parts.append(WindowSet(part.x[during], part.y[during]))
        total += int(during.sum())
    return WindowSet.join(parts)


def _accuracy(model: keras.Model, data: WindowSet) -> list[float]:
    """Share right, and its 95 % interval."""
    right = int((model.predict(data.x, batch_size=512, verbose=0).argmax(1) == data.y).sum())
    return [round(value, 4) for value in (right / len(data), *wilson_interval(right, len(data)))]
