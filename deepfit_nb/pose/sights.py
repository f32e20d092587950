"""`Sights`: where nobody is found in a frame as it is, it is looked at in other ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose.pose import Pose

Frame = NDArray[np.uint8]

#: Share of the frame's sides that is added on each side for bodies that fill it.
_BORDER: Final = 1 / 3
#: A picture of fewer grey levels than this shows nothing but noise, which is not amplified further.
_LEAST_RANGE: Final = 20


@dataclass(frozen=True, slots=True)
class Sight:
    """A way of looking at a frame.

    Attributes
    ----------
    show
        Makes of a (height, width, 3) frame the one that MediaPipe gets.
    back
        Takes a body that was found in that to the frame, whose ``(width, height)`` in pixels is given.
    """

    show: Callable[[Frame], Frame]
    back: Callable[[Pose, tuple[int, int]], Pose]


class Sights:
    """In which ways to look at the next frame of a stream, at most two (test-time augmentation, spread over time).

    MediaPipe's detector of people was made for those who stand in good light. It misses some who lie, who fill the
    frame, or who are in the dark. Once found they are kept, for as long as they are looked at in the same way: their
    landmarks come from a model of their own, which is less particular.
    """

    def __init__(self) -> None:
        self._kept = PLAIN
        self._others = cycle(SIGHTS[1:])

    def next(self) -> Iterator[Sight]:
        """The ways to try one after the other until somebody is found."""
        kept, self._kept = self._kept, PLAIN
        yield kept
        yield next(self._others) if kept is PLAIN else PLAIN

    def keep(self, sight: Sight) -> None:
        """Somebody was found in this way: look so first in the next frame."""
        self._kept = sight


def _bordered(rgb: Frame) -> Frame:
    height, width = rgb.shape[:2]
    tall, wide = round(height * _BORDER), round(width * _BORDER)
    shown = np.empty((height + 2 * tall, width + 2 * wide, 3), np.uint8)
    shown[:] = rgb[::8, ::8].mean((0, 1))
    shown[tall : tall + height, wide : wide + width] = rgb
    return shown


def _from_bordered(pose: Pose, size: tuple[int, int]) -> Pose:
    wide, tall = (round(side * _BORDER) for side in size)
    return Pose(pose.image - np.array([wide, tall, 0, 0], np.float32), pose.world, pose.time_s, size)


def _lit(rgb: Frame) -> Frame:
    """The same picture from black to white."""
    low, high = np.percentile(rgb[::4, ::4], (1, 99))
    levels = (np.arange(256) - low) * (255 / max(high - low, _LEAST_RANGE))
    return np.asarray(cv2.LUT(rgb, levels.clip(0, 255).astype(np.uint8)), np.uint8)


def _turned(quarters: int) -> Sight:
    """The frame turned left by so many quarters."""
    sine = 1 if quarters == 1 else -1
    turn = np.array([[0, sine], [-sine, 0]], np.float32)

    def show(rgb: Frame) -> Frame:
        return _lit(np.ascontiguousarray(np.rot90(rgb, quarters)))

    def back(pose: Pose, size: tuple[int, int]) -> Pose:
        image, world = pose.image.copy(), pose.world.copy()
        centre, middle = np.array(pose.size, np.float32) / 2, np.array(size, np.float32) / 2
        image[:, :2] = (image[:, :2] - centre) @ turn + middle
        world[:, :2] = world[:, :2] @ turn
        return Pose(image, world, pose.time_s, size)

    return Sight(show, back)


PLAIN: Final = Sight(lambda rgb: rgb, lambda pose, size: pose)
BORDERED: Final = Sight(lambda rgb: _lit(_bordered(rgb)), _from_bordered)
TURNED_LEFT: Final = _turned(1)
TURNED_RIGHT: Final = _turned(3)

#: All ways, the best first.
SIGHTS: Final = (PLAIN, BORDERED, TURNED_RIGHT, TURNED_LEFT)
