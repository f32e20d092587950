"""A detector and a coach that do as they are told, and frames to feed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from deepfit_nb.coaching import FrameReport, WorkoutSet
from deepfit_nb.pose import Pose
from tests.storage.workouts import pose, report


def jpeg(width: int = 64, height: int = 48, colour: tuple[int, int, int] = (200, 100, 50)) -> bytes:
    """A frame of one colour, red first."""
    image = np.full((height, width, 3), colour[::-1], np.uint8)
    return bytes(cv2.imencode(".jpg", image)[1].tobytes())


class ScriptedDetector:
    """Sees a body in every frame, and notes what it is given."""

    people = 1

    def __init__(self) -> None:
        self.frames: list[tuple[Any, float]] = []

    def detect(self, rgb: Any, time_s: float) -> Pose | None:
        self.frames.append((rgb, time_s))
        return pose(time_s)


class ScriptedCoach:
    """Reports what it was given, one a frame and then idle ones, each with the sets as they are then.

    It ends with the ``final`` sets; `over` are over before.
    """

    def __init__(
        self, steps: Iterable[tuple[FrameReport, tuple[WorkoutSet, ...]]] = (), final: tuple[WorkoutSet, ...] = ()
    ) -> None:
        self.steps = list(steps)
        self.sets: tuple[WorkoutSet, ...] = ()
        self.final = final
        self.over: tuple[WorkoutSet, ...] = ()
        self.times: list[float] = []

    def update(
        self, pose: Pose | None, *, time_s: float | None = None, brightness: float | None = None, people: int = 1
    ) -> FrameReport:
        assert time_s is not None
        self.times.append(time_s)
        told, self.sets = self.steps.pop(0) if self.steps else (report(0.0), self.sets)
        return replace(told, time_s=time_s, pose=pose)

    def ended(self, beyond: int = 0) -> tuple[WorkoutSet, ...]:
        return self.over[beyond:]

    def finish(self) -> tuple[WorkoutSet, ...]:
        self.sets = self.final
        return self.sets
