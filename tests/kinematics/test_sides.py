"""Left and right of a body that the detector turns round for a while."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.kinematics.sides import SideKeeper
from deepfit_nb.pose import Pose
from tests.factories import curl, exchanged, pose_of


def film(azimuth_deg: float, wrong_s: tuple[float, float], fps: float = 25.0, until_s: float = 6.0) -> list[bool]:
    """Whether each frame of somebody who curls one arm comes out as it is, with the sides exchanged meanwhile."""
    keeper, right = SideKeeper(), []
    for frame in range(int(until_s * fps)):
        time_s = frame / fps
        true = pose_of(curl(0.5 - 0.5 * np.cos(2 * time_s), 0.0), time_s, azimuth_deg=azimuth_deg)
        seen = exchanged(true) if wrong_s[0] <= time_s < wrong_s[1] else true
        kept = keeper.update(seen)
        right.append(kept is not None and bool(np.array_equal(kept.image, true.image)))
    return right


@pytest.mark.parametrize("fps", [12.5, 25, 60])
@pytest.mark.parametrize("azimuth_deg", [0, 30, -30, 180])
def test_sides_exchanged_for_a_second_are_put_right(azimuth_deg: float, fps: float) -> None:
    assert all(film(azimuth_deg, (2.0, 3.0), fps))


def test_a_body_that_stays_turned_round_is_believed() -> None:
    right = film(0, (2.0, 9.0))
    assert all(right[: int(4.0 * 25)])
    assert not any(right[int(4.2 * 25) :])


def test_a_body_that_comes_back_after_a_while_is_taken_as_it_is() -> None:
    keeper = SideKeeper()
    keeper.update(pose_of(curl(0.0), 0.0))
    back = exchanged(pose_of(curl(0.0), 1.0))
    assert keeper.update(back) is back


def test_an_arm_that_flies_up_changes_no_sides() -> None:
    keeper = SideKeeper()
    keeper.update(pose_of(curl(0.0), 0.0))
    up = pose_of(curl(1.0), 0.04)
    assert keeper.update(up) is up


def between(first: Pose, second: Pose, part: float) -> Pose:
    """Landmarks on their way from one body to another, as a detector that smooths them gives them."""
    image, world = (
        (1 - part) * getattr(first, name) + part * getattr(second, name) for name in ("image", "world")
    )  # fmt: skip
    return Pose(image, world, second.time_s, second.size)


@pytest.mark.parametrize("azimuth_deg", [0, 30, 180])
@pytest.mark.parametrize("parts", [(0.5, 1.0), (0.3, 0.6, 1.0), (0.5, 0.3, 0.0)])
def test_a_detector_that_changes_its_mind_slowly_says_nothing_meanwhile(
    azimuth_deg: float, parts: tuple[float, ...]
) -> None:
    keeper, given = SideKeeper(), []
    for frame in range(-20, 1):
        keeper.update(pose_of(curl(0.8, 0.0), frame / 12.5, azimuth_deg=azimuth_deg))
    for frame, part in enumerate([*parts, *[parts[-1]] * 5], 1):
        true = pose_of(curl(0.8, 0.0), frame / 12.5, azimuth_deg=azimuth_deg)
        kept = keeper.update(between(true, exchanged(true), part))
        given.append(None if kept is None else bool(np.array_equal(kept.image, true.image)))
    half = [0.2 < part < 0.8 for part in parts]
    assert given == [None if one else True for one in half] + [True] * 5


def test_the_first_glimpse_of_a_body_is_not_believed_for_long() -> None:
    keeper = SideKeeper()
    right = []
    for frame in range(25):
        true = pose_of(curl(0.0), frame / 25)
        kept = keeper.update(exchanged(true) if frame < 3 else true)
        right.append(kept is not None and bool(np.array_equal(kept.image, true.image)))
    assert not any(right[:3])
    assert all(right[8:])


@pytest.mark.parametrize("fps", [10, 25])
@pytest.mark.parametrize("turn_s", [0.8, 2.0])
def test_a_body_that_turns_round_is_seen_all_the_while(turn_s: float, fps: float) -> None:
    keeper = SideKeeper()
    times = np.arange(0, turn_s, 1 / fps)
    poses = [pose_of(curl(0.0), t, azimuth_deg=180 * t / turn_s) for t in times]
    seen = [keeper.update(pose) for pose in poses]
    assert sum(pose is None for pose in seen) <= 2
