"""`Pose`: one body in one frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose.keypoints import MIRRORED


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One body in one frame, as MediaPipe measured it. A frame without a body is ``None``, never zeros.

    Attributes
    ----------
    image
        (33, 4) float32: x right and y down in pixels, z towards the scene in pixels (0 at the hips), visibility 0..1.
        A landmark may lie outside the frame.
    world
        (33, 3) float32: metres, origin between the hips; x right and y down *in the camera's view*, z away from it.
    time_s
        Seconds since the stream began.
    size
        Width and height of the frame in pixels.
    """

    image: NDArray[np.float32]
    world: NDArray[np.float32]
    time_s: float
    size: tuple[int, int]

    def __post_init__(self) -> None:
        for name, array, shape in (("image", self.image, (33, 4)), ("world", self.world, (33, 3))):
            if array.shape != shape:
                raise ValueError(f"Pose.{name} must have shape {shape}, not {array.shape}")
            if not np.isfinite(array).all():
                raise ValueError(f"Pose.{name} holds NaN or infinity; a frame without a body is None")

    @property
    def xy(self) -> NDArray[np.float32]:
        """(33, 2) pixels, x right and y down."""
        return self.image[:, :2]

    @property
    def visibility(self) -> NDArray[np.float32]:
        """(33,) MediaPipe's belief, 0..1, that each landmark is in the frame and not hidden."""
        return self.image[:, 3]

    def mirrored(self) -> Pose:
        """The same body seen in a mirror: left becomes right."""
        width = self.size[0]
        image = self.image[MIRRORED] * np.array([-1, 1, 1, 1], np.float32) + np.array([width, 0, 0, 0], np.float32)
        return Pose(image, self.world[MIRRORED] * np.array([-1, 1, 1], np.float32), self.time_s, self.size)
