"""Landmarks with true joint angles: `AngleData`, its file, and variations of it for training.

Three files in ``assets/angles`` hold what MediaPipe saw of rendered CC0 bodies, with the truth of the renderer.
``rendered_angles.npz``: 139 clips of the ten exercises, the faults among them, and other things, from many sides.
``stranger_angles.npz``: 360 clips of ``deepfit render --strangers --seed 0 --count 360`` of version 0.2.0, collected by
`collect`: every style, and any camera, bad ones too. The limb lengths of both were averaged over four seconds.
``brief_angles.npz``: ``deepfit render --brief --seed 52 --count 502``, two or three reps each.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import MediaError
from deepfit_nb.kinematics.estimator import JOINTS, LANDMARKS
from deepfit_nb.kinematics.motion import LimbLengths
from deepfit_nb.pose import PoseRecording

Array = NDArray[np.floating]

#: A clip in this many is kept out of training, by the number at the end of its name.
_HELD_OUT_OF = 10


@dataclass(frozen=True, slots=True, eq=False)
class AngleData:
    """N frames of C clips.

    Attributes
    ----------
    image, world
        (N, 12, 3) x, y in leg lengths about the hips, and visibility; (N, 12, 3) metres; of
        `deepfit_nb.kinematics.estimator.LANDMARKS`.
    lengths
        (N, 4) averaged limb lengths as `limb_lengths_px` has them, in leg lengths.
    angles
        (N, 2, 4) true degrees of left and right `JOINTS`.
    clip
        (N,) index into ``name``.
    name, exercise, azimuth_deg
        (C,) of the clips; the azimuth is positive where the camera is at the person's left.
    """

    image: Array
    world: Array
    lengths: Array
    angles: Array
    clip: NDArray[np.intp]
    name: NDArray[np.str_]
    exercise: NDArray[np.str_]
    azimuth_deg: Array

    @property
    def held_out(self) -> NDArray[np.bool_]:
        """(C,) clips that training leaves alone."""
        return np.array([int(name.rsplit("-", 1)[-1]) % _HELD_OUT_OF == 7 for name in self.name.tolist()], bool)

    def of(self, clips: NDArray[np.bool_]) -> AngleData:
        """Only the frames of the clips that are marked in (C,)."""
        rows = clips[self.clip]
        cut = {key: getattr(self, key)[rows] for key in ("image", "world", "lengths", "angles", "clip")}
        return replace(self, **cut)

    def bodies(self) -> tuple[Array, Array, Array]:
        """Image (N, 33, 4), world (N, 33, 3) and lengths (N, 4), as `AngleEstimator` takes them."""
        image, world = np.zeros((len(self.clip), 33, 4)), np.zeros((len(self.clip), 33, 3))
        image[:, LANDMARKS, :2], image[:, LANDMARKS, 3] = self.image[..., :2], self.image[..., 2]
        world[:, LANDMARKS] = self.world
        return image, world, np.asarray(self.lengths, float)

    def varied(self, rng: np.random.Generator) -> AngleData:
        """Each clip as another camera and another person might have given it.

        The camera is rolled, depth stretched, landmarks moved by about 2 % of a leg (half of it for the whole clip),
        limb lengths misjudged by 5 % and visibilities changed.
        """
        clips, frames = len(self.name), len(self.clip)

        def draw(scale: float, *shape: int) -> Array:
            return rng.normal(0, scale, (clips, *shape))[self.clip]

        roll = np.radians(draw(4.0))
        turn = np.stack([np.cos(roll), -np.sin(roll), np.sin(roll), np.cos(roll)], -1).reshape(-1, 2, 2)
        image, world = self.image.astype(float), self.world.astype(float)
        image[..., :2] = image[..., :2] @ turn + draw(0.02, 12, 2) + rng.normal(0, 0.02, (frames, 12, 2))
        visibility = image[..., 2] + draw(0.2, 12) + rng.normal(0, 0.15, (frames, 12))
        image[..., 2] = np.clip(visibility, 0, 1)
        world[..., :2] = world[..., :2] @ turn
        world[..., 2] *= np.exp(draw(0.12))[:, None]
        world += draw(0.015, 12, 3) + rng.normal(0, 0.015, world.shape)
        return replace(self, image=image, world=world, lengths=self.lengths * np.exp(draw(0.05, 4)))

    @staticmethod
    def join(parts: Sequence[AngleData]) -> AngleData:
        """The clips of all, one after the other."""
        firsts = np.cumsum([0, *(len(part.name) for part in parts[:-1])])
        clip = np.concatenate([part.clip + first for part, first in zip(parts, firsts, strict=True)])
        others = (field.name for field in fields(AngleData) if field.name != "clip")
        return AngleData(clip=clip, **{key: np.concatenate([getattr(part, key) for part in parts]) for key in others})

    def save(self, path: Path) -> None:
        """Write an ``.npz`` in half precision, which is a fifth of a degree at worst."""
        path.parent.mkdir(parents=True, exist_ok=True)
        small = {field.name: getattr(self, field.name) for field in fields(self)}
        small |= {key: small[key].astype(np.float16) for key in ("image", "world", "lengths", "angles")}
        np.savez_compressed(path, **small)

    @classmethod
    def load(cls, path: Path) -> AngleData:
        """Read what `save` wrote; raises `MediaError`."""
        try:
            with np.load(path, allow_pickle=False) as data:
                arrays = {field.name: data[field.name] for field in fields(cls)}
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise MediaError(f"{path}: not a file of joint angles ({error}). Take the one in assets/angles.") from error
        wide = {key: arrays[key].astype(np.float64) for key in ("image", "world", "lengths", "angles")}
        return cls(**{**arrays, **wide})


def collect(folder: Path, rate_hz: float = 6.0) -> AngleData:
    """From a folder of pose recordings (``.npz``), each with its truth (``.json``, as those of the demo clips)."""
    images, worlds, lengths, angles, clips = [], [], [], [], []
    names: list[str] = []
    exercises: list[str] = []
    azimuths: list[float] = []
    for path in sorted(folder.glob("*.npz")):
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        recording = PoseRecording.load(path)
        step, average = max(1, round(recording.fps / rate_hz)), LimbLengths()
        for index, (frame, (_, pose)) in enumerate(zip(truth["frames"], recording, strict=False)):
            if pose is None:
                continue
            length = average.update(pose)
            if index % step:
                continue
            leg, hips = length[0], pose.image[[23, 24], :2].mean(0)
            points = pose.image[list(LANDMARKS)]
            images.append(np.c_[(points[:, :2] - hips) / leg, points[:, 3]])
            worlds.append(pose.world[list(LANDMARKS)])
            lengths.append(length / leg)
            angles.append([[frame["angles"][f"{joint}_{side}"] for joint in JOINTS] for side in "lr"])
            clips.append(len(names))
        names.append(path.stem)
        exercises.append(truth["exercise"])
        azimuths.append(truth.get("azimuth_deg", np.nan))
    if not clips:
        raise MediaError(f"{folder}: no pose recordings (.npz) with a truth (.json) beside them.")
    return AngleData(
        np.array(images), np.array(worlds), np.array(lengths), np.array(angles), np.array(clips, np.intp),
        np.array(names), np.array(exercises), np.array(azimuths, float),
    )  # fmt: skip
