"""Both trainings on next to nothing: that the path from data to a model file holds, not that the model is good."""

import json
import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
pytest.importorskip("tensorflow", reason="training needs TensorFlow")

from deepfit_nb.errors import MediaError
from deepfit_nb.recognition import CLASSES, NON_ACTIVITY, FrameClassifier, SequenceClassifier
from deepfit_nb.recognition.window import CHANNELS, FRAMES, JOINTS
from deepfit_nb.training import frame_network, stgcn
from deepfit_nb.training.dataset import Rest
from deepfit_nb.training.mmfit import SPLITS
from deepfit_nb.training.mmfit_train import report, train_mmfit
from deepfit_nb.training.plan import Plan, Second
from deepfit_nb.training.render import clips
from deepfit_nb.training.render.clips import truth_of
from deepfit_nb.training.shards import make_shards
from deepfit_nb.training.synthesis import make_recording
from deepfit_nb.training.train import report as report_of
from deepfit_nb.training.train import train
from tests.training.mmfit_files import write_workout

TINY = Plan(shards=2, windows=80, rendered=0, epochs=2, batch=32, validation=60, frames=300, rest=Rest(), second=None)


@pytest.fixture
def shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks of one small block and of two epochs, for what does not depend on them: the real ones take long."""
    monkeypatch.setattr(stgcn, "build", partial(stgcn.build, filters=(8,)))
    monkeypatch.setattr(frame_network, "EPOCHS", 2)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards are made here instead of in other processes, which take long to start."""
    monkeypatch.setattr("deepfit_nb.training.train.make_shards", partial(make_shards, workers=1))


def test_the_frame_network_is_the_seeds() -> None:
    model = frame_network.build(steps=100)
    assert model.count_params() == 5146
    assert [layer.units for layer in model.layers if hasattr(layer, "units")] == [64, 32, 16, 10]
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01)
    assert (frame_network.EPOCHS, frame_network.BATCH) == (20, 128)


def test_the_graph_has_every_joint_once_for_itself_and_no_lone_joint() -> None:
    parts = stgcn.adjacency()
    np.testing.assert_array_equal(parts[0], np.eye(len(JOINTS)))
    assert ((parts[1] + parts[2]).sum(1) > 0).all()


@pytest.mark.usefixtures("shallow", "in_this_process")
def test_two_networks_learn_of_rest_each_in_its_way_and_are_asked_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deepfit_nb.training import train as module

    told, real = [], module.synthetic_shard

    def noted(windows: int, seed: int, rest: Rest, index: int) -> object:
        told.append((seed, rest))
        return real(windows, seed, rest, index)

    monkeypatch.setattr(module, "synthetic_shard", noted)
    monkeypatch.setattr("deepfit_nb.training.train.train_frame", lambda *given: {})  # it is of no matter here
    train(
        tmp_path / "two",
        tmp_path / "work",
        replace(TINY, shards=1, epochs=1, second=Second(shards=1, rendered=0, epochs=1, rest=Rest(held=0.0))),
    )
    assert [rest for _, rest in told] == [Rest(), Rest(held=0.0)]
    assert len({seed for seed, _ in told}) == 2
    first, second = (tmp_path / "two" / f"sequence_classifier{name}.tflite" for name in ("", "_2"))
    infos = [json.loads(path.with_suffix(".json").read_text()) for path in (first, second)]
    assert infos[0]["temperature"] == infos[1]["temperature"]
    assert infos[0]["sha256"] != infos[1]["sha256"]
    both = SequenceClassifier(first)
    assert both.sha256 not in {info["sha256"] for info in infos}
    window = np.random.default_rng(0).normal(size=(FRAMES, len(JOINTS), len(CHANNELS))).astype(np.float32)
    together, alone = both.probabilities(window), [SequenceClassifier(path).probabilities(window) for path in (second,)]
    second.unlink()
    alone.append(SequenceClassifier(first).probabilities(window))
    geometric = np.sqrt(alone[0] * alone[1])
    np.testing.assert_allclose(together, geometric / geometric.sum(), rtol=1e-4)


