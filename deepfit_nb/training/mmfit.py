"""The MM-Fit data set as it is on disk (doi 10.1145/3432701), read one workout at a time.

``wXX/wXX_pose_2d.npy`` (2, N, 19) and ``wXX/wXX_pose_3d.npy`` (3, N, 18), 30 frames a second; on the last axis the
frame number comes first, then the joints: MM-Fit's 18 in 2D, Human3.6M's 17 in 3D. `deepfit_nb.training.mmfit_axes`
finds out which way the latter look. ``wXX/wXX_labels.csv`` holds start frame, end frame, repetitions and activity,
without a header.
"""

from __future__ import annotations

import csv
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import MediaError
from deepfit_nb.pose.keypoints import Landmark as L
from deepfit_nb.recognition.classes import EXERCISES, NON_ACTIVITY
from deepfit_nb.training.mmfit_axes import Axes, find_axes

logger = logging.getLogger(__name__)

FPS: Final = 30.0

_PAPER_TRAIN: Final = ("w01", "w02", "w03", "w04", "w06", "w07", "w08", "w16", "w17", "w18")
_PAPER_VALIDATION: Final = ("w14", "w15", "w19")
#: Train, validation and test workouts of each split. ``paper`` tests on people of the training set on another day,
#: ``unseen`` on people who are in no other part, ``seed`` is DeepFit's own.
SPLITS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "paper": (_PAPER_TRAIN, _PAPER_VALIDATION, ("w09", "w10", "w11")),
    "unseen": (_PAPER_TRAIN, _PAPER_VALIDATION, ("w00", "w05", "w12", "w13", "w20")),
    "seed": ((*_PAPER_TRAIN, *_PAPER_VALIDATION, "w20", "w12", "w13"), ("w05", "w09", "w10", "w11"), ("w00",)),
}

# BlazePose landmark and MM-Fit's 2D joint, and Human3.6M's 3D joint. MM-Fit has no fingers or toes: wrists and ankles
# stand in for them.
_JOINTS: Final[tuple[tuple[L, int, int], ...]] = (
    (L.NOSE, 0, 9),
    (L.RIGHT_SHOULDER, 2, 14),
    (L.RIGHT_ELBOW, 3, 15),
    (L.RIGHT_WRIST, 4, 16),
    (L.RIGHT_INDEX, 4, 16),
    (L.LEFT_SHOULDER, 5, 11),
    (L.LEFT_ELBOW, 6, 12),
    (L.LEFT_WRIST, 7, 13),
    (L.LEFT_INDEX, 7, 13),
    (L.RIGHT_HIP, 8, 1),
    (L.RIGHT_KNEE, 9, 2),
    (L.RIGHT_ANKLE, 10, 3),
    (L.RIGHT_FOOT_INDEX, 10, 3),
    (L.LEFT_HIP, 11, 4),
    (L.LEFT_KNEE, 12, 5),
    (L.LEFT_ANKLE, 13, 6),
    (L.LEFT_FOOT_INDEX, 13, 6),
    (L.RIGHT_EYE, 14, 9),
    (L.LEFT_EYE, 15, 9),
    (L.RIGHT_EAR, 16, 10),
    (L.LEFT_EAR, 17, 10),
)
_THORAX = 8
#: Metres from pelvis to thorax that 3D poses, whose unit is not stated, are scaled to.
_TRUNK_M: Final = 0.5


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set: first and last frame number, repetitions, exercise."""

    start: int
    end: int
    reps: int
    activity: str


@dataclass(frozen=True, eq=False)
class Workout:
    """One workout. The poses stay on disk (memory-mapped) until a stretch of them is asked for."""

    name: str
    frames: NDArray[np.int64]
    pose_2d: NDArray[np.floating]
    pose_3d: NDArray[np.floating]
    rows_2d: NDArray[np.intp]
    rows_3d: NDArray[np.intp]
    axes: Axes
    sets: tuple[LabelledSet, ...]

    @property
    def time_s(self) -> NDArray[np.float64]:
        return self.frames / FPS

    def labels(self) -> NDArray[np.str_]:
        """(N,) activity of each frame."""
        labels = np.full(len(self.frames), NON_ACTIVITY, dtype="U32")
        for one in self.sets:
            labels[(self.frames >= one.start) & (self.frames <= one.end)] = one.activity
        return labels

    def landmarks(self, part: slice) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
        """A stretch of frames as BlazePose has them: image (T, 33, 4), world (T, 33, 3) and ok (T,).

        Frames with a NaN are not ok. Joints that OpenPose did not find have visibility 0, and lie on the way from where
        they were last seen to where they are seen next. Landmarks that MM-Fit does not have are zero.
        """
        flat, solid = _poses(self.pose_2d, self.rows_2d[part]), _poses(self.pose_3d, self.rows_3d[part])
        ok = np.isfinite(flat).all((1, 2)) & np.isfinite(solid).all((1, 2))
        solid[~ok] = np.nan  # an infinite one cannot be turned
        found = (flat != 0).any(-1) & np.isfinite(flat).all(-1)
        flat, solid = _filled(flat, found), self.axes.apply(solid)
        image = np.zeros((len(flat), 33, 4), np.float32)
        world = np.zeros((len(flat), 33, 3), np.float32)
        for landmark, joint_2d, joint_3d in _JOINTS:
            image[:, landmark, :2], image[:, landmark, 3] = flat[:, joint_2d], found[:, joint_2d]
            world[:, landmark] = solid[:, joint_3d]
        if ok.any():
            trunk = np.linalg.norm(solid[ok, _THORAX], axis=-1)
            world *= _TRUNK_M / max(float(np.median(trunk)), 1e-6)
        return image, world, np.asarray(ok, bool)


def _poses(array: NDArray[np.floating], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Some rows of a file as (T, joints, channels)."""
    return np.moveaxis(np.asarray(array[:, rows, 1:], np.float32), 0, -1)


