"""Networks fitted to training data, calibrated, and exported with their figures."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm.keras import TqdmCallback

from deepfit_nb.recognition.classes import CLASSES, EXERCISES, NON_ACTIVITY
from deepfit_nb.recognition.frame import FRAME_FEATURE_VERSION
from deepfit_nb.recognition.sequence import second_member
from deepfit_nb.recognition.window import FEATURE_VERSION
from deepfit_nb.training import frame_network, stgcn
from deepfit_nb.training.dataset import WindowSet, synthetic_frames
from deepfit_nb.training.export import export
from deepfit_nb.training.metrics import confusion, expected_calibration_error, fit_temperature, softmax
from deepfit_nb.training.plan import VALIDATION_SEED, Plan
from deepfit_nb.training.precision import has_bfloat16, mixed_precision
from deepfit_nb.training.shards import batches, count_batches

_IDLE: Final = CLASSES.index(NON_ACTIVITY)


class Fit(NamedTuple):
    """A trained network, its learning curves, and the seconds it took."""

    model: keras.Model
    history: dict[str, list[float]]
    seconds: float


def fit_stgcn(folder: Path, shards: list[Path], validation: WindowSet, plan: Plan, **network: Any) -> Fit:
    """A trained ST-GCN; ``network`` goes to `stgcn.build`."""
    keras.utils.set_random_seed(plan.seed)
    steps = count_batches(shards, plan.batch)
    with mixed_precision(has_bfloat16()):
        model = stgcn.build(**network)
    schedule = keras.optimizers.schedules.CosineDecay(plan.learning_rate, plan.epochs * steps, alpha=0.02)
    model.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=1e-3),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.05),
        metrics=["accuracy"],
    )
    curves = keras.callbacks.CSVLogger(folder / "curves.csv", append=True)
    started = time.monotonic()
    model.fit(
        batches(shards, plan.batch, plan.seed),
        steps_per_epoch=steps,
        epochs=plan.epochs,
        verbose=0,
        validation_data=(validation.x, np.eye(len(CLASSES), dtype=np.float32)[validation.y]),
        validation_batch_size=512,
        callbacks=[
            keras.callbacks.BackupAndRestore(folder / "checkpoint", delete_checkpoint=False),
            curves,
            TqdmCallback(verbose=0, desc="sequence classifier"),
        ],
    )
    table = np.genfromtxt(folder / "curves.csv", delimiter=",", names=True)
    history = {name: np.atleast_1d(table[name]).tolist() for name in table.dtype.names or () if name != "epoch"}
    whole = stgcn.build(**network)
    whole.set_weights(model.get_weights())
    return Fit(whole, _rounded(history), time.monotonic() - started)


def train_frame(out: Path, plan: Plan, data: tuple[NDArray[np.float32], NDArray[np.intp]]) -> dict[str, Any]:
    """Train and export the seed's frame network on ``data`` (vectors, labels)."""
    keras.utils.set_random_seed(plan.seed)
    x, y = data
    held_x, held_y = synthetic_frames(plan.frames // 10, VALIDATION_SEED + plan.seed)
    model = frame_network.build(frame_network.EPOCHS * -(-len(y) // frame_network.BATCH))
    history = model.fit(
        x,
        y,
        batch_size=frame_network.BATCH,
        epochs=frame_network.EPOCHS,
        validation_data=(held_x, held_y),
        verbose=0,
        callbacks=[TqdmCallback(verbose=0, desc="frame classifier")],
    )
    export(
        model, out / "frame_classifier.tflite", kind="frame", feature_version=FRAME_FEATURE_VERSION, classes=EXERCISES
    )
    predicted = model.predict(held_x, verbose=0, batch_size=1024).argmax(1)
    return {
        "history": _rounded(history.history),
        "parameters": model.count_params(),
        "confusion": confusion(held_y, predicted, len(EXERCISES)).tolist(),
    }


def train_sequence(out: Path, folder: Path, shards: list[Path], validation: WindowSet, plan: Plan) -> dict[str, Any]:
    """Train, calibrate and export a sequence classifier of one network; calibrated and tested on ``validation``."""
    return export_sequence(out, [fit_stgcn(folder, shards, validation, plan)], {"synthetic": validation})


def export_sequence(
    out: Path, fits: Sequence[Fit], tests: dict[str, WindowSet], *, idle_bias: float = 0.0
) -> dict[str, Any]:
    """Calibrate the mean of the networks' logits on all ``tests``, export them, and return the figures of each test."""
    models = [fit.model for fit in fits]
    logits = {
        name: np.mean([model.predict(data.x, batch_size=512, verbose=0) for model in models], axis=0)
        for name, data in tests.items()
    }
    temperature = fit_temperature(np.concatenate(list(logits.values())), np.concatenate([d.y for d in tests.values()]))
    first = out / "sequence_classifier.tflite"
    second_member(first).unlink(missing_ok=True)  # of an earlier training
    for model, path in zip(models, (first, second_member(first)), strict=False):
        export(
            model,
            path,
            kind="sequence",
            feature_version=FEATURE_VERSION,
            classes=CLASSES,
            temperature=temperature,
            idle_bias=idle_bias,
        )
    lean = np.where(np.arange(len(CLASSES)) == _IDLE, idle_bias, 0.0)
    figures = {name: _tested(softmax(logits[name] / temperature - lean), data.y) for name, data in tests.items()}
    return {
        "history": fits[0].history,
        "histories": [fit.history for fit in fits],
        "parameters": sum(model.count_params() for model in models),
        "seconds": sum(fit.seconds for fit in fits),
        "precision": "mixed_bfloat16" if has_bfloat16() else "float32",
        "temperature": temperature,
        "idle_bias": idle_bias,
        **figures.pop("synthetic"),
        **figures,
    }


def _tested(probabilities: NDArray[np.float32], true: NDArray[np.intp]) -> dict[str, Any]:
    said = probabilities.argmax(1)
    return {
        "accuracy": float((said == true).mean()),
        "calibration_error": expected_calibration_error(probabilities, true),
        "confusion": confusion(true, said, len(CLASSES)).tolist(),
    }


def _rounded(history: dict[str, list[float]]) -> dict[str, list[float]]:
    return {name: [round(float(value), 4) for value in values] for name, values in history.items()}
