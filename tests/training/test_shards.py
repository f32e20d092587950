"""Training data on disk."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.recognition.window import CHANNELS, FRAMES, JOINTS
from deepfit_nb.training.dataset import WindowSet
from deepfit_nb.training.shards import batches, count_batches, make_shards, read_shard, write_shard


def of_one_kind(label: int, count: int = 64) -> WindowSet:
    """Windows that all have one label, as synthetic and rendered ones each have their own ways."""
    x = np.ones((count, FRAMES, len(JOINTS), len(CHANNELS)), np.float32)
    return WindowSet(x, np.full(count, label, np.intp))


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    return make_shards(tmp_path, of_one_kind, 3, workers=1)


def test_a_shard_comes_back_as_it_was(tmp_path: Path) -> None:
    data = of_one_kind(4)
    write_shard(tmp_path / "one.npz", data)
    again = read_shard(tmp_path / "one.npz")
    np.testing.assert_array_equal(again.x, data.x)
    np.testing.assert_array_equal(again.y, data.y)
    assert (again.x.dtype, again.y.dtype) == (np.float32, np.intp)


def test_each_batch_is_a_mixture_of_the_shards(shards: list[Path]) -> None:
    found = list(islice(batches(shards, 48, seed=1), count_batches(shards, 48)))
    assert len(found) == 3 * 64 // 48
    for x, y in found:
        assert (x.shape[0], x.dtype, y.shape) == (48, np.float32, (48, len(CLASSES)))
        assert (y.sum(0)[:3] > 0).all()
    np.testing.assert_array_equal(sum(y for _, y in found).sum(0)[:3], [64, 64, 64])


def test_no_shard_is_left_to_make_batches_of_its_own(tmp_path: Path) -> None:
    paths = make_shards(tmp_path, of_one_kind, 7, workers=1)
    for _, y in islice(batches(paths, 64, seed=1), 3 * 7):
        assert (y.sum(0) > 0).sum() >= 3


def test_the_same_seed_gives_the_same_batches(shards: list[Path]) -> None:
    (one, _), (same, _), (other, _) = (next(batches(shards, 16, seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
