from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras

from deepfit_nb.training.dataset import synthetic_windows
from deepfit_nb.training.fitting import fit_stgcn
from deepfit_nb.training.plan import Plan
from deepfit_nb.training.precision import has_bfloat16, mixed_precision
from deepfit_nb.training.shards import write_shard


@pytest.mark.parametrize(
    ("flags", "quick"),
    [
        ("flags : fpu sse avx512f avx512_bf16 avx512_vnni", True),
        ("flags\t\t: fpu amx_bf16 amx_tile", True),
        ("flags : fpu sse avx2 avx512f", False),
        ("model name : Imitation of avx512_bf16s", False),
        ("", False),
    ],
)
def test_the_processor_says_whether_half_the_digits_are_quick(flags: str, quick: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor : 0\n{flags}\nbugs : none\n")
    assert has_bfloat16(tmp_path / "cpuinfo") is quick


def test_a_network_that_was_trained_in_half_is_whole_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepfit_nb.training.fitting.has_bfloat16", lambda: True)
    data = synthetic_windows(80, seed=1)
    write_shard(tmp_path / "shard.npz", data)
    plan = Plan(epochs=1, batch=32, second=None)
    model = fit_stgcn(tmp_path, [tmp_path / "shard.npz"], data, plan, filters=(8,)).model
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert np.isfinite(model.predict(data.x, verbose=0)).all()


def test_where_nobody_says_so_they_are_not(tmp_path: Path) -> None:
    assert has_bfloat16(tmp_path / "none") is False


def test_only_what_is_built_inside_computes_in_half_and_its_weights_are_whole() -> None:
    before = keras.config.dtype_policy().name
    with mixed_precision(True):
        inside = keras.layers.Dense(3)
    with pytest.raises(KeyError), mixed_precision(True):
        raise KeyError
    outside = keras.layers.Dense(3)
    assert (inside.compute_dtype, inside.variable_dtype) == ("bfloat16", "float32")
    assert outside.compute_dtype == "float32"
    assert keras.config.dtype_policy().name == before
