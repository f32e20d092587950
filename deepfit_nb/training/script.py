"""What happens in a recording, and acting it out: sets and idle activities, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.recognition.classes import CLASSES, NON_ACTIVITY
from deepfit_nb.training.body import Body, Posture
from deepfit_nb.training.exercises import MOTIONS
from deepfit_nb.training.geometry import Array, rotate_y, smoothstep
from deepfit_nb.training.idle import idle
from deepfit_nb.training.stances import place_arms, standing
from deepfit_nb.training.style import Style
from deepfit_nb.training.tempo import Tempo, side_amounts


@dataclass(frozen=True, slots=True)
class Activity:
    """One stretch of a recording: a set (``tempo`` given) or ``duration_s`` of an idle activity."""

    name: str
    duration_s: float = 0.0
    tempo: Tempo | None = None
    style: Style = field(default_factory=lambda: Style({}))
    fault: str | None = None
    transition_s: float = 1.0
    yaw_deg: float = 0.0

    @property
    def length_s(self) -> float:
        """Seconds without the transition that leads into it."""
        return self.tempo.duration if self.tempo else self.duration_s


@dataclass(frozen=True, slots=True)
class TrueSet:
    """A set as it was done: rep i lasts from ``rep_edges_s[i]`` to ``rep_edges_s[i + 1]``."""

    exercise: str
    start_s: float
    end_s: float
    rep_edges_s: tuple[float, ...]
    fault: str | None
    style: Style

    @property
    def reps(self) -> int:
        return len(self.rep_edges_s) - 1


def duration_s(script: Sequence[Activity]) -> float:
    """Seconds that a script takes, transitions included."""
    return sum(activity.length_s + (activity.transition_s if index else 0) for index, activity in enumerate(script))


def act(
    script: Sequence[Activity], body: Body, time_s: Array, rng: np.random.Generator
) -> tuple[Posture, NDArray[np.intp], NDArray[np.intp], Array, list[TrueSet]]:
    """Act out the script at the times ``time_s`` (T,): postures; class, rep and phase of each frame; the sets."""
    parts: list[Posture] = []
    count = len(time_s)
    label = np.full(count, CLASSES.index(NON_ACTIVITY), np.intp)
    rep, phase, sets = np.full(count, -1, np.intp), np.zeros(count), list[TrueSet]()
    start, done = 0.0, 0
    for index, activity in enumerate(script):
        begin = start + (activity.transition_s if index else 0.0)
        end = begin + activity.length_s
        last = count if activity is script[-1] else min(int(np.searchsorted(time_s, end)), count)
        times = time_s[done:last]
        if not len(times):
            start = end
            continue
        local = np.maximum(times - begin, 0)
        played = _play(activity, body, local, rng)
        if activity.yaw_deg:
            played = played.turned(rotate_y(activity.yaw_deg))
        if parts:
            played = _follow(parts[-1], played, activity, times, start, body)
        parts.append(played)
        if activity.tempo:
            during = (time_s >= begin) & (time_s < end)
            inside = time_s[during] - begin
            label[during] = CLASSES.index(activity.name)
            rep[during], phase[during] = activity.tempo.rep_at(inside), activity.tempo.amount_at(inside)
            edges = tuple((begin + activity.tempo.edges).tolist())
            sets.append(TrueSet(activity.name, begin, end, edges, activity.fault, activity.style))
        start, done = end, last
    return Posture.join(parts), label, rep, phase, sets


def _play(activity: Activity, body: Body, local_s: Array, rng: np.random.Generator) -> Posture:
    if activity.tempo:
        amount = side_amounts(activity.tempo, local_s, activity.style)
        return MOTIONS[activity.name](body, amount, activity.tempo.rep_at(local_s), activity.style)
    if activity.name.startswith("ready:"):
        exercise = activity.name.removeprefix("ready:")
        return MOTIONS[exercise](body, np.zeros((1, 2)), np.zeros(1, np.intp), activity.style).repeat(len(local_s))
    return idle(body, activity.name, local_s, rng)


def _follow(before: Posture, played: Posture, activity: Activity, times: Array, start: float, body: Body) -> Posture:
    """Let ``played`` begin where the body was left: same spot on the floor, and a smooth way into it."""
    played.pelvis = played.pelvis + (before.pelvis[-1] - played.pelvis[0]) * np.array([1.0, 0.0, 1.0])
    if not activity.transition_s:
        return played
    share = (times - start) / activity.transition_s
    previous = before[-1:]
    low, high = sorted((float(previous.pelvis[0, 1]), float(played.pelvis[0, 1])))
    if low < 0.6 * body.leg < high:
        # Nobody glides to the floor: through a crouch with the hands in front.
        crouch = place_arms(
            body, standing(body, drop=0.55 * body.leg, back=0.15, lean=55.0), "front", shift=(0, -0.5, -0.1)
        )
        crouch.pelvis = previous.pelvis * np.array([1.0, 0.0, 1.0]) + crouch.pelvis * np.array([0.0, 1.0, 0.0])
        previous = Posture.blend(previous, crouch, smoothstep(share * 2))
        return Posture.blend(previous, played, smoothstep(share * 2 - 1))
    return Posture.blend(previous, played, smoothstep(share))
