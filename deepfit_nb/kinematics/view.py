"""From where the camera sees the body."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose import Landmark as L
from deepfit_nb.pose import Pose

ViewName = Literal["front", "oblique", "side", "behind", "unknown"]

#: Typical widths of the hips and the shoulders in metres. They weigh the two axes by how much of each is measured.
_HIP_WIDTH_M: Final = 0.25
_SHOULDER_WIDTH_M: Final = 0.35
#: MediaPipe flattens upright bodies: their depth is about so much larger than it says. Lying ones it does not.
#: From 101 rendered clips: the mean error of the azimuth falls from 7.8 to 5.9 degrees, its bias from -6.5 to 0.
_FLATTENED: Final = 1.45


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera stands relative to the body.

    Attributes
    ----------
    name
        ``front`` up to 25° off the front, ``side`` from 60° to 120°, ``behind`` from 150°, ``oblique`` in between.
    azimuth_deg
        -180..180: 0 in front of the body, +90 at its left side, -90 at its right, 180 behind; NaN when unknown.
        "Front" is horizontal, perpendicular to the line of the shoulders: for a push-up it is where the head points,
        for a sit-up where the feet point.
    confidence
        0..1: how steady the estimate has been over the last second.
    """

    name: ViewName
    azimuth_deg: float
    confidence: float


UNKNOWN_VIEW: Final = View("unknown", math.nan, 0.0)


def lateral_axis(world: NDArray[np.floating]) -> NDArray[np.floating]:
    """The body's axis from right to left, from world landmarks (..., 33, 3) to (..., 3), in body widths (about 1 long).

    The mean of hips and shoulders: on 21 rendered clips its azimuth is within 11° (median 4°) of the truth, while the
    hips alone are up to 15° off in deep squats.
    """
    hips = world[..., L.LEFT_HIP, :] - world[..., L.RIGHT_HIP, :]
    shoulders = world[..., L.LEFT_SHOULDER, :] - world[..., L.RIGHT_SHOULDER, :]
    return (hips / _HIP_WIDTH_M + shoulders / _SHOULDER_WIDTH_M) / 2


def azimuth_deg(world: NDArray[np.floating]) -> NDArray[np.floating]:
    """Camera azimuth in degrees, as `View.azimuth_deg`, of world landmarks (..., 33, 3)."""
    axis = _level_axis(world)
    return np.degrees(np.arctan2(-axis[..., 1], axis[..., 0]))


def _level_axis(world: NDArray[np.floating]) -> NDArray[np.floating]:
    """x and z (..., 2) of the lateral axis, the depth of an upright body made good."""
    trunk = (world[..., L.LEFT_SHOULDER, :] + world[..., L.RIGHT_SHOULDER, :]) / 2
    trunk = trunk - (world[..., L.LEFT_HIP, :] + world[..., L.RIGHT_HIP, :]) / 2
    upright = np.abs(trunk[..., 1]) / np.maximum(np.linalg.norm(trunk, axis=-1), 1e-6)
    axis = lateral_axis(world)
    return np.stack([axis[..., 0], axis[..., 2] * _FLATTENED ** (upright**2)], -1)


class ViewEstimator:
    """Follows the camera's azimuth over a stream.

    The body's lateral axis is averaged with a time constant of one second: people turn slowly and depth jitters.
    """

    def __init__(self, time_constant_s: float = 1.0) -> None:
        self._tau = time_constant_s
        self._axis: NDArray[np.floating] | None = None
        self._length = 0.0
        self._time_s = -math.inf

    def update(self, pose: Pose) -> View:
        """Take in one body and say from where it is seen."""
        axis = _level_axis(pose.world).astype(float)
        length = float(np.hypot(*axis))
        gap = pose.time_s - self._time_s
        if self._axis is None or gap > 3 * self._tau:
            self._axis, self._length = axis, length
        else:
            keep = math.exp(-gap / self._tau)
            self._axis = keep * self._axis + (1 - keep) * axis
            self._length = keep * self._length + (1 - keep) * length
        self._time_s = pose.time_s
        # Axes that agree add up to their full length; axes that contradict each other cancel.
        agreement = float(np.hypot(*self._axis)) / max(self._length, 1e-6)
        return named_view(math.degrees(math.atan2(-self._axis[1], self._axis[0])), min(1.0, agreement))


def named_view(azimuth: float, confidence: float = 1.0) -> View:
    """The `View` of an azimuth in degrees; unknown where that is NaN."""
    if math.isnan(azimuth):
        return UNKNOWN_VIEW
    off_front = abs((azimuth + 180) % 360 - 180)
    name: ViewName
    if off_front <= 25:
        name = "front"
    elif off_front < 60:
        name = "oblique"
    elif off_front <= 120:
        name = "side"
    elif off_front < 150:
        name = "oblique"
    else:
        name = "behind"
    return View(name, azimuth, confidence)
