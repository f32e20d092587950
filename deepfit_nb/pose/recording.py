"""`PoseRecording`: all the poses of a clip, in memory and as an ``.npz`` file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import MediaError
from deepfit_nb.pose.keypoints import MIRRORED
from deepfit_nb.pose.pose import Pose

_MEND: Final = "make it anew from its video with 'deepfit analyze --save-recording', or leave it out"


@dataclass(frozen=True, eq=False)
class PoseRecording:
    """Poses of T frames; the on-disk contract that every tool here reads and writes.

    Attributes
    ----------
    image, world
        (T, 33, 4) and (T, 33, 3) float32 as in `Pose`; NaN in frames without a body.
    ok
        (T,) bool: a body was found.
    time_s
        (T,) float64 seconds, strictly increasing.
    fps
        Nominal frames a second.
    size
        Width and height in pixels.
    """

    image: NDArray[np.float32]
    world: NDArray[np.float32]
    ok: NDArray[np.bool_]
    time_s: NDArray[np.float64]
    fps: float
    size: tuple[int, int]

    def __post_init__(self) -> None:
        count = len(self.ok) if self.ok.ndim else 0
        for name, array, shape in (
            ("ok", self.ok, (count,)),
            ("image", self.image, (count, 33, 4)),
            ("world", self.world, (count, 33, 3)),
            ("time_s", self.time_s, (count,)),
        ):
            if array.shape != shape:
                raise MediaError(f"pose recording: {name} has shape {array.shape}, expected {shape}")
        if not (np.isfinite(self.time_s).all() and (np.diff(self.time_s) > 0).all()):
            raise MediaError("pose recording: time_s must be finite and strictly increasing")
        if not (np.isfinite(self.fps) and self.fps > 0 and min(self.size) > 0):
            raise MediaError(f"pose recording: fps {self.fps} and size {self.size} must be positive")

    def __len__(self) -> int:
        return len(self.ok)

    def __iter__(self) -> Iterator[tuple[float, Pose | None]]:
        """Yield ``(time_s, pose)`` for every frame; a frame that is not ``ok``, or holds NaN, gives ``None``."""
        good = self.ok & np.isfinite(self.image).all((1, 2)) & np.isfinite(self.world).all((1, 2))
        for index, time_s in enumerate(self.time_s.tolist()):
            yield time_s, Pose(self.image[index], self.world[index], time_s, self.size) if good[index] else None

    def mirrored(self) -> PoseRecording:
        """The same clip seen in a mirror: left becomes right."""
        image = self.image[:, MIRRORED] * np.array([-1, 1, 1, 1], np.float32)
        image[..., 0] += self.size[0]
        world = self.world[:, MIRRORED] * np.array([-1, 1, 1], np.float32)
        return PoseRecording(image, world, self.ok, self.time_s, self.fps, self.size)

    @classmethod
    def from_poses(
        cls, frames: Iterable[tuple[float, Pose | None]], *, fps: float, size: tuple[int, int]
    ) -> PoseRecording:
        """Collect ``(time_s, pose)`` pairs, as `__iter__` yields them."""
        times, images, worlds, ok = [], [], [], []
        for time_s, pose in frames:
            times.append(time_s)
            ok.append(pose is not None)
            images.append(pose.image if pose is not None else np.full((33, 4), np.nan, np.float32))
            worlds.append(pose.world if pose is not None else np.full((33, 3), np.nan, np.float32))
        return cls(
            np.array(images, np.float32).reshape(-1, 33, 4),
            np.array(worlds, np.float32).reshape(-1, 33, 3),
            np.array(ok, bool),
            np.array(times, np.float64),
            fps,
            size,
        )

    @classmethod
    def load(cls, path: str | Path) -> PoseRecording:
        """Read an ``.npz`` recording; raises `MediaError` that names the file and what is wrong with it."""
        if Path(path).is_file() and not zipfile.is_zipfile(path):  # numpy would advise to load it unsafely
            raise MediaError(f"{path}: not a readable pose recording (no .npz, or one that breaks off); {_MEND}")
        try:
            with np.load(path, allow_pickle=False) as data:
                ok = data["ok"].astype(bool)
                fps = float(data["fps"])
                width, height = (int(v) for v in data["size"])
                time_s = data["time_s"].astype(float) if "time_s" in data else np.arange(len(ok)) / fps
                image, world = data["image"].astype(np.float32), data["world"].astype(np.float32)
        except KeyError as error:
            raise MediaError(f"{path}: not a pose recording: {error} (needs image, world, ok, fps and size)") from error
        except Exception as error:  # what a damaged archive makes of zlib, zipfile and numpy is not told by any of them
            raise MediaError(f"{path}: not a readable pose recording ({error}); {_MEND}") from error
        try:
            return cls(image, world, ok, time_s, fps, (width, height))
        except MediaError as error:
            raise MediaError(f"{path}: {error}; {_MEND}") from error

    def save(self, path: str | Path) -> None:
        """Write an ``.npz`` recording that `load` reads back unchanged."""
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file, image=self.image, world=self.world, ok=self.ok,
                fps=self.fps, size=np.array(self.size), time_s=self.time_s,
            )  # fmt: skip