def _filled(flat: NDArray[np.float32], found: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Joints (T, 18, 2), those not ``found`` (T, 18) in some frames put between those before and after."""
    flat, frames = flat.copy(), np.arange(len(flat))
    for joint in np.flatnonzero(found.any(0) & ~found.all(0)):
        seen = found[:, joint]
        for axis in (0, 1):
            flat[~seen, joint, axis] = np.interp(frames[~seen], frames[seen], flat[seen, joint, axis])
    return flat


def require_workouts(folder: Path, split: str) -> None:
    """Raise `MediaError` where there is no such split, or a workout of it has no folder. No poses are read."""
    if split not in SPLITS:
        raise MediaError(f"unknown split {split!r}; known: {', '.join(SPLITS)}")
    if not folder.is_dir():
        raise MediaError(f"{folder}: is not a folder. Give the folder mm-fit that holds w00, w01 …")
    for name in sorted({name for part in SPLITS[split] for name in part}):
        _require_workout(folder, name)


def _require_workout(folder: Path, name: str) -> None:
    if not (folder / name).is_dir():
        raise MediaError(f"{folder}: has no workout {name}. Unpack all of MM-Fit there, or choose another split")


def load_workout(folder: Path, name: str) -> Workout:
    """Open a workout; raises `MediaError` that names the file, and the row, that is missing or wrong."""
    _require_workout(folder, name)
    pose_2d = _open(folder / name / f"{name}_pose_2d.npy", 2, 19)
    pose_3d = _open(folder / name / f"{name}_pose_3d.npy", 3, 18)
    frames, rows_2d, rows_3d = np.intersect1d(
        pose_2d[0, :, 0].astype(np.int64), pose_3d[0, :, 0].astype(np.int64), return_indices=True
    )
    if not len(frames):
        raise MediaError(f"{folder / name}: the 2D and the 3D poses share no frame number")
    flat, solid = _poses(pose_2d, rows_2d), _poses(pose_3d, rows_3d)
    whole = np.isfinite(flat).all((1, 2)) & np.isfinite(solid).all((1, 2))
    if not whole.any():
        raise MediaError(f"{folder / name}: every frame holds NaN, in the 2D or the 3D poses; download them again")
    if not whole.all():
        first = frames[np.argmin(whole)]
        logger.warning("%s: %d frames hold NaN and are left out, first frame %d", name, (~whole).sum(), first)
    axes = find_axes(flat[whole], solid[whole], str(folder / name))
    sets = _read_labels(folder / name / f"{name}_labels.csv", int(frames[-1]))
    return Workout(name, frames, pose_2d, pose_3d, rows_2d, rows_3d, axes, sets)


def _open(path: Path, channels: int, width: int) -> NDArray[np.floating]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise MediaError(f"{path}: is missing") from None
    except (OSError, ValueError, EOFError) as error:
        raise MediaError(f"{path}: is damaged or cut off ({error}); download it again") from error
    if not isinstance(array, np.ndarray) or not np.issubdtype(array.dtype, np.number):
        raise MediaError(f"{path}: is no array of numbers, as MM-Fit's .npy files are; download it again")
    if array.ndim != 3 or array.shape[0] != channels or array.shape[2] != width:
        raise MediaError(f"{path}: has shape {array.shape}, MM-Fit's is ({channels}, frames, {width})")
    if not np.isfinite(array[0, :, 0]).all():
        raise MediaError(f"{path}: a frame number is NaN, at row {int(np.argmin(np.isfinite(array[0, :, 0])))}")
    return array


def _read_labels(path: Path, last: int) -> tuple[LabelledSet, ...]:
    try:
        # Spreadsheets put a byte order mark first, which is no part of the first number.
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise MediaError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise MediaError(f"{path}: is not text in UTF-8; save it as CSV in UTF-8, or download it again") from None
    sets = []
    for number, row in enumerate((row for row in rows if row), start=1):
        where = f"{path}, row {number} ({','.join(row)})"
        try:
            start, end, reps = (int(value) for value in row[:3])
            (activity,) = (value.strip() for value in row[3:])
        except ValueError:
            raise MediaError(f"{where}: needs start frame, end frame, repetitions and activity") from None
        if activity not in (*EXERCISES, NON_ACTIVITY):
            raise MediaError(f"{where}: unknown activity {activity!r}; known: {', '.join(EXERCISES)}")
        if not 0 <= start < end <= last:
            raise MediaError(f"{where}: frames must increase and lie within the poses, which end at frame {last}")
        sets.append(LabelledSet(start, end, reps, activity))
    if not any(one.activity in EXERCISES for one in sets):
        raise MediaError(f"{path}: holds no set of an exercise; all of the workout would be learnt as rest")
    return tuple(sets)