@pytest.mark.usefixtures("shallow")
def test_rendered_clips_are_learnt_from_and_some_are_kept_for_testing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pretend(folder: Path, count: int, *, seed: int, fps: float = 25) -> list[Path]:
        """Clips 0..count - 1 in the renderer's form, but seen by the made-up detector."""
        folder.mkdir(parents=True)
        paths = []
        for index in range(count):
            recording, truth = make_recording("squats", reps=3, seed=seed + index, tail_s=4, fps=fps)
            paths.append(folder / f"squats__{seed}-{index:04d}.npz")
            recording.save(paths[-1])
            paths[-1].with_suffix(".json").write_text(json.dumps(truth_of("squats", truth, recording.fps)))
        return paths

    monkeypatch.setattr(clips, "render_strangers", pretend)
    monkeypatch.setattr(clips, "render_sets", pretend)
    figures = train(tmp_path / "out", tmp_path / "work", replace(TINY, rendered=8))
    held = np.array(figures["sequence"]["rendered"]["confusion"]).sum(1)
    squats, idle = CLASSES.index("squats"), CLASSES.index(NON_ACTIVITY)
    assert held[squats] > 0
    assert held[idle] > 0
    assert held.sum() == held[squats] + held[idle]
    # Of eight strangers number 2 is held out, and not the one set: three times one clip, a window each 0.3 s.
    assert held.sum() < 3 * 20 / 0.3
    assert "of rendered strangers'" in report_of(figures)


@pytest.mark.usefixtures("in_this_process")
def test_a_killed_run_goes_on_where_it_was_and_leaves_models_that_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deepfit_nb.training import train as module

    made: list[int] = []
    real = module.synthetic_shard

    def counted(windows: int, seed: int, rest: Rest, index: int) -> object:
        made.append(index)
        if len(made) == 2:
            raise KeyboardInterrupt
        return real(windows, seed, rest, index)

    monkeypatch.setattr(module, "synthetic_shard", counted)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "out", tmp_path / "work", TINY)
    monkeypatch.setattr(module, "train_frame", None)  # it is there, and not made again
    out = tmp_path / "elsewhere"
    figures = train(out, tmp_path / "work", TINY)
    assert made == [0, 1, 1]  # of the shards only the one that was lost is
    assert json.loads((out / "training.json").read_text()) == figures
    window = np.zeros((FRAMES, len(JOINTS), len(CHANNELS)), np.float32)
    model = SequenceClassifier(out / "sequence_classifier.tflite")
    assert model.probabilities(window).sum() == pytest.approx(1, abs=1e-5)
    assert FrameClassifier(out / "frame_classifier.tflite").probabilities(np.ones(36)).shape == (10,)
    assert not any((tmp_path / "work").iterdir())


@pytest.mark.usefixtures("shallow")
def test_mmfit_from_files_to_figures(tmp_path: Path) -> None:
    names = sorted({name for part in SPLITS["unseen"] for name in part})
    for index, name in enumerate(names):
        write_workout(tmp_path / "mm-fit", name, ["squats", "lateral_shoulder_raises"], seed=index, reps=2)
    figures = train_mmfit(tmp_path / "mm-fit", "unseen", tmp_path / "out", tmp_path / "work", TINY)
    text = report(figures)
    assert "w00, w05, w12, w13, w20" in text
    assert "squats" in text
    assert "non_activity" in text
    SequenceClassifier(tmp_path / "out" / "sequence_classifier.tflite")


@pytest.mark.parametrize(("split", "message"), [("yoga", "unknown split"), ("paper", "has no workout w01")])
def test_mmfit_that_cannot_be_used_is_refused_at_once(tmp_path: Path, split: str, message: str) -> None:
    with pytest.raises(MediaError, match=message):
        train_mmfit(tmp_path, split, tmp_path / "out", tmp_path / "work", TINY)
