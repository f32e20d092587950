"""``deepfit train``: both classifiers from nothing, on made-up people; resumes where a killed run stopped.

Most windows are of synthetic skeletons seen by a made-up detector, which gives variety by the thousand; some are of
rendered bodies seen by MediaPipe, which gives its true errors.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.dataset import (
    WindowSet,
    rendered_frames,
    rendered_shard,
    rendered_windows,
    synthetic_frames,
    synthetic_shard,
    synthetic_windows,
)
from deepfit_nb.training.fitting import Fit, export_sequence, fit_stgcn, train_frame
from deepfit_nb.training.held_out import is_held_out
from deepfit_nb.training.plan import VALIDATION_SEED, Plan
from deepfit_nb.training.shards import make_shards

#: Training shows more people at rest than a set does: so much is taken from the logit of ``non_activity``. Chosen on
#: rendered clips, with the real ones in sight.
_IDLE_BIAS: Final = 0.5
#: Of so many rendered strangers there is one set as people film them to be coached.
_STRANGERS_TO_A_SET: Final = 8
#: Rendered clips in one shard.
_CLIPS_IN_SHARD: Final = 120


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
    learnt, held = _parted(clips.of(plan))
    figures["frame"] = _stage(folder / "frame.json", lambda: train_frame(folder, plan, frames_of(learnt, plan)))
    validation = synthetic_windows(plan.validation, VALIDATION_SEED + plan.seed)
    fits = [
        _fit_draw(folder / f"network-{number}", draw, _parted(clips.of(draw))[0], validation)
        for number, draw in enumerate(plan.draws, 1)
    ]
    tests = {"synthetic": validation} | ({"rendered": rendered_windows(held, VALIDATION_SEED)} if held else {})
    figures["sequence"] = export_sequence(out, fits, tests, idle_bias=_IDLE_BIAS)
    for made in folder.glob("frame_classifier.*"):
        shutil.copy(made, out)
    with atomic_write(out / "training.json") as temporary:
        temporary.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder)
    return figures


class _Clips(NamedTuple):
    """Rendered strangers, and sets as people film them to be coached, each in the order in which they were made."""

    strangers: list[Path]
    sets: list[Path]

    def of(self, plan: Plan) -> list[Path]:
        """What a network learns from: an eighth as many sets as strangers."""
        return self.strangers[: plan.rendered] + self.sets[: plan.rendered // _STRANGERS_TO_A_SET]


def _render(work: Path, plan: Plan) -> _Clips:
    """The clips that the first network needs; the second learns from some of them."""
    if not plan.rendered:
        return _Clips([], [])
    from deepfit_nb.training.render.clips import RENDER_VERSION, TRAINING_FPS, render_sets, render_strangers

    folder, seed = work / f"rendered-{RENDER_VERSION}-{plan.seed}", plan.seed
    strangers = render_strangers(folder / "strangers", plan.rendered, seed=seed)
    count = plan.rendered // _STRANGERS_TO_A_SET
    return _Clips(strangers, render_sets(folder / "sets", count, seed=seed, fps=TRAINING_FPS))


def _parted(clips: list[Path]) -> tuple[list[Path], list[Path]]:
    """Those to learn from, and those that are held out."""
    return [clip for clip in clips if not is_held_out(clip.stem)], [clip for clip in clips if is_held_out(clip.stem)]


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


def _fit_draw(folder: Path, draw: Plan, clips: list[Path], validation: WindowSet) -> Fit:
    """One network, from its own skeletons and from rendered clips."""
    folder.mkdir(exist_ok=True)
    make = partial(synthetic_shard, draw.windows, draw.seed, draw.rest)
    shards = make_shards(folder / "windows", make, draw.shards)
    groups = [clips[start : start + _CLIPS_IN_SHARD] for start in range(0, len(clips), _CLIPS_IN_SHARD)]
    watch = partial(rendered_shard, groups, draw.rest.least_moved)
    shards += make_shards(folder / "rendered", watch, len(groups), desc="rendered windows")
    return fit_stgcn(folder, shards, validation, draw)


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
