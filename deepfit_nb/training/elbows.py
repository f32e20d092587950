"""The network of `deepfit_nb.kinematics.elbows`, from rendered bodies whose exercise is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray
from tqdm.keras import TqdmCallback

from deepfit_nb.kinematics.dense import FAR
from deepfit_nb.kinematics.elbows import MOVEMENTS, ElbowReader
from deepfit_nb.kinematics.estimator import JOINTS, LOG_ERROR_RANGE, UNIT_DEG, AngleEstimator
from deepfit_nb.kinematics.measures import INDEX, measure_any
from deepfit_nb.resources import resource
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.angle_data import AngleData
from deepfit_nb.training.angles import WITHIN, Plan, merged, spread
from deepfit_nb.training.held_out import is_held_out

Array = NDArray[np.floating]

_STRANGERS: Final = "stranger_angles.npz"
#: In ``assets/angles``. The last is of sets of `MOVEMENTS` among the first 502 of ``deepfit render --brief --seed 52``.
_FILES: Final = ("rendered_angles.npz", _STRANGERS, "arm_angles.npz")
_KINDS: Final = len(MOVEMENTS)
_ELBOWS: Final = [INDEX["elbow_left"], INDEX["elbow_right"]]
#: Made the model that is shipped.
_PLAN: Final = Plan(hidden=(64, 48), batch=512)


def train_elbows(out: Path, data: AngleData | None = None, plan: Plan | None = None) -> str:
    """Train for the estimator in ``out/angles.npz``, write ``out/elbows.npz``, and return a table of held-out errors.

    Without ``data`` that of ``assets/angles`` is used: the clips that the estimator learnt from, and brief sets.
    """
    estimator, plan = AngleEstimator.load(out / "angles.npz"), plan or _PLAN
    data = of_movements(data or AngleData.join([AngleData.load(resource("assets", "angles", name)) for name in _FILES]))
    held = held_out(data)
    learnt = data.of(~held)
    reader = calibrated(fit(learnt, estimator, plan, progress=True), learnt, estimator, plan)
    with atomic_write(out / "elbows.npz") as temporary:
        reader.save(temporary)
    return report(reader, data.of(held), estimator)


def held_out(data: AngleData) -> NDArray[np.bool_]:
    """(C,) clips that training leaves alone: those that the estimator's did, and of all one in eight.

    Brief sets are numbered in the order of faults: the last digit of a number says whether there is one.
    """
    return data.held_out | np.array([is_held_out(name) for name in data.name.tolist()], bool)


def of_movements(data: AngleData) -> AngleData:
    """Only the clips of exercises that are learned from."""
    return data.of(np.isin(data.exercise, list(MOVEMENTS.values())))


def fit(data: AngleData, estimator: AngleEstimator, plan: Plan, *, progress: bool = False) -> ElbowReader:
    """A reader from all frames of ``data``, whose clips are `of_movements`; its expected errors are theirs."""
    keras.utils.set_random_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    copies = [data, *(data.varied(rng) for _ in range(plan.variations))]
    x, elbows = (np.concatenate(parts) for parts in zip(*(seen(copy, estimator) for copy in copies), strict=True))
    miss = np.tile(truth(data, estimator), (len(copies), 1)) - elbows
    kind = np.eye(_KINDS)[np.tile(movement(data), len(copies))]
    target = np.concatenate([np.repeat(kind, 2, axis=0), miss.reshape(-1, 1) / UNIT_DEG], -1)
    x = x.reshape(-1, x.shape[-1])
    usable = np.isfinite(x).all(-1)
    x, target = x[usable], target[usable].astype(np.float32)
    mean, scale = x.mean(0), x.std(0) + 0.02

    x = np.clip((x - mean) / scale, -FAR, FAR).astype(np.float32)
    members = []
    for index in range(plan.members):
        network = _network(x.shape[-1], plan)
        schedule = keras.optimizers.schedules.CosineDecay(
            plan.learning_rate, max(1, len(x) // plan.batch * plan.epochs)
        )
        network.compile(keras.optimizers.AdamW(schedule, weight_decay=plan.weight_decay), loss=_loss)
        bar = [TqdmCallback(verbose=0, desc=f"elbows {index + 1} of {plan.members}")] if progress else []
        network.fit(x, target, batch_size=plan.batch, epochs=plan.epochs, verbose=0, callbacks=bar)
        members.append([layer.get_weights() for layer in network.layers if isinstance(layer, layers.Dense)])
    return ElbowReader(mean, scale, merged(members), np.ones(_KINDS))


def seen(data: AngleData, estimator: AngleEstimator) -> tuple[Array, Array]:
    """`elbow_features` (N, 2, FEATURES) and the angles that are to be corrected (N, 2)."""
    measured, features = measure_any(*data.bodies(), estimator)
    return features, measured.values[:, _ELBOWS]


def truth(data: AngleData, estimator: AngleEstimator) -> Array:
    """(N, 2) true elbows, where MediaPipe has its joints."""
    elbow = JOINTS.index("elbow")
    return np.asarray(data.angles[:, :, elbow] + estimator.offset_deg[elbow])


def movement(data: AngleData) -> NDArray[np.intp]:
    """(N,) index into `MOVEMENTS` of each frame."""
    place = {exercise: index for index, exercise in enumerate(MOVEMENTS.values())}
    return np.array([place.get(name, -1) for name in data.exercise.tolist()], np.intp)[data.clip]


def errors(reader: ElbowReader, data: AngleData, estimator: AngleEstimator) -> tuple[Array, Array]:
    """Angle minus truth, and expected error: (N, 2) degrees each, of the movement that is done."""
    features, elbows = seen(data, estimator)
    done = movement(data)[:, None, None]
    found, expected = (np.take_along_axis(part, done, -1)[..., 0] for part in reader(features, elbows))
    return found - truth(data, estimator), expected


def calibrated(reader: ElbowReader, data: AngleData, estimator: AngleEstimator, plan: Plan) -> ElbowReader:
    """The same with the `error_factor` that makes expected errors right for clips not learnt from, by cross-validation.

    Strangers filmed by bad cameras do not count: expected errors are for those who want to be coached.
    """
    judged = ~np.isin(data.name, AngleData.load(resource("assets", "angles", _STRANGERS)).name)
    fold = np.random.default_rng(plan.seed).permutation(len(data.name)) % plan.folds
    ratios: list[list[Array]] = [[np.ones(1)] for _ in range(_KINDS)]
    for index in range(plan.folds):
        strangers = data.of((fold == index) & judged)
        if not len(strangers.clip):
            continue
        miss, expected = errors(fit(data.of(fold != index), estimator, replace(plan, members=1)), strangers, estimator)
        for kind in range(_KINDS):
            ratios[kind].append((np.abs(miss) / expected)[movement(strangers) == kind].ravel())
    return replace(reader, error_factor=np.array([np.nanquantile(np.concatenate(r), WITHIN) for r in ratios]))


def report(reader: ElbowReader, data: AngleData, estimator: AngleEstimator) -> str:
    """A table: for each movement, errors of the elbow without and with the knowledge of it."""
    _, elbows = seen(data, estimator)
    miss, expected = errors(reader, data, estimator)
    lines = ["| movement | any body | in its light | within the expected error |", "|---|---|---|---|"]
    for kind, name in enumerate(MOVEMENTS):
        rows = movement(data) == kind
        if rows.any():
            found = [spread(part[rows]) for part in (elbows - truth(data, estimator), miss)]
            share = (np.abs(miss) < expected)[rows].mean()
            lines.append(f"| {name} | {' | '.join(found)} | {share:.0%} |")
    return "\n".join(lines)


def _network(width: int, plan: Plan) -> keras.Model:
    inputs = keras.Input((width,))
    x = layers.GaussianNoise(0.1)(inputs)
    for count in plan.hidden:
        x = layers.Dropout(0.1)(layers.Dense(count, activation="silu")(x))
    return keras.Model(inputs, layers.Dense(2 * _KINDS)(x))


def _loss(target: keras.KerasTensor, output: keras.KerasTensor) -> keras.KerasTensor:
    """Negative log-likelihood of a Laplace distribution for the movement that is done, and a price on corrections."""
    kind, miss = target[:, :_KINDS], target[:, _KINDS]
    correction = ops.sum(output[:, :_KINDS] * kind, -1)
    log_error = ops.clip(ops.sum(output[:, _KINDS:] * kind, -1), *LOG_ERROR_RANGE)
    return ops.abs(miss - correction) * ops.exp(-log_error) + log_error + 0.02 * ops.abs(correction)
