"""Training data on disk: made once, read shard by shard, so that memory stays small and a killed run loses little."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.recognition.window import CHANNELS, FRAMES, JOINTS
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.augment import augment
from deepfit_nb.training.dataset import WindowSet
from deepfit_nb.training.workers import run_all

#: So many shards, at most, are in memory at once and mixed.
_MIXED: Final = 6


def write_shard(path: Path, data: WindowSet) -> None:
    """Write one shard; it appears under its name only when it is whole."""
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez(file, x=data.x.astype(np.float16), y=data.y.astype(np.int16))


def read_shard(path: Path) -> WindowSet:
    with np.load(path) as data:
        return WindowSet(data["x"].astype(np.float32), data["y"].astype(np.intp))


def make_shards(
    folder: Path, make: Callable[[int], WindowSet], count: int, *, workers: int = 2, desc: str = "training data"
) -> list[Path]:
    """Shards ``0..count - 1`` of what ``make`` gives; those already there are kept.

    With more than one worker ``make`` is called in other processes, so it must be picklable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"shard-{index:03d}.npz" for index in range(count)]
    missing = [(index, path) for index, path in enumerate(paths) if not path.exists()]
    run_all(partial(_make_one, make), missing, workers=workers, desc=desc, unit="shard")
    return paths


def _make_one(make: Callable[[int], WindowSet], job: tuple[int, Path]) -> None:
    index, path = job
    write_shard(path, make(index))


def batches(
    paths: Sequence[Path], size: int, seed: int = 0
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Endless batches (windows, one-hot labels), each out of several shards, each window varied.

    Shards are of one kind each, synthetic or rendered. Batches of one kind by turns would leave batch normalisation
    with the statistics of whichever kind came last.
    """
    rng = np.random.default_rng(seed)
    one_hot = np.eye(len(CLASSES), dtype=np.float32)
    while True:
        order = rng.permutation(len(paths))
        for group in np.array_split(order, -(-len(paths) // _MIXED)):
            x, y = _mixture([paths[shard] for shard in group])
            shuffled = rng.permutation(len(y))
            for first in range(0, len(y) // size * size, size):
                rows = shuffled[first : first + size]
                yield augment(x[rows].astype(np.float32), rng), one_hot[y[rows]]
            del x, y  # before the next ones are read


def _mixture(paths: Sequence[Path]) -> tuple[NDArray[np.float16], NDArray[np.int16]]:
    """Several shards as one, as they are on disk: half the memory of what `read_shard` gives."""
    labels = []
    for path in paths:
        with np.load(path) as data:
            labels.append(data["y"])
    x = np.empty((sum(map(len, labels)), FRAMES, len(JOINTS), len(CHANNELS)), np.float16)
    first = 0
    for path, y in zip(paths, labels, strict=True):
        with np.load(path) as data:
            x[first : first + len(y)] = data["x"]
        first += len(y)
    return x, np.concatenate(labels)


def count_batches(paths: Sequence[Path], size: int) -> int:
    """Batches in one pass over the shards."""
    total = 0
    for path in paths:
        with np.load(path) as data:
            total += len(data["y"])
    return total // size


def default_work_folder() -> Path:
    """Where shards and checkpoints go unless told otherwise: the user's cache."""
    return user_cache_path("deepfit_nb") / "train"
