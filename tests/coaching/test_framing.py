"""Hints about camera and light: right ones, and none that flicker."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.framing import FramingCoach, in_picture
from deepfit_nb.pose import Landmark as L
from deepfit_nb.pose import Pose
from tests.factories import Figure, pose_of

NEEDS = ("hips", "knees", "ankles")
GOOD = pose_of(Figure())


def settled(pose: Pose | None, needs: tuple[str, ...] = NEEDS, **scene: float) -> str | None:
    """The id of the hint after two seconds of the same picture."""
    coach = FramingCoach()
    for frame in range(21):
        hint = coach.update(frame / 10, pose, needs, **scene)  # type: ignore[arg-type]
    return hint and hint.id


def scaled(factor: float) -> Pose:
    """The good pose, so many times as large, about the middle of the frame."""
    image = GOOD.image.copy()
    centre = np.array(GOOD.size, np.float32) / 2
    image[:, :2] = centre + factor * (image[:, :2] - centre)
    return replace(GOOD, image=image)


def without(*landmarks: L) -> Pose:
    """The good pose with landmarks far below the frame."""
    image = GOOD.image.copy()
    image[list(landmarks), 1] = 2 * GOOD.size[1]
    return replace(GOOD, image=image)


@pytest.mark.parametrize(
    ("pose", "scene", "hint"),
    [
        (GOOD, {}, None),
        (GOOD, {"brightness": 120.0}, None),
        (GOOD, {"brightness": 5.0}, "too_dark"),
        (None, {}, "nobody"),
        (None, {"brightness": 5.0}, "too_dark"),
        (scaled(0.2), {}, "too_far"),
        (scaled(4.0), {}, "too_near"),
        (without(L.LEFT_ANKLE, L.RIGHT_ANKLE), {}, "cut_off"),
        (without(L.LEFT_ANKLE), {}, None),  # one side is enough
        (without(L.LEFT_WRIST, L.RIGHT_WRIST), {}, None),  # not needed
        (GOOD, {"people": 2}, "others_in_view"),
    ],
)
def test_hints(pose: Pose | None, scene: dict[str, float], hint: str | None) -> None:
    assert settled(pose, **scene) == hint


def test_it_says_which_joints_are_missing() -> None:
    coach = FramingCoach()
    for frame in range(21):
        hint = coach.update(frame / 10, without(L.LEFT_ANKLE, L.RIGHT_ANKLE), NEEDS)
    assert hint is not None
    assert "ankles" in hint.text
    assert "knees" not in hint.text


def test_it_says_where_to_go() -> None:
    def advice(x: float, y: float) -> str:
        image = GOOD.image.copy()
        image[:, :2] += np.array([x, y], np.float32) * np.array(GOOD.size, np.float32)
        coach = FramingCoach()
        for frame in range(21):
            hint = coach.update(frame / 10, replace(GOOD, image=image), NEEDS)
        return hint.text if hint is not None else ""

    assert advice(0.0, 0.0) == ""
    assert advice(0.7, 0.0) == "I cannot see your hips, knees and ankles: move to the middle"
    assert advice(0.0, 0.3).endswith("step back")


def test_a_hint_does_not_change_with_every_rep() -> None:
    ankles, legs = without(L.LEFT_ANKLE, L.RIGHT_ANKLE), without(L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE)
    coach, texts = FramingCoach(), []
    for frame in range(150):  # reps of three seconds: all is seen for one, the ankles are gone for one, the knees too
        pose = (ankles, legs, GOOD)[frame // 10 % 3]
        hint = coach.update(frame / 10, pose, NEEDS)
        if hint is not None and hint.text not in texts[-1:]:
            texts.append(hint.text)
    assert texts == ["I cannot see your ankles: step back", "I cannot see your knees and ankles: step back"]
    assert hint is not None


def test_a_hint_comes_although_one_of_the_parts_comes_and_goes() -> None:
    ankles, legs = without(L.LEFT_ANKLE, L.RIGHT_ANKLE), without(L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE)
    coach = FramingCoach()
    hints = [coach.update(frame / 10, (ankles, legs)[frame // 3 % 2], NEEDS) for frame in range(20)]
    assert hints[6] is None
    assert {hint and hint.text for hint in hints[8:]} == {"I cannot see your knees and ankles: step back"}


def test_a_hint_needs_some_time_to_come_and_to_go() -> None:
    coach = FramingCoach()
    frames = [(frame / 10, None if 10 <= frame < 30 else GOOD) for frame in range(60)]
    shown = {time_s: coach.update(time_s, pose, NEEDS) is not None for time_s, pose in frames}
    assert not shown[1.3]
    assert shown[2.5]
    assert shown[3.3]
    assert not shown[5.0]


def test_a_body_that_is_lost_in_every_other_frame_raises_no_hint() -> None:
    coach = FramingCoach()
    hints = [coach.update(frame / 10, GOOD if frame % 2 else None, NEEDS) for frame in range(60)]
    assert not any(hints)


def test_the_frame_rate_does_not_matter() -> None:
    def comes_at(fps: int) -> float:
        coach = FramingCoach()
        return next(i / fps for i in range(10 * fps) if coach.update(i / fps, None, NEEDS))

    assert comes_at(10) == pytest.approx(comes_at(60), abs=0.1)


@pytest.mark.parametrize(
    ("cut_off", "joint", "seen"),
    [
        ((), "knee", True),
        ((L.LEFT_KNEE, L.RIGHT_KNEE), "knee", False),
        ((L.LEFT_KNEE,), "knee", True),  # one side is enough
        ((L.LEFT_ANKLE, L.RIGHT_ANKLE), "knee", True),  # the joint itself is there
        ((L.LEFT_KNEE, L.RIGHT_KNEE), "elbow", True),  # of no concern to it
        ((L.LEFT_KNEE, L.RIGHT_KNEE), "trunk_lean", True),  # no joint
    ],
)
def test_a_movement_is_seen_as_long_as_its_joint_is_in_the_picture(
    cut_off: tuple[L, ...], joint: str, seen: bool
) -> None:
    assert in_picture(without(*cut_off), joint) == seen


def test_feet_belong_to_a_jumping_jack() -> None:
    feet = without(L.LEFT_ANKLE, L.RIGHT_ANKLE)
    assert settled(feet, builtin_exercises()["jumping_jacks"].needs) == "cut_off"
    assert settled(GOOD, builtin_exercises()["jumping_jacks"].needs) is None
