"""Frames shown in other ways: what is found in them lies where it was."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from deepfit_nb.pose import Pose
from deepfit_nb.pose.sights import BORDERED, PLAIN, SIGHTS, TURNED_LEFT, TURNED_RIGHT, Sight, Sights

WIDTH, HEIGHT = 90, 60


def spot(x: int, y: int) -> np.ndarray:
    """A grey frame with one white pixel."""
    frame = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    frame[y, x] = 255
    return frame


def seen(frame: np.ndarray) -> Pose:
    """A body of which all landmarks lie on the brightest pixel, in the world as far from the frame's middle."""
    height, width = frame.shape[:2]
    y, x = np.unravel_index(frame.sum(2).argmax(), (height, width))
    place = np.array([x + 0.5, y + 0.5])
    image = np.tile(np.array([*place, 7.0, 0.9], np.float32), (33, 1))
    world = np.tile(np.array([*(place - (width / 2, height / 2)), 0.3], np.float32), (33, 1))
    return Pose(image, world, 1.5, (width, height))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(("x", "y"), [(0, 0), (70, 10), (45, 59), (20, 33)])
def test_what_is_found_lies_where_it_was(sight: Sight, x: int, y: int) -> None:
    frame = spot(x, y)
    pose = sight.back(seen(sight.show(frame)), (WIDTH, HEIGHT))
    expected = seen(frame)
    np.testing.assert_allclose(pose.image, expected.image, atol=1e-3)
    np.testing.assert_allclose(pose.world, expected.world, atol=1e-3)
    assert (pose.time_s, pose.size) == (1.5, (WIDTH, HEIGHT))


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_frame_stays_as_it_is(sight: Sight) -> None:
    frame = spot(3, 4)
    sight.show(frame)
    np.testing.assert_array_equal(frame, spot(3, 4))


@pytest.mark.parametrize("sight", [BORDERED, TURNED_LEFT, TURNED_RIGHT])
def test_a_dark_frame_is_lit_and_noise_is_not_blown_up(sight: Sight) -> None:
    ramp = np.tile(np.linspace(0, 30, WIDTH).astype(np.uint8)[None, :, None], (HEIGHT, 1, 3))
    assert sight.show(ramp).max() == 255
    noise = np.random.default_rng(0).integers(9, 12, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    assert np.ptp(sight.show(noise)) < 40


def test_the_frame_as_it_is_comes_first_and_the_others_take_turns() -> None:
    sights = Sights()
    ways = [list(sights.next()) for _ in range(4)]
    assert ways == [[PLAIN, BORDERED], [PLAIN, TURNED_RIGHT], [PLAIN, TURNED_LEFT], [PLAIN, BORDERED]]


def test_the_way_in_which_somebody_was_found_is_tried_first_until_they_are_lost() -> None:
    sights = Sights()
    sights.keep(TURNED_LEFT)
    assert next(sights.next()) is TURNED_LEFT
    sights.keep(TURNED_LEFT)
    assert list(sights.next()) == [TURNED_LEFT, PLAIN]
    assert next(sights.next()) is PLAIN
    assert next(islice(sights.next(), 1, None)) is BORDERED
