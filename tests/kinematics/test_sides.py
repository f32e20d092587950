"""Left and right of a body that the detector turns round for a while."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.kinematics.sides import SideKeeper
from tests.factories import curl, exchanged, pose_of


def film(azimuth_deg: float, wrong_s: tuple[float, float], fps: float = 25.0, until_s: float = 6.0) -> list[bool]:
    """Whether each frame of somebody who curls one arm comes out as it is, with the sides exchanged meanwhile."""
    keeper, right = SideKeeper(), []
    for frame in range(int(until_s * fps)):
        time_s = frame / fps
        true = pose_of(curl(0.5 - 0.5 * np.cos(2 * time_s), 0.0), time_s, azimuth_deg=azimuth_deg)
        seen = exchanged(true) if wrong_s[0] <= time_s < wrong_s[1] else true
        right.append(bool(np.array_equal(keeper.update(seen).image, true.image)))
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
