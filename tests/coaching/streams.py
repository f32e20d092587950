"""Streams of frames for a coach, and what it makes of them."""

from __future__ import annotations

from deepfit_nb.coaching import Coach, FrameReport, WorkoutSet
from deepfit_nb.pose import Pose, PoseRecording
from tests.factories import cosine, film, squat

Frames = list[tuple[float, Pose | None]]


def squats(reps: int = 3, **camera: float) -> Frames:
    return list(film(squat, *cosine(reps), **camera))


def watch(coach: Coach, frames: Frames | PoseRecording) -> tuple[list[FrameReport], tuple[WorkoutSet, ...]]:
    reports = [coach.update(pose, time_s=time_s) for time_s, pose in frames]
    return reports, coach.finish()


def watch_only(coach: Coach, frames: Frames) -> None:
    """Show it the frames without ending the stream."""
    for time_s, pose in frames:
        coach.update(pose, time_s=time_s)


def later(frames: Frames, by_s: float) -> Frames:
    """The same frames at a later time."""
    return [(time_s + by_s, pose and Pose(pose.image, pose.world, time_s + by_s, pose.size)) for time_s, pose in frames]


def summarised(sets: tuple[WorkoutSet, ...]) -> list[tuple[str, int]]:
    return [(one.exercise, one.count) for one in sets]
