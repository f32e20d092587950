"""Who is coached, from bodies that are no more than hips and a height."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.pose import Landmark, Pose
from deepfit_nb.pose.following import LOOK_EVERY_S, WAIT_S, WARY_S, Follower, nearest_to_middle

FPS = 25
MIDDLE = 500.0


def body(x: float, time_s: float, height: float = 300.0) -> Pose:
    """Somebody upright whose hips are at `x` in a frame of 1000 x 500."""
    image = np.zeros((33, 4), np.float32)
    image[:, 0], image[:, 1] = x, np.linspace(100, 100 + height, 33)
    return Pose(image, np.zeros((33, 3), np.float32), time_s, (1000, 500))


class Scene:
    """A follower, and a tracker and a look that see what they are told."""

    def __init__(self) -> None:
        self.follower = Follower()
        self.time_s = 0.0
        self.looks = 0

    def frame(self, tracked: float | None, *seen: float) -> float | None:
        """One frame; people are given, and the answer is, by the x of their hips."""
        self.time_s += 1 / FPS

        def look() -> list[Pose]:
            self.looks += 1
            return [body(x, self.time_s) for x in seen]

        pose = self.follower.choose(None if tracked is None else body(tracked, self.time_s), look)
        return None if pose is None else float(pose.xy[0, 0])

    def frames(self, seconds: float, tracked: float | None, *seen: float) -> list[float | None]:
        return [self.frame(tracked, *seen) for _ in range(round(seconds * FPS))]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_nobody_is_nobody(scene):
    assert scene.frames(1, None) == [None] * FPS
    assert scene.looks == 0


def test_a_person_alone_is_taken_anywhere_even_if_only_the_tracker_sees_them(scene):
    assert scene.frame(50, 50) == 50
    assert Scene().frame(50) == 50


def test_the_tracked_pose_itself_is_returned(scene):
    tracked = body(MIDDLE, 0.0)
    assert scene.follower.choose(tracked, lambda: [body(MIDDLE + 5, 0.0)]) is tracked


def test_looking_is_rare_while_all_is_well(scene):
    scene.frames(10, MIDDLE, MIDDLE)
    assert scene.looks == pytest.approx(10 / LOOK_EVERY_S, abs=1)


def test_at_the_start_the_person_nearest_the_middle_is_taken_and_then_kept(scene):
    assert scene.frame(100, 100, 600) == 600
    # Now the other comes nearer to the middle.
    assert scene.frames(3, 600, 600, 480) == [600] * 75
    assert scene.follower.people == 2


def test_a_person_may_walk(scene):
    walk = np.arange(100, 900, 10)
    assert [scene.frame(x, x) for x in walk] == list(walk)


def test_the_tracker_carried_off_is_noticed_and_the_person_waited_for(scene):
    scene.frames(1, MIDDLE, MIDDLE)
    assert scene.frames(1.2, MIDDLE, MIDDLE, 200)[-1] == MIDDLE  # a second person comes
    assert scene.frame(None) is None  # who hides the first,
    carried = [scene.frame(x, x) for x in range(400, 700, 10)]  # and whom the tracker takes
    assert carried == [None] * 30
    back = [scene.frame(x, x, MIDDLE + 20) for x in range(700, 780, 10)]
    assert MIDDLE + 20 in back
    assert set(back) <= {None, MIDDLE + 20}


def test_a_jump_of_the_tracker_is_noticed(scene):
    scene.frames(1.2, MIDDLE, MIDDLE, 200)
    assert scene.frame(200, 200, MIDDLE) == MIDDLE


def test_where_the_tracker_has_jumped_to_and_nobody_else_sees_anybody_is_no_second_person(scene):
    scene.frames(1, MIDDLE, MIDDLE)
    assert scene.frame(200, MIDDLE) == MIDDLE
    assert scene.follower.people == 1
    assert Scene().frame(200, MIDDLE) == MIDDLE  # at the start of a stream, too


def test_a_body_whose_hips_are_guessed_elsewhere_is_the_same_one():
    def squatting(hips_y: float, time_s: float) -> Pose:
        pose = body(MIDDLE, time_s)
        pose.image[::2, 0] += 120
        pose.image[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1] = hips_y
        return pose

    follower = Follower()
    for frame in range(2 * FPS):
        time_s = frame / FPS
        tracked, seen = squatting(300, time_s), squatting(200, time_s)
        assert follower.choose(tracked, lambda seen=seen: [seen]) is tracked
        assert follower.people == 1


def test_somebody_else_is_taken_once_the_person_has_been_gone_long_enough(scene):
    scene.frames(1.2, MIDDLE, MIDDLE, 200)
    answers = scene.frames(WAIT_S + 1, 200, 200)
    taken = answers.index(200)
    assert answers[:taken] == [None] * taken
    assert taken / FPS == pytest.approx(WAIT_S, abs=0.3)
    assert answers[taken:] == [200] * (len(answers) - taken)


def test_a_person_who_has_long_been_alone_is_taken_wherever_they_appear(scene):
    scene.frames(1.2, MIDDLE, MIDDLE, 200)
    scene.frames(WARY_S + 1, MIDDLE, MIDDLE)
    scene.frames(0.5, None)
    assert scene.frame(800, 800) == 800


def test_nearest_to_middle_counts_both_axes():
    near, far = body(450, 0), body(100, 0)
    assert nearest_to_middle([far, near]) is near
