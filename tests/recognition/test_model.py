import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from deepfit_nb.errors import ModelError
from deepfit_nb.recognition import FrameClassifier, SequenceClassifier
from deepfit_nb.recognition.window import CHANNELS, FRAMES, JOINTS
from deepfit_nb.resources import resource


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A model and its sidecar, to be spoilt."""
    for suffix in (".tflite", ".json"):
        shutil.copy(resource("models", f"sequence_classifier{suffix}"), tmp_path / f"model{suffix}")
    return tmp_path / "model.tflite"


def test_the_shipped_models_fit_and_are_small() -> None:
    for classifier, name in ((SequenceClassifier(), "sequence_classifier"), (FrameClassifier(), "frame_classifier")):
        path = resource("models", f"{name}.tflite")
        assert path.stat().st_size < 2_000_000
        assert len(classifier.sha256) == 64


def test_a_whole_copy_is_taken(copy: Path) -> None:
    assert SequenceClassifier(copy).sha256 == json.loads(copy.with_suffix(".json").read_text())["sha256"]


def test_the_second_network_counts_where_it_lies_beside_the_first(copy: Path) -> None:
    alone = SequenceClassifier(copy)
    for suffix in (".tflite", ".json"):
        shutil.copy(resource("models", f"sequence_classifier_2{suffix}"), copy.with_name(f"model_2{suffix}"))
    both, shipped = SequenceClassifier(copy), SequenceClassifier()
    window = np.random.default_rng(0).normal(size=(FRAMES, len(JOINTS), len(CHANNELS))).astype(np.float32)
    assert both.sha256 == shipped.sha256 != alone.sha256
    np.testing.assert_allclose(both.probabilities(window), shipped.probabilities(window))
    assert np.abs(both.probabilities(window) - alone.probabilities(window)).max() > 1e-3
    copy.with_name("model_2.tflite").write_bytes(b"spoilt")
    with pytest.raises(ModelError, match="damaged"):
        SequenceClassifier(copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"feature_version": 99}, "feature_version is 99"),
        ({"classes": ["squats", "yoga"]}, "classes"),
        ({"input_shape": [36]}, "input_shape"),
        ({"kind": "frame"}, "kind is frame"),
        ({"sha256": "0" * 64}, "damaged"),
        ({"colour": "blue"}, "does not describe a model"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(copy: Path, change: dict[str, object], message: str) -> None:
    sidecar = copy.with_suffix(".json")
    sidecar.write_text(json.dumps({**json.loads(sidecar.read_text()), **change}))
    with pytest.raises(ModelError, match=message) as caught:
        SequenceClassifier(copy)
    assert "deepfit train" in str(caught.value)


def test_a_cut_off_model_is_refused(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:10_000])
    with pytest.raises(ModelError, match="damaged"):
        SequenceClassifier(copy)


@pytest.mark.parametrize("suffix", [".tflite", ".json"])
def test_an_absent_file_is_named(copy: Path, suffix: str) -> None:
    copy.with_suffix(suffix).unlink()
    with pytest.raises(ModelError, match=f"model{suffix}.*cannot be read"):
        SequenceClassifier(copy)


def test_the_frame_model_is_not_taken_for_the_sequence_model() -> None:
    with pytest.raises(ModelError, match="kind"):
        SequenceClassifier(resource("models", "frame_classifier.tflite"))
