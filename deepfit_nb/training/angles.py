"""``deepfit train --angles``: the network of `deepfit_nb.kinematics.estimator`, from rendered bodies, in a minute."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray
from scipy.linalg import block_diag
from tqdm.keras import TqdmCallback

from deepfit_nb.kinematics.dense import FAR
from deepfit_nb.kinematics.estimator import JOINTS, LOG_ERROR_RANGE, UNIT_DEG, AngleEstimator, features
from deepfit_nb.resources import resource
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.angle_data import AngleData

Array = NDArray[np.floating]

#: Of the errors, this share should be smaller than expected.
WITHIN: Final = 0.68
#: The camera is in front up to this azimuth.
_FRONT_DEG: Final = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How to learn. The defaults made the model that is shipped.

    ``variations``: how many varied copies join each clip; ``members``: how many networks are averaged; ``folds`` of the
    cross-validation that sets `error_factor`.
    """

    members: int = 3
    variations: int = 2
    hidden: tuple[int, ...] = (96, 96)
    epochs: int = 12
    batch: int = 1024
    learning_rate: float = 2e-3
    weight_decay: float = 3e-3
    folds: int = 3
    seed: int = 0


def train_angles(out: Path, data: AngleData | None = None, plan: Plan | None = None) -> str:
    """Train on all clips but the held-out ones, write ``out/angles.npz``, and return a table of its errors on those.

    Without ``data`` that of ``assets/angles`` is used, and there is a second table for its strangers in any view.
    """
    coached = data or AngleData.load(resource("assets", "angles", "rendered_angles.npz"))
    data = data or AngleData.join([coached, AngleData.load(resource("assets", "angles", "stranger_angles.npz"))])
    plan = plan or Plan()
    learnt = data.of(~data.held_out)
    # Expected errors are for those who want to be coached: from bad cameras everything is doubtful.
    estimator = calibrated(fit(learnt, plan, progress=True), learnt, plan, np.isin(learnt.name, coached.name))
    with atomic_write(out / "angles.npz") as temporary:
        estimator.save(temporary)
    tables = {"sets to be coached": coached.of(coached.held_out)}
    if len(data.name) > len(coached.name):
        tables["strangers in any view as well"] = data.of(data.held_out)
    return "\n\n".join(f"{title}, held out:\n{report(estimator, held)}" for title, held in tables.items())


def offsets(data: AngleData) -> Array:
    """(4,) degrees from the true angle of each of `JOINTS` to MediaPipe's 2D one, where the 2D one can be trusted.

    That is the straighter half of knees, hips and elbows on the near side, which look straight from everywhere, and the
    shoulder from the front.
    """
    _, flat, _ = features(*data.bodies())
    azimuth = data.azimuth_deg[data.clip]
    rows, near = np.arange(len(azimuth)), np.where(azimuth > 0, 0, 1)
    true = data.angles[rows, near]
    trusted = true > np.median(true, axis=0)
    trusted[:, JOINTS.index("shoulder")] = np.abs(azimuth) < _FRONT_DEG
    difference = np.where(trusted, flat[rows, near] - true, np.nan)
    return np.asarray(np.nanmedian(difference, axis=0))


