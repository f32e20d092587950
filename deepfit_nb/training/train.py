"""``deepfit train``: both classifiers from nothing, on made-up people; resumes where a killed run stopped.

Most windows are of synthetic skeletons seen by a made-up detector, which gives variety by the thousand; some are of
rendered bodies seen by MediaPipe, which gives its true errors.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
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
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training import frame_network, stgcn
from deepfit_nb.training.dataset import (
    WindowSet,
    rendered_frames,
    rendered_shard,
    rendered_windows,
    synthetic_frames,
    synthetic_shard,
    synthetic_windows,
)
from deepfit_nb.training.export import export
from deepfit_nb.training.held_out import is_held_out
from deepfit_nb.training.metrics import confusion, expected_calibration_error, fit_temperature, softmax
from deepfit_nb.training.shards import batches, count_batches, make_shards

#: Seeds of the validation data, far from those of the training shards.
_VALIDATION_SEED: Final = 1_000_000
#: Between the seeds of two networks' data.
_APART: Final = 10_000
#: Training shows more people at rest than a set does: so much is taken from the logit of ``non_activity``. Chosen on
#: rendered clips, with the real ones in sight.
_IDLE_BIAS: Final = 1.0
_IDLE: Final = CLASSES.index(NON_ACTIVITY)
#: Rendered clips in one shard.
_CLIPS_IN_SHARD: Final = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make and how long to learn from it. What is shipped, `models/MODEL_CARD.md` says."""

    shards: int = 12
    windows: int = 10_000
    rendered: int = 480
    epochs: int = 6
    batch: int = 128
    learning_rate: float = 4e-3
    validation: int = 6_000
    frames: int = 60_000
    seed: int = 0
    idle: float = 1 / 5
    networks: int = 2

    def __post_init__(self) -> None:
        if self.networks not in (1, 2):
            raise ValueError(f"a sequence classifier has one network or two, not {self.networks}")

    @property
    def draws(self) -> list[Plan]:
        """What each network of the sequence classifier learns from: other people."""
        return [self, *(replace(self, seed=self.seed + n * _APART) for n in range(1, self.networks))]

    @property
    def fingerprint(self) -> str:
        """Names the data and checkpoints that this plan can go on from."""
        plan = {**asdict(self), "features": FEATURE_VERSION}
        return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:12]


def train(out: Path, work: Path, plan: Plan | None = None) -> dict[str, Any]:
    """Train, export to ``out`` and return the figures that are also written to ``out/training.json``.

    Parameters
    ----------
    work
        Folder for data and checkpoints. A run of the same plan that was killed goes on from what is there.
    """
    plan = plan or Plan()
    folder = work / plan.fingerprint
    folder.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Any] = {"plan": asdict(plan), "classes": list(CLASSES)}
    # Clips do not depend on the rest of the plan and take longest: they outlive the run.
    clips = _render(work, plan)
    learnt, held = [c for c in clips if not is_held_out(c.stem)], [c for c in clips if is_held_out(c.stem)]
    figures["frame"] = _stage(folder / "frame.json", lambda: train_frame(out, plan, frames_of(learnt, plan)))
    validation = synthetic_windows(plan.validation, _VALIDATION_SEED + plan.seed)
    fits = [
        _fit_draw(folder / f"network-{number}", draw, learnt, validation) for number, draw in enumerate(plan.draws, 1)
    ]
    tests = {"synthetic": validation} | ({"rendered": rendered_windows(held, _VALIDATION_SEED)} if held else {})
    figures["sequence"] = export_sequence(out, fits, tests, idle_bias=_IDLE_BIAS)
    with atomic_write(out / "training.json") as temporary:
        temporary.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder)
    return figures


def _render(work: Path, plan: Plan) -> list[Path]:
    """Strangers, and an eighth as many sets as people film them to be coached."""
    if not plan.rendered:
        return []
    from deepfit_nb.training.render.clips import RENDER_VERSION, TRAINING_FPS, render_sets, render_strangers

    folder, seed = work / f"rendered-{RENDER_VERSION}-{plan.seed}", plan.seed
    strangers = render_strangers(folder / "strangers", plan.rendered, seed=seed)
    return strangers + render_sets(folder / "sets", plan.rendered // 8, seed=seed, fps=TRAINING_FPS)


def frames_of(clips: list[Path], plan: Plan) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """What the frame network learns from: frames of synthetic skeletons and of rendered clips."""
    x, y = synthetic_frames(plan.frames, plan.seed)
    if not clips:
        return x, y
    rendered_x, rendered_y = rendered_frames(clips)
    return np.concatenate([x, rendered_x]), np.concatenate([y, rendered_y])


def _stage(record: Path, run: Any) -> dict[str, Any]:
    """The result of a stage, run unless ``record`` says that it has been."""
    if not record.exists():
        result = run()
        with atomic_write(record) as temporary:
            temporary.write_text(json.dumps(result), encoding="utf-8")
    loaded: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    return loaded


def train_frame(out: Path, plan: Plan, data: tuple[NDArray[np.float32], NDArray[np.intp]]) -> dict[str, Any]:
    """Train and export the seed's frame network on ``data`` (vectors, labels)."""
    keras.utils.set_random_seed(plan.seed)
    x, y = data
    held_x, held_y = synthetic_frames(plan.frames // 10, _VALIDATION_SEED + plan.seed)
    model = frame_network.build()
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


def _fit_draw(folder: Path, draw: Plan, clips: list[Path], validation: WindowSet) -> Fit:
    """One network, from its own skeletons and from all rendered clips."""
    folder.mkdir(exist_ok=True)
    shards = make_shards(folder / "windows", partial(synthetic_shard, draw.windows, draw.seed, draw.idle), draw.shards)
    # Each clip twice, its windows elsewhere and its tempo another the second time.
    groups = [clips[start : start + _CLIPS_IN_SHARD] for start in range(0, len(clips), _CLIPS_IN_SHARD)] * 2
    shards += make_shards(folder / "rendered", partial(rendered_shard, groups), len(groups), desc="rendered windows")
    return fit_stgcn(folder, shards, validation, draw)


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


class Fit(NamedTuple):
    """A trained network, its learning curves, and the seconds it took."""

    model: keras.Model
    history: dict[str, list[float]]
    seconds: float


def fit_stgcn(folder: Path, shards: list[Path], validation: WindowSet, plan: Plan, **network: Any) -> Fit:
    """A trained ST-GCN; ``network`` goes to `stgcn.build`."""
    keras.utils.set_random_seed(plan.seed)
    steps = count_batches(shards, plan.batch)
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
    return Fit(model, _rounded(history), time.monotonic() - started)


def _rounded(history: dict[str, list[float]]) -> dict[str, list[float]]:
    return {name: [round(float(value), 4) for value in values] for name, values in history.items()}


def report(figures: dict[str, Any]) -> str:
    """The figures of a training run in a few lines."""
    frame, sequence = figures["frame"], figures["sequence"]
    return (
        f"frame classifier: {frame['parameters']:,} parameters, "
        f"{frame['history']['val_accuracy'][-1]:.3f} of synthetic strangers' frames right\n"
        f"sequence classifier: {sequence['parameters']:,} parameters, {sequence['accuracy']:.3f} of synthetic "
        f"strangers' windows right, calibration error {sequence['calibration_error']:.3f}"
        + (f"; {sequence['rendered']['accuracy']:.3f} of rendered strangers'" if "rendered" in sequence else "")
    )
