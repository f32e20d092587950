"""`PoseDetector`: frames in, the person to coach out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose._landmarker import Landmarker
from deepfit_nb.pose.bundle import PoseBundle, Variant, ensure_bundle
from deepfit_nb.pose.following import Follower, nearest_to_middle
from deepfit_nb.pose.pose import Pose
from deepfit_nb.pose.sights import PLAIN, SIGHTS, Sight, Sights

Mode = Literal["video", "image"]

#: The most people looked for in a frame.
MAX_PEOPLE: Final = 4


class PoseDetector:
    """Finds the person to coach; a context manager. Where nobody is found it looks again, see `Sights`.

    Parameters
    ----------
    variant
        Size of the pose model: ``lite``, ``full`` or ``heavy``. On two CPU cores about 8, 10 and 45 ms a frame.
    mode
        ``video``: frames of one stream in the order of time; one person is followed, see `Follower`. ``image``: single
        frames that have nothing to do with one another; slower, since people are looked for each time, and of several
        the one nearest to the middle is taken.

    Raises
    ------
    SetupError
        The pose model, or a system library, is not there and cannot be got.
    ModelError
        MediaPipe does not accept the model file.
    """

    def __init__(self, variant: Variant = "full", mode: Mode = "video") -> None:
        self.bundle: PoseBundle = ensure_bundle(variant)
        self._everybody = Landmarker(self.bundle.path, people=MAX_PEOPLE, video=False)
        self._tracker = Landmarker(self.bundle.path, people=1, video=True) if mode == "video" else None
        self._follower = Follower()
        self._sights = Sights()
        self._last_s = -math.inf

    @property
    def people(self) -> int:
        """How many people were in view when everybody was last looked for: in a video, at most a second ago."""
        return self._follower.people

    def detect(self, rgb: NDArray[np.uint8], time_s: float) -> Pose | None:
        """The person to coach, or None.

        Parameters
        ----------
        rgb
            (height, width, 3) uint8, red first.
        time_s
            Seconds since the stream began. In ``video`` mode each must be greater than the last.
        """
        if self._tracker is None:
            everybody = self.detect_all(rgb, time_s)
            return nearest_to_middle(everybody) if everybody else None
        _check(rgb)
        if not time_s > self._last_s:
            raise ValueError(f"time_s must be greater than the last frame's {self._last_s}, not {time_s}")
        self._last_s = time_s
        tracked = None
        for sight in self._sights.next():
            tracked = next(iter(_found(self._tracker, sight, rgb, time_s)), None)
            if tracked is not None:
                self._sights.keep(sight)
                break
        seen: list[Pose] = []

        def look() -> list[Pose]:
            seen.extend(self._everybody.detect(rgb, time_s))
            return seen

        person = self._follower.choose(tracked, look)
        if person is not None and person is not tracked:
            self._track(person, rgb, [pose for pose in seen if pose is not person])
        return person

    def detect_all(self, rgb: NDArray[np.uint8], time_s: float) -> list[Pose]:
        """Everybody in a frame, up to `MAX_PEOPLE`, in no order. Does not change who is followed."""
        _check(rgb)
        looks = (_found(self._everybody, sight, rgb, time_s) for sight in SIGHTS)
        return next(filter(None, looks), [])

    def close(self) -> None:
        """Free the models. The detector cannot be used after."""
        self._everybody.close()
        if self._tracker is not None:
            self._tracker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _track(self, person: Pose, rgb: NDArray[np.uint8], others: Sequence[Pose]) -> None:
        """Put the tracker on somebody: show it the frame twice with the others painted over.

        MediaPipe cannot be told whom to track. The first time it loses whom it had, the second time it finds the only
        one that is left.
        """
        assert self._tracker is not None
        shown = rgb.copy()
        for pose in others:
            shown[_box(pose)] = rgb.mean((0, 1))
        shown[_box(person)] = rgb[_box(person)]
        self._sights.keep(PLAIN)
        for _ in range(2):
            self._tracker.detect(shown, person.time_s)


def _found(landmarker: Landmarker, sight: Sight, rgb: NDArray[np.uint8], time_s: float) -> list[Pose]:
    height, width = rgb.shape[:2]
    return [sight.back(pose, (width, height)) for pose in landmarker.detect(sight.show(rgb), time_s)]


def _check(rgb: NDArray[np.uint8]) -> None:
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.size == 0:
        raise ValueError(f"a frame must be (height, width, 3) uint8, not {rgb.shape} {rgb.dtype}")


def _box(pose: Pose) -> tuple[slice, slice]:
    """Rows and columns of the frame that the body takes up, with a fifth of its size to spare on each side."""
    low, high = pose.xy.min(axis=0), pose.xy.max(axis=0)
    margin = (high - low) / 5
    left, top = np.clip(low - margin, 0, pose.size).astype(int)
    right, bottom = np.clip(high + margin, 0, pose.size).astype(int)
    return slice(top, bottom), slice(left, right)
