"""Training data on disk: made once, read shard by shard, so that memory stays small and a killed run loses little."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path
from tqdm import tqdm

from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.recognition.window import mirror
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.dataset import WindowSet


def write_shard(path: Path, data: WindowSet) -> None:
    """Write one shard; it appears under its name only when it is whole."""
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez(file, x=data.x.astype(np.float16), y=data.y.astype(np.int16))


def read_shard(path: Path) -> WindowSet:
    with np.load(path) as data:
        return WindowSet(data["x"].astype(np.float32), data["y"].astype(np.intp))


def make_shards(folder: Path, make: Callable[[int], WindowSet], count: int) -> list[Path]:
    """Shards ``0..count - 1`` of what ``make`` gives; those already there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"shard-{index:03d}.npz" for index in range(count)]
    for index, path in enumerate(tqdm(paths, desc="training data", unit="shard", disable=None)):
        if not path.exists():
            write_shard(path, make(index))
    return paths


def batches(
    paths: Sequence[Path], size: int, seed: int = 0
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Endless batches (windows, one-hot labels): shards in random order, shuffled within, half of them mirrored."""
    rng = np.random.default_rng(seed)
    while True:
        for shard in rng.permutation(len(paths)):
            data = read_shard(paths[shard])
            flip = rng.random(len(data)) < 0.5
            data.x[flip] = mirror(data.x[flip])
            order = rng.permutation(len(data))
            for start in range(0, len(data) // size * size, size):
                rows = order[start : start + size]
                yield data.x[rows], np.eye(len(CLASSES), dtype=np.float32)[data.y[rows]]


def count_batches(paths: Sequence[Path], size: int) -> int:
    """Batches in one pass over the shards."""
    total = 0
    for path in paths:
        with np.load(path) as data:
            total += len(data["y"]) // size
    return total


def default_work_folder() -> Path:
    """Where shards and checkpoints go unless told otherwise: the user's cache."""
    return user_cache_path("deepfit_nb") / "train"
