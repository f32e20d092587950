"""Skeletons drawn on frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from deepfit_nb.dashboard import theme
from deepfit_nb.pose import BONES, Landmark, Pose

# Below this MediaPipe itself believes that the landmark is hidden; such limbs are drawn thin.
_HIDDEN: Final = 0.5
_FIRST_BODY_LANDMARK: Final = Landmark.LEFT_SHOULDER
# OpenCV draws at positions of 1 / 16 pixel.
_SHIFT: Final = 4


def draw_skeleton(
    rgb: NDArray[np.uint8], pose: Pose | None, labels: Mapping[Landmark, str] | None = None
) -> NDArray[np.uint8]:
    """A copy of the frame with the body drawn on it.

    Parameters
    ----------
    rgb
        (height, width, 3) uint8. It may be of another size than the frame that the pose was found in.
    pose
        None: nothing is drawn.
    labels
        Texts to write beside landmarks, such as an angle beside its joint.

    Returns
    -------
    (height, width, 3) uint8. The person's left is in `theme.LEFT`, right in `theme.RIGHT`; limbs that are probably
    hidden are thin.
    """
    canvas = np.ascontiguousarray(rgb).copy()
    if pose is None:
        return canvas
    height, width = canvas.shape[:2]
    points = pose.xy * np.array([width, height], np.float32) / np.array(pose.size, np.float32)
    unit = max(1.0, min(width, height) / 240)
    for a, b in BONES:
        hidden = pose.visibility[[a, b]].min() < _HIDDEN
        colour = _COLOURS[_side(a) if _side(a) == _side(b) else "middle"]
        cv2.line(
            canvas,
            _fixed(points[a]),
            _fixed(points[b]),
            colour,
            round(unit if hidden else 2 * unit),
            cv2.LINE_AA,
            _SHIFT,
        )
    for landmark in range(_FIRST_BODY_LANDMARK, 33):
        if pose.visibility[landmark] >= _HIDDEN:
            centre, radius = _fixed(points[landmark]), round(2.4 * unit * 2**_SHIFT)
            cv2.circle(canvas, centre, radius, (255, 255, 255), -1, cv2.LINE_AA, _SHIFT)
            cv2.circle(canvas, centre, radius, _COLOURS[_side(landmark)], round(unit), cv2.LINE_AA, _SHIFT)
    for landmark, text in (labels or {}).items():
        _write(canvas, text, points[landmark] + np.array([5, -4], np.float32) * unit, unit)
    return canvas


def jpeg(rgb: NDArray[np.uint8], quality: int = 85) -> bytes:
    """The image as a JPEG file."""
    ok, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise ValueError(f"an image of shape {rgb.shape} cannot be written as JPEG")
    return data.tobytes()


def _write(canvas: NDArray[np.uint8], text: str, at: NDArray[np.float32], unit: float) -> None:
    """Text that is readable on any background: white with a dark rim."""
    x, y = (round(float(v)) for v in at)
    scale = 0.38 * unit
    for colour, thickness in (((20, 24, 32), round(3 * unit)), ((255, 255, 255), max(1, round(unit)))):
        cv2.putText(canvas, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness, cv2.LINE_AA)


def _fixed(point: NDArray[np.float32]) -> tuple[int, int]:
    # A landmark can lie far outside the frame, beyond what OpenCV's 32 bit positions hold.
    x, y = (round(float(np.clip(v, -1e5, 1e5)) * 2**_SHIFT) for v in point)
    return x, y


def _side(landmark: int) -> str:
    name = Landmark(landmark).name
    return "left" if "LEFT" in name else "right" if "RIGHT" in name else "middle"


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


_COLOURS: Final = {"left": _rgb(theme.LEFT), "right": _rgb(theme.RIGHT), "middle": _rgb(theme.MIDDLE)}
