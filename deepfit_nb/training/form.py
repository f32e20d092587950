"""``deepfit train --form``: the network of `deepfit_nb.coaching.impression`, from reps whose faults are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from deepfit_nb.coaching.impression import Impression
from deepfit_nb.kinematics.dense import standardised
from deepfit_nb.recognition.classes import EXERCISES
from deepfit_nb.resources import resource
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.angles import merged
from deepfit_nb.training.coaching_cases import clip_cases
from deepfit_nb.training.form_data import FormData, collect, synthetic_brief_sets
from deepfit_nb.training.norms import FAULTS

Array = NDArray[np.floating]

_PAIRS: Final = tuple(FAULTS)
#: The network must call a fault likely in so much more of the reps that have it than of correct ones, all of sets that
#: it did not learn from; otherwise it says nothing of that fault.
_LEAST_GAIN: Final = 0.3
#: Marks a fault that an exercise does not have.
_NOT_ASKED: Final = -1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How to learn. The defaults made the model that is shipped.

    ``synthetic`` sets join the rendered ones, each of whose reps weighs ``rendered_weight`` as much; a rep with a fault
    weighs ``fault_weight`` as much as one without, about what makes either as likely. ``members`` networks are
    averaged; ``folds`` of the cross-validation that is reported.
    """

    synthetic: int = 1_260
    rendered_weight: float = 4.0
    fault_weight: float = 2.5
    members: int = 3
    hidden: tuple[int, ...] = (64, 32)
    epochs: int = 20
    batch: int = 64
    learning_rate: float = 2e-3
    folds: int = 4
    seed: int = 0


def train_form(out: Path, clips: Path | None = None, plan: Plan | None = None) -> str:
    """Train, write ``out/form.npz``, and return a table of what it says of rendered clips not learnt from.

    With ``clips``, a folder of rendered brief sets, the reps are collected from them and from synthetic sets, and kept
    as ``out/reps.npz``; otherwise those of ``assets/form`` are used.
    """
    plan = plan or Plan()
    if clips is None:
        data = FormData.load(resource("assets", "form", "reps.npz"))
    else:
        seen = collect(clip_cases(clips), rendered=True)
        data = joined(seen, collect(synthetic_brief_sets(plan.synthetic), rendered=False))
        with atomic_write(out / "reps.npz") as temporary:
            data.save(temporary)
        data = FormData.load(out / "reps.npz")  # as a later run will see it
    odds = cross_validated(data, plan)
    with atomic_write(out / "form.npz") as temporary:
        fit(data, plan).only(trusted(data, odds)).save(temporary)
    return report(data, odds)


def joined(*parts: FormData) -> FormData:
    """Several as one."""
    return FormData(*(np.concatenate([getattr(p, f) for p in parts]) for f in FormData.__slots__))


def fit(data: FormData, plan: Plan) -> Impression:
    """A network from all reps of ``data``."""
    keras.utils.set_random_seed(plan.seed)
    x = np.concatenate([data.x, np.eye(len(EXERCISES))[[EXERCISES.index(name) for name in data.exercise]]], 1)
    mean, scale = np.nanmean(x, 0), np.nanstd(x, 0) + 0.03
    x, y = standardised(x, mean, scale).astype(np.float32), truth(data).astype(np.float32)
    weights = np.where(data.rendered, plan.rendered_weight, 1.0)
    members = []
    for _ in range(plan.members):
        network = _network(x.shape[1], plan)
        schedule = keras.optimizers.schedules.CosineDecay(
            plan.learning_rate, max(1, len(x) // plan.batch * plan.epochs)
        )
        network.compile(keras.optimizers.AdamW(schedule, weight_decay=1e-2), loss=_loss(plan.fault_weight))
        network.fit(x, y, sample_weight=weights, batch_size=plan.batch, epochs=plan.epochs, verbose=0)
        members.append([layer.get_weights() for layer in network.layers if isinstance(layer, layers.Dense)])
    return Impression(mean, scale, merged(members), EXERCISES, _PAIRS)


def truth(data: FormData) -> Array:
    """(N, faults) 1 where the rep has the fault, 0 where it has not, -1 for faults of other exercises."""
    owners, names = np.array(_PAIRS).T
    has = data.fault[:, None] == names
    return np.where(data.exercise[:, None] == owners, has, _NOT_ASKED)


def _network(width: int, plan: Plan) -> keras.Model:
    inputs = keras.Input((width,))
    x = layers.Dropout(0.2)(layers.GaussianNoise(0.15)(inputs))
    for count in plan.hidden:
        x = layers.Dropout(0.3)(layers.Dense(count, activation="silu")(x))
    return keras.Model(inputs, layers.Dense(len(_PAIRS))(x))


def _loss(fault_weight: float) -> keras.losses.Loss:
    """Cross-entropy of the faults that an exercise can have."""

    def loss(true: keras.KerasTensor, odds: keras.KerasTensor) -> keras.KerasTensor:
        asked, fault = ops.cast(true >= 0, "float32"), ops.cast(true > 0, "float32")
        entropy = ops.maximum(odds, 0) - odds * fault + ops.log1p(ops.exp(-ops.abs(odds)))
        return ops.sum(entropy * asked * (1 + (fault_weight - 1) * fault), -1)

    return loss


def cross_validated(data: FormData, plan: Plan) -> Array:
    """Log-odds (N, faults) of each rendered rep by a network that did not learn from its clip; NaN elsewhere."""
    names = np.unique(data.clip[data.rendered])
    fold = dict(
        zip(np.random.default_rng(plan.seed).permutation(names), np.arange(len(names)) % plan.folds, strict=True)
    )
    folds = np.array([fold.get(clip, -1) for clip in data.clip])
    odds = np.full((len(data.x), len(_PAIRS)), np.nan)
    for index in range(plan.folds):
        network = fit(data.of(folds != index), plan)
        for row in np.flatnonzero(folds == index):
            found = network(str(data.exercise[row]), data.x[row])
            odds[row] = [found.get(fault, np.nan) if owner == data.exercise[row] else np.nan for owner, fault in _PAIRS]
    return odds


def trusted(data: FormData, odds: Array) -> list[tuple[str, str]]:
    """The faults on which networks were right about strangers: (N, faults) log-odds of `cross_validated`."""
    return [
        pair
        for pair, (_, has, correct) in zip(_PAIRS, _shares(data, odds), strict=True)
        if has - correct >= _LEAST_GAIN
    ]


def report(data: FormData, odds: Array) -> str:
    """A table: of each fault, the share of reps that have it, and of correct ones, for which it is thought likely."""
    lines = [
        "| exercise | fault | reps | thought to have it | correct reps thought to | used |", "|---|---|---|---|---|---|"
    ]  # fmt: skip
    used = trusted(data, odds)
    for pair, (reps, has, correct) in zip(_PAIRS, _shares(data, odds), strict=True):
        lines.append(f"| {' | '.join(pair)} | {reps} | {has:.0%} | {correct:.0%} | {'yes' if pair in used else 'no'} |")
    return "\n".join(lines)


def _shares(data: FormData, odds: Array) -> Iterator[tuple[int, float, float]]:
    """Of each fault: the rendered reps that have it, and the share of them, and of correct ones, thought to have it."""
    for place, (owner, fault) in enumerate(_PAIRS):
        own = data.rendered & (data.exercise == owner)
        has, correct = odds[own & (data.fault == fault), place], odds[own & (data.fault == ""), place]
        yield len(has), _likely(has), _likely(correct)


def _likely(odds: Array) -> float:
    return float(np.mean(odds > 0)) if len(odds) else 0.0