def fit(data: AngleData, plan: Plan, *, progress: bool = False) -> AngleEstimator:
    """An estimator from all frames of ``data``; its expected errors are those of the bodies it has learnt from."""
    keras.utils.set_random_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    offset = offsets(data)
    parts = [features(*copy.bodies()) for copy in (data, *(data.varied(rng) for _ in range(plan.variations)))]
    x, flat, deep = (np.concatenate([part[i] for part in parts]) for i in range(3))
    target = np.tile(data.angles + offset, (len(parts), 1, 1))
    x, target = x.reshape(-1, x.shape[-1]), np.stack([target, flat, deep], -1).reshape(-1, 3) / UNIT_DEG
    usable = np.isfinite(x).all(-1)
    x, target = x[usable], target[usable]
    mean, scale = x.mean(0), x.std(0) + 0.02

    x = np.clip((x - mean) / scale, -FAR, FAR).astype(np.float32)
    steps = max(1, len(x) // plan.batch * plan.epochs)
    members = []
    for index in range(plan.members):
        network = _network(x.shape[-1], plan)
        schedule = keras.optimizers.schedules.CosineDecay(plan.learning_rate, steps)
        network.compile(keras.optimizers.AdamW(schedule, weight_decay=plan.weight_decay), loss=_loss)
        bar = [TqdmCallback(verbose=0, desc=f"network {index + 1} of {plan.members}")] if progress else []
        network.fit(x, target.astype(np.float32), batch_size=plan.batch, epochs=plan.epochs, verbose=0, callbacks=bar)
        members.append([layer.get_weights() for layer in network.layers if isinstance(layer, layers.Dense)])
    return AngleEstimator(mean, scale, merged(members), np.ones(len(JOINTS)), offset)


def merged(members: list[list[list[Array]]]) -> tuple[tuple[Array, Array], ...]:
    """One network that gives the mean of the members' outputs: side by side, they do not see each other."""
    first, *middle, last = zip(*members, strict=True)
    return (
        (np.hstack([weights for weights, _ in first]), np.hstack([bias for _, bias in first])),
        *((block_diag(*(w for w, _ in layer)), np.hstack([bias for _, bias in layer])) for layer in middle),
        (np.vstack([weights for weights, _ in last]) / len(last), np.mean([bias for _, bias in last], axis=0)),
    )


def _network(width: int, plan: Plan) -> keras.Model:
    inputs = keras.Input((width,))
    x = layers.GaussianNoise(0.1)(inputs)
    for count in plan.hidden:
        x = layers.Dropout(0.1)(layers.Dense(count, activation="silu")(x))
    return keras.Model(inputs, layers.Dense(3)(x))


def _loss(target: keras.KerasTensor, output: keras.KerasTensor) -> keras.KerasTensor:
    """Negative log-likelihood of a Laplace distribution (outliers do not pull it about), and a price on corrections."""
    true, flat, deep = target[:, 0], target[:, 1], target[:, 2]
    share, correction = ops.sigmoid(output[:, 0]), output[:, 1]
    log_error = ops.clip(output[:, 2], *LOG_ERROR_RANGE)
    miss = ops.abs(true - share * flat - (1 - share) * deep - correction)
    return miss * ops.exp(-log_error) + log_error + 0.05 * ops.abs(correction)


def calibrated(estimator: AngleEstimator, data: AngleData, plan: Plan, judged: NDArray[np.bool_]) -> AngleEstimator:
    """The same with the `error_factor` that makes expected errors right for clips not learnt from, by cross-validation.

    ``judged`` (C,) marks the clips whose errors count.
    """
    fold = np.random.default_rng(plan.seed).permutation(len(data.name)) % plan.folds
    ratios = []
    for index in range(plan.folds):
        strangers = data.of((fold == index) & judged)
        if not len(strangers.clip):
            continue
        miss, expected = errors(fit(data.of(fold != index), replace(plan, members=1)), strangers)
        ratios.append(np.abs(miss) / expected)
    return replace(estimator, error_factor=np.nanquantile(np.concatenate(ratios), WITHIN, axis=(0, 1)))


def errors(estimator: AngleEstimator, data: AngleData) -> tuple[Array, Array]:
    """Estimate minus truth, the offset taken out, and expected error: (N, 2, 4) degrees each."""
    found, expected = (part.reshape(-1, 4, 2).swapaxes(1, 2) for part in estimator(*data.bodies()))
    return found - estimator.offset_deg - data.angles, expected


def report(estimator: AngleEstimator, data: AngleData) -> str:
    """A table: for each joint, and the side near to or far from the camera, errors of 2D, world and estimated angle."""
    _, flat, deep = features(*data.bodies())
    miss, expected = errors(estimator, data)
    azimuth = data.azimuth_deg[data.clip][:, None]
    far = (np.abs(azimuth) > 40) & ((azimuth > 0) == np.array([False, True]))
    lines = ["| joint | side | 2D | world | estimate | within the expected error |", "|---|---|---|---|---|---|"]
    for joint, name in enumerate(JOINTS):
        for side, rows in (("near", ~far), ("far", far)):
            found = [spread(values[..., joint][rows]) for values in (flat - data.angles, deep - data.angles, miss)]
            share = (np.abs(miss) < expected)[..., joint][rows].mean()
            lines.append(f"| {name} | {side} | {' | '.join(found)} | {share:.0%} |")
    return "\n".join(lines)


def spread(miss: Array) -> str:
    """Median and 90th percentile of the error that remains when a constant offset is taken out."""
    return "{:.1f}° / {:.1f}°".format(*np.nanpercentile(np.abs(miss - np.nanmedian(miss)), [50, 90]))
