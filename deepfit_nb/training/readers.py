"""The networks of `deepfit_nb.kinematics.readers`, from rendered bodies whose exercise is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray
from tqdm.keras import TqdmCallback

from deepfit_nb.kinematics.dense import FAR
from deepfit_nb.kinematics.elbows import ELBOWS
from deepfit_nb.kinematics.estimator import JOINTS, LOG_ERROR_RANGE, UNIT_DEG, AngleEstimator
from deepfit_nb.kinematics.general import measure_any
from deepfit_nb.kinematics.limbs import LIMBS
from deepfit_nb.kinematics.movements import MOVEMENTS
from deepfit_nb.kinematics.readers import JointReader, Subject
from deepfit_nb.resources import resource
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.angle_data import AngleData
from deepfit_nb.training.angles import WITHIN, Plan, merged, spread
from deepfit_nb.training.held_out import is_held_out

Array = NDArray[np.floating]

_STRANGERS: Final = "stranger_angles.npz"
#: In ``assets/angles``.
_FILES: Final = ("rendered_angles.npz", _STRANGERS, "brief_angles.npz")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A subject and how it is learned. Those in `LESSONS` made the models that are shipped."""

    subject: Subject
    plan: Plan

    @property
    def exercises(self) -> list[str]:
        """Those that are learned from."""
        return sorted({MOVEMENTS[movement] for _, movement in self.subject.readings})

    def data(self, given: AngleData | None = None) -> AngleData:
        """The clips that are learned from, of those given or of ``assets/angles``."""
        data = given or AngleData.join([AngleData.load(resource("assets", "angles", name)) for name in _FILES])
        return data.of(np.isin(data.exercise, self.exercises))

    def done(self, data: AngleData) -> NDArray[np.bool_]:
        """(N, readings) which reading is of the exercise that a frame shows."""
        exercises = np.array([MOVEMENTS[movement] for _, movement in self.subject.readings])
        return np.asarray(data.exercise[data.clip][:, None] == exercises)

    def seen(self, data: AngleData, estimator: AngleEstimator) -> tuple[Array, Array]:
        """Features (N, 2, width) and the angles that are to be corrected (N, 2, readings)."""
        body = measure_any(*data.bodies(), estimator)
        return self.subject.features(body), self.subject.corrected(body)

    def truth(self, data: AngleData, estimator: AngleEstimator) -> Array:
        """(N, 2, readings) true angles, where MediaPipe has its joints; NaN of movements that are not done."""
        joints = [JOINTS.index(joint) for joint, _ in self.subject.readings]
        angles = data.angles[:, :, joints] + estimator.offset_deg[joints]
        return np.where(self.done(data)[:, None], angles, np.nan)


LESSONS: Final = (
    Lesson(ELBOWS, Plan(hidden=(64, 48), batch=512)),
    Lesson(LIMBS, Plan(hidden=(96, 64), batch=512, weight_decay=0.03)),
)


def train_reader(lesson: Lesson, out: Path, data: AngleData | None = None) -> str:
    """Train for the estimator in ``out/angles.npz``, write the model, and return a table of held-out errors.

    Without ``data`` that of ``assets/angles`` is used: the clips that the estimator learnt from, and brief sets.
    """
    estimator, data = AngleEstimator.load(out / "angles.npz"), lesson.data(data)
    held = held_out(data)
    learnt = data.of(~held)
    reader = calibrated(fit(lesson, learnt, estimator, progress=True), lesson, learnt, estimator)
    with atomic_write(out / f"{lesson.subject.name}.npz") as temporary:
        reader.save(temporary, lesson.subject)
    return report(reader, lesson, data.of(held), estimator)


def held_out(data: AngleData) -> NDArray[np.bool_]:
    """(C,) clips that training leaves alone: those that the estimator's did, and of all one in eight.

    Brief sets are numbered in the order of faults: the last digit of a number says whether there is one.
    """
    return data.held_out | np.array([is_held_out(name) for name in data.name.tolist()], bool)


