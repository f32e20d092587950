"""Writes a small data set in exactly MM-Fit's format, for tests."""

from pathlib import Path

import numpy as np

from deepfit_nb.pose.keypoints import to_mmfit
from deepfit_nb.training.synthesis import EXACT, make_workout

#: BlazePose landmarks (pairs whose mean is taken) of Human3.6M's 17 joints.
_H36M = (
    (23, 24), (24, 24), (26, 26), (28, 28), (23, 23), (25, 25), (27, 27), (11, 24), (11, 12),
    (0, 0), (7, 8), (11, 11), (13, 13), (15, 15), (12, 12), (14, 14), (16, 16),
)  # fmt: skip

#: The axes of 3D poses, from x to the right of the picture, y down and z away from the camera. Those of the released
#: files are (right, away, up).
Z_UP = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
#: (right, up, towards the camera).
Y_UP = np.array([[1, 0, 0], [0, -1, 0], [0, 0, -1]])


def to_h36m(world: np.ndarray) -> np.ndarray:
    """Human3.6M's joints (T, 17, 3) of BlazePose landmarks (T, 33, 3)."""
    return world[:, np.array(_H36M)].mean(2)


def write_workout(
    folder: Path, name: str, exercises: list[str], seed: int, *, axes: np.ndarray = Z_UP, reps: int = 3
) -> None:
    """One workout with one set of each exercise; the frame numbers do not begin at 0."""
    recording, truth = make_workout(exercises, reps=reps, rest_s=3, seed=seed, detector=EXACT, fps=30)
    frames = np.arange(len(recording)) + 100
    flat = np.moveaxis(to_mmfit(recording.image[..., :2]), -1, 0)
    # Millimetres: the reader must not depend on the unit.
    solid = 1000 * to_h36m(recording.world) @ axes.T
    target = folder / name
    target.mkdir(parents=True)
    for kind, values in (("2d", flat), ("3d", np.moveaxis(solid, -1, 0))):
        numbers = np.broadcast_to(frames[None, :, None], (len(values), len(frames), 1))
        np.save(target / f"{name}_pose_{kind}.npy", np.concatenate([numbers, values], axis=-1))
    rows = [
        f"{100 + round(one.start_s * 30)},{100 + round(one.end_s * 30)},{one.reps},{one.exercise}" for one in truth.sets
    ]
    (target / f"{name}_labels.csv").write_text("\n".join(rows) + "\n")
