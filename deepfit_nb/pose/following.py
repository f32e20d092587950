"""`Follower`: of several people in view, one is coached, and kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from deepfit_nb.pose.keypoints import Landmark
from deepfit_nb.pose.pose import Pose

#: Seconds between looks at everybody in view while all is well, and while somebody else is tracked.
LOOK_EVERY_S: Final = 1.0
RETRY_S: Final = 0.25

#: Seconds for which a second person in view keeps the follower wary, and for which it waits for the person it lost.
WARY_S: Final = 10.0
WAIT_S: Final = 2.0

#: In body extents: how near the place where the person was lost they must be found again; how far two poses of one
#: person in one frame may differ; and the fastest that hips move, with an allowance for jitter. Poses are near, too,
#: whose boxes overlap by so much (intersection over union): of a body half hidden the hips are guessed.
REACH: Final = 0.2
SAME: Final = 0.15
OVERLAP: Final = 0.5
JITTER: Final = 0.1
SPEED_PER_S: Final = 2.0


class Follower:
    """Decides for each frame whether the tracked body is the person to coach.

    A tracker that follows one body is quick, but it takes whom it finds first, and somebody who walks past in front
    carries it off. So everybody in view is looked for when a track begins, when it jumps, and once a second. At the
    start the person nearest to the middle is taken. Once a second person has been seen, one who was lost must be found
    again where they were lost; until then, or until they have been gone for `WAIT_S`, nobody is coached. A person who
    is alone is taken wherever they appear.
    """

    def __init__(self) -> None:
        self.people = 0
        self._tracked: Pose | None = None
        self._tracks_person = False
        self._person: Pose | None = None
        self._looked_s = -math.inf
        self._company_s = -math.inf

    def choose(self, tracked: Pose | None, look: Callable[[], Sequence[Pose]]) -> Pose | None:
        """The person to coach: ``tracked`` itself, somebody else whom ``look`` finds in this frame, or None.

        After somebody else was chosen, the tracker is expected to be on them in the next frame.
        """
        before, self._tracked = self._tracked, tracked
        if tracked is None:
            return None
        goes_on = before is not None and _may_be_one_track(before, tracked)
        period = LOOK_EVERY_S if self._tracks_person else RETRY_S
        if goes_on and tracked.time_s - self._looked_s < period:
            chosen = tracked if self._tracks_person else None
        else:
            self._looked_s = tracked.time_s
            chosen = self._pick(tracked, list(look()), goes_on=goes_on)
        self._tracks_person = chosen is not None
        if chosen is not None:
            self._person = self._tracked = chosen
        return chosen

    def _pick(self, tracked: Pose, seen: list[Pose], *, goes_on: bool) -> Pose | None:
        now_s = tracked.time_s
        # The tracked body as the tracker has it, smoothed, instead of the same body as it was just seen.
        people = [tracked, *(pose for pose in seen if not _same_place(pose, tracked))]
        if 0 < len(seen) < len(people) and not goes_on:
            people.remove(tracked)  # what the tracker took for somebody, nobody else sees
        self.people = len(people)
        if len(people) > 1:
            self._company_s = now_s
        if goes_on and self._tracks_person:
            return tracked
        if self._person is None or now_s - self._person.time_s > WAIT_S:
            return nearest_to_middle(people)
        if now_s - self._company_s > WARY_S:
            return people[0]
        person = self._person
        candidates = people[1:] if goes_on else people
        near = [pose for pose in candidates if _near(pose, person)]
        return min(near, key=lambda pose: _distance(pose, person), default=None)


def nearest_to_middle(people: Sequence[Pose]) -> Pose:
    """The person whose hips are nearest to the middle of the frame."""
    return min(people, key=lambda pose: math.dist(_hips(pose), (pose.size[0] / 2, pose.size[1] / 2)))


def _may_be_one_track(before: Pose, after: Pose) -> bool:
    reach = JITTER + SPEED_PER_S * (after.time_s - before.time_s)
    return _distance(before, after) < reach * _extent(before)


def _same_place(a: Pose, b: Pose) -> bool:
    return _distance(a, b) < SAME * max(_extent(a), _extent(b)) or _overlap(a, b) > OVERLAP


def _near(pose: Pose, person: Pose) -> bool:
    return _distance(pose, person) < REACH * _extent(person) or _overlap(pose, person) > OVERLAP


def _overlap(a: Pose, b: Pose) -> float:
    """Area that the boxes around the landmarks share, of the area of both."""
    low = np.maximum(a.xy.min(axis=0), b.xy.min(axis=0))
    high = np.minimum(a.xy.max(axis=0), b.xy.max(axis=0))
    shared = float(np.prod(np.maximum(high - low, 0)))
    return shared / (sum(float(np.prod(np.ptp(pose.xy, axis=0))) for pose in (a, b)) - shared + 1e-9)


def _distance(a: Pose, b: Pose) -> float:
    return math.dist(_hips(a), _hips(b))


def _hips(pose: Pose) -> tuple[float, float]:
    x, y = pose.xy[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0).tolist()
    return x, y


def _extent(pose: Pose) -> float:
    """Longer side in pixels of the box around the landmarks: about the body's length, upright or lying."""
    return float(np.ptp(pose.xy, axis=0).max())