def fit(lesson: Lesson, data: AngleData, estimator: AngleEstimator, *, progress: bool = False) -> JointReader:
    """A reader from all frames of ``data``; its expected errors are theirs."""
    plan = lesson.plan
    keras.utils.set_random_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    copies = [data, *(data.varied(rng) for _ in range(plan.variations))]
    x, angles = (
        np.concatenate(parts) for parts in zip(*(lesson.seen(copy, estimator) for copy in copies), strict=True)
    )
    miss = (np.tile(lesson.truth(data, estimator), (len(copies), 1, 1)) - angles) / UNIT_DEG
    done = np.repeat(np.tile(lesson.done(data), (len(copies), 1)), 2, axis=0)
    x, miss = x.reshape(-1, x.shape[-1]), miss.reshape(-1, miss.shape[-1])
    usable = np.isfinite(x).all(-1) & (np.isfinite(miss) | ~done).all(-1)
    x, target = x[usable], np.concatenate([done, np.where(done, miss, 0)], -1)[usable].astype(np.float32)
    mean, scale = x.mean(0), x.std(0) + 0.02

    x = np.clip((x - mean) / scale, -FAR, FAR).astype(np.float32)
    members = []
    for index in range(plan.members):
        network = _network(x.shape[-1], 2 * miss.shape[-1], plan)
        schedule = keras.optimizers.schedules.CosineDecay(
            plan.learning_rate, max(1, len(x) // plan.batch * plan.epochs)
        )
        network.compile(keras.optimizers.AdamW(schedule, weight_decay=plan.weight_decay), loss=_loss)
        title = f"{lesson.subject.name} {index + 1} of {plan.members}"
        bar = [TqdmCallback(verbose=0, desc=title)] if progress else []
        network.fit(x, target, batch_size=plan.batch, epochs=plan.epochs, verbose=0, callbacks=bar)
        members.append([layer.get_weights() for layer in network.layers if isinstance(layer, layers.Dense)])
    return JointReader(mean, scale, merged(members), np.ones(miss.shape[-1]))


def errors(reader: JointReader, lesson: Lesson, data: AngleData, estimator: AngleEstimator) -> tuple[Array, Array]:
    """Angle minus truth, and expected error: (N, 2, readings) degrees each; the former NaN where it is not done."""
    found, expected = reader(*lesson.seen(data, estimator))
    return found - lesson.truth(data, estimator), expected


def calibrated(reader: JointReader, lesson: Lesson, data: AngleData, estimator: AngleEstimator) -> JointReader:
    """The same with the `error_factor` that makes expected errors right for clips not learnt from, by cross-validation.

    Strangers filmed by bad cameras do not count: expected errors are for those who want to be coached.
    """
    plan = lesson.plan
    once = replace(lesson, plan=replace(plan, members=1))
    judged = ~np.isin(data.name, AngleData.load(resource("assets", "angles", _STRANGERS)).name)
    fold = np.random.default_rng(plan.seed).permutation(len(data.name)) % plan.folds
    ratios = []
    for index in range(plan.folds):
        strangers = data.of((fold == index) & judged)
        if len(strangers.clip):
            miss, expected = errors(fit(once, data.of(fold != index), estimator), once, strangers, estimator)
            ratios.append(np.abs(miss) / expected)
    factor = np.array([_quantile(column) for column in np.concatenate(ratios).reshape(-1, len(reader.error_factor)).T])
    return replace(reader, error_factor=factor)


def report(reader: JointReader, lesson: Lesson, data: AngleData, estimator: AngleEstimator) -> str:
    """A table: for each reading, errors of the angle without and with the knowledge of the movement."""
    _, plain = lesson.seen(data, estimator)
    miss, expected = errors(reader, lesson, data, estimator)
    plain = plain - lesson.truth(data, estimator)
    lines = ["| angle | any body | in its light | within the expected error |", "|---|---|---|---|"]
    for column, reading in enumerate(lesson.subject.readings):
        known = np.isfinite(miss[..., column])
        if known.any():
            found = [spread(part[..., column][known]) for part in (plain, miss)]
            share = (np.abs(miss) < expected)[..., column][known].mean()
            lines.append(f"| {' '.join(reading)} | {' | '.join(found)} | {share:.0%} |")
    return "\n".join(lines)


def _quantile(ratios: Array) -> float:
    """Of those that are known; 1 where there are none."""
    known = ratios[np.isfinite(ratios)]
    return float(np.quantile(known, WITHIN)) if len(known) else 1.0


def _network(width: int, outputs: int, plan: Plan) -> keras.Model:
    inputs = keras.Input((width,))
    x = layers.GaussianNoise(0.1)(inputs)
    for count in plan.hidden:
        x = layers.Dropout(0.1)(layers.Dense(count, activation="silu")(x))
    return keras.Model(inputs, layers.Dense(outputs)(x))


def _loss(target: keras.KerasTensor, output: keras.KerasTensor) -> keras.KerasTensor:
    """Negative log-likelihood of a Laplace distribution for what is done, and a price on corrections."""
    done, miss = ops.split(target, 2, axis=-1)
    correction, log_error = ops.split(output, 2, axis=-1)
    log_error = ops.clip(log_error, *LOG_ERROR_RANGE)
    price = ops.abs(miss - correction) * ops.exp(-log_error) + log_error + 0.02 * ops.abs(correction)
    return ops.sum(done * price, -1)
