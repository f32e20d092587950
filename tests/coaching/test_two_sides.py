"""Reps of bodies that work with both arms, by turns, with one arm, or half hidden."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.habit import Habit
from deepfit_nb.coaching.two_sides import TwoSides
from deepfit_nb.kinematics.stretch import Side
from deepfit_nb.pose import Landmark as L
from tests.coaching.tracking import FAR_ARM, FPS, REPS, follow, track, turns
from tests.factories import cosine, curl, pose_of


@pytest.mark.parametrize("azimuth", [0, 40, -40, 75, -75])
def test_arms_that_take_turns_make_a_rep_each(azimuth: float) -> None:
    times, amounts = cosine(REPS, fps=FPS)
    left, right = turns(amounts, times)
    poses = [pose_of(curl(a, b), t, azimuth_deg=azimuth) for t, a, b in zip(times, left, right, strict=True)]
    reps = track("bicep_curls", poses).reps
    assert sorted(rep.peak_s for rep in reps) == pytest.approx([2, 4, 6, 8], abs=0.3)
    assert Counter(rep.side for rep in reps) == {"left": 2, "right": 2}


@pytest.mark.parametrize("azimuth", [0, 40, -75])
@pytest.mark.parametrize("lag_s", [0.0, 0.15])
def test_arms_together_make_one_rep_even_if_one_lags(azimuth: float, lag_s: float) -> None:
    times, amounts = cosine(REPS, fps=FPS)
    late = np.interp(times - lag_s, times, amounts)
    poses = [pose_of(curl(a, b), t, azimuth_deg=azimuth) for t, a, b in zip(times, amounts, late, strict=True)]
    assert len(track("bicep_curls", poses).reps) == REPS


@pytest.mark.parametrize("working", ["left", "right"])
def test_one_arm_alone_counts(working: str) -> None:
    times, amounts = cosine(REPS, fps=FPS)
    still = np.zeros_like(amounts)
    left, right = (amounts, still) if working == "left" else (still, amounts)
    poses = [pose_of(curl(a, b), t, azimuth_deg=20) for t, a, b in zip(times, left, right, strict=True)]
    reps = track("bicep_curls", poses).reps
    assert [rep.side for rep in reps] == [working] * REPS


@pytest.mark.parametrize("seed", range(4))
def test_a_hidden_arm_whose_landmarks_jump_about_adds_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times, amounts = cosine(REPS, fps=FPS, lead_s=0.0, tail_s=0.0)
    # The far arm's guess wanders anywhere, quickly enough to look like reps of its own.
    guess = np.interp(times, times[::7], rng.uniform(0, 1, len(times[::7])))
    poses = [
        pose_of(curl(a, b), t, azimuth_deg=85, hidden=FAR_ARM) for t, a, b in zip(times, amounts, guess, strict=True)
    ]
    reps = track("bicep_curls", poses).reps
    assert sorted(rep.peak_s for rep in reps) == pytest.approx([1, 3, 5, 7], abs=0.3)


@pytest.mark.parametrize("sway", [0.2, 0.3, 0.45])
def test_an_arm_that_sways_beside_the_working_one_makes_no_reps(sway: float) -> None:
    times, amounts = cosine(REPS, fps=FPS)
    idle = sway * (1 - np.cos(2 * np.pi * np.clip(times - 0.6, 0, 2 * REPS) / 2.0)) / 2
    poses = [pose_of(curl(a, b), t, azimuth_deg=-40) for t, a, b in zip(times, amounts, idle, strict=True)]
    reps = track("bicep_curls", poses).reps
    assert [rep.side for rep in reps] == ["left"] * REPS


@pytest.mark.parametrize("sways", [0.0, 0.3])
@pytest.mark.parametrize("azimuth", [0, -40])
def test_an_arm_that_is_held_up_while_the_other_works_takes_nothing_from_it(azimuth: float, sways: float) -> None:
    """Even where it sways up there for a while, evenly."""
    times, amounts = cosine(7, fps=FPS)
    held = (np.clip(times - 0.2, 0, 0.6) - np.clip(times - 15.4, 0, 0.6)) / 0.6
    held *= 0.8 - sways * (1 - np.cos(2 * np.pi * np.clip((times - 8.0) / 0.8, 0, 5))) / 2
    poses = [pose_of(curl(a, b), t, azimuth_deg=azimuth) for t, a, b in zip(times, held, amounts, strict=True)]
    reps = track("bicep_curls", poses).reps
    assert [(rep.side, round(rep.peak_s)) for rep in reps] == [("right", 2 * number) for number in range(1, 8)]


def test_an_arm_that_is_seen_badly_and_seems_to_come_back_in_mid_rep_takes_nothing_from_the_other() -> None:
    times, amounts = cosine(REPS, tempo_s=2.6, fps=FPS)
    parted = amounts * (1 - 0.8 * (np.cos(2 * np.pi * (times - 1) / 2.6) < -0.8))
    pairs = zip(times, amounts, parted, strict=True)
    reps = track(
        "bicep_curls", (pose_of(curl(a, b), t, azimuth_deg=40, hidden=(L.RIGHT_WRIST,)) for t, a, b in pairs)
    ).reps
    assert [(rep.side, rep.peak_s) for rep in reps] == [
        ("left", pytest.approx(peak_s, abs=0.3)) for peak_s in (2.3, 4.9, 7.5, 10.1)
    ]


@pytest.mark.parametrize("azimuth", [0, 40])
def test_arms_that_take_turns_without_a_rest_make_a_rep_each(azimuth: float) -> None:
    """One goes up as the other comes down."""
    times, amounts = cosine(REPS, fps=FPS)
    other = np.interp(times - 1.0, times, amounts)
    poses = [pose_of(curl(a, b), t, azimuth_deg=azimuth) for t, a, b in zip(times, amounts, other, strict=True)]
    reps = track("bicep_curls", poses).reps
    assert Counter(rep.side for rep in reps) == {"left": REPS, "right": REPS}


@pytest.mark.parametrize("azimuth", [0, 40])
def test_arms_that_see_saw_make_a_rep_each_even_if_both_are_far_out_for_a_while(azimuth: float) -> None:
    """One stays up until the other has come."""
    times, amounts = cosine(REPS, tempo_s=3.0, fps=FPS, tail_s=3.0)
    wide = amounts**0.4
    other = np.interp(times - 1.5, times, wide)
    poses = [pose_of(curl(a, b), t, azimuth_deg=azimuth) for t, a, b in zip(times, wide, other, strict=True)]
    reps = track("bicep_curls", poses).reps
    assert Counter(rep.side for rep in reps) == {"left": REPS, "right": REPS}


def test_a_hidden_arm_that_works_while_the_other_rests_is_believed() -> None:
    times, amounts = cosine(REPS, fps=FPS)
    left, right = turns(amounts, times)
    poses = [pose_of(curl(a, b), t, azimuth_deg=85, hidden=FAR_ARM) for t, a, b in zip(times, left, right, strict=True)]
    assert Counter(rep.side for rep in track("bicep_curls", poses).reps) == {"left": 2, "right": 2}


@pytest.mark.parametrize("twitch_s", [1.0, 12.0], ids=["before", "after"])
def test_a_hidden_arm_that_seems_to_twitch_makes_no_rep_beside_those_of_both(twitch_s: float) -> None:
    """MediaPipe makes up what the far arm does while it rests behind the body."""
    poses = []
    for time_s in np.arange(0, 14, 1 / 25):
        both = 0.5 - 0.5 * np.cos(np.pi * (time_s - 3)) if 3 <= time_s < 11 else 0.0
        made_up = np.sin(np.pi * (time_s - twitch_s) / 0.7) ** 2 if twitch_s <= time_s < twitch_s + 0.7 else 0.0
        hidden = () if 3 <= time_s < 11 else FAR_ARM
        poses.append(pose_of(curl(both, max(both, 0.8 * made_up)), time_s, azimuth_deg=40, hidden=hidden))
    reps = track("bicep_curls", poses).reps
    assert [rep.peak_s for rep in reps] == pytest.approx([4, 6, 8, 10], abs=0.3)


def test_what_one_arm_did_before_both_stays_where_it_was_seen() -> None:
    """Although the arm alone was seen somewhat worse than both are afterwards."""
    times, amounts = cosine(2 * REPS)
    poses = []
    for time_s, amount in zip(times, amounts, strict=True):
        alone = time_s < 1 + 2 * REPS
        pose = pose_of(curl(0.0 if alone else amount, amount), time_s, azimuth_deg=60)
        pose.image[FAR_ARM, 3] = 0.45 if alone else 1.0
        poses.append(pose)
    reps = track("bicep_curls", poses).reps
    assert [rep.joint for rep in reps] == [False] * REPS + [True] * REPS
    assert reps[0].error > 1.25 * reps[-1].error


def test_one_arm_goes_on_alone_after_both() -> None:
    times, amounts = cosine(2 * REPS)
    alone = times > 1 + 2 * REPS
    poses = [
        pose_of(curl(a, 0.0 if b else a), t, azimuth_deg=20) for t, a, b in zip(times, amounts, alone, strict=True)
    ]
    assert len(track("bicep_curls", poses).reps) == 2 * REPS


@pytest.mark.parametrize("exchanged_s", [1.85, 2.0, 2.2])
def test_an_arm_that_the_detector_calls_by_the_other_name_from_now_on_makes_one_rep(exchanged_s: float) -> None:
    times, amounts = cosine(REPS, fps=FPS)
    before = times < exchanged_s
    sides = zip(np.where(before, amounts, 0), np.where(before, 0, amounts), strict=True)
    poses = [pose_of(curl(a, b), t) for t, (a, b) in zip(times, sides, strict=True)]
    reps = track("bicep_curls", poses).reps
    assert len(reps) == REPS
    assert reps[0].end_s == pytest.approx(3, abs=0.45)


def test_a_rep_that_waits_for_the_other_arm_is_not_lost_with_the_body() -> None:
    """In the third rep the right arm stays up; then nobody is seen any more."""
    times, amounts = cosine(3)
    seen = times < 7.1
    right = np.where(times < 6, amounts, 1.0)
    poses = [pose_of(curl(a, b), t) for t, a, b in zip(times[seen], amounts[seen], right[seen], strict=True)]
    tracker = track("bicep_curls", poses)
    assert len(tracker.reps) == 2
    tracker.lose(9.0)
    assert [round(rep.peak_s) for rep in tracker.reps] == [2, 4, 6]


def test_a_twitch_of_one_arm_before_both_work_is_no_rep() -> None:
    """Weights are shifted at the start of a set: one arm moves for a moment, as well seen as the other."""
    times, amounts = cosine(3, tempo_s=2.5, lead_s=3.0)
    twitch = 0.5 * (1 - np.cos(2 * np.pi * np.clip((times - 1) / 0.7, 0, 1))) / 2
    poses = [pose_of(curl(a + b, a), t) for t, a, b in zip(times, amounts, twitch, strict=True)]
    assert any(not rep.joint for one in follow("bicep_curls", poses[: 3 * 25]) for rep in one.reps)
    assert [rep.peak_s for rep in track("bicep_curls", poses).reps] == pytest.approx([4.25, 6.75, 9.25], abs=0.2)


class Resting:
    """A counter of a side that does nothing."""

    rising = False
    current = None


def side_rep(side: Side, start_s: float, lasts_s: float = 2.0, *, span: float = 1.0, error: float = 0.08) -> CountedRep:
    up_s, peak_s, down_s, end_s = (start_s + part * lasts_s for part in (0.25, 0.5, 0.75, 1.0))
    return CountedRep(start_s, up_s, peak_s, down_s, end_s, span, error, side)


def taken(*reps: CountedRep, errors: dict[Side, float] | None = None) -> list[CountedRep]:
    """What becomes of reps that are taken in one after the other."""
    counters: dict[Side, Any] = {"left": Resting(), "right": Resting()}
    sides = TwoSides(counters, errors or {"left": 0.08, "right": 0.08}, Habit(arms=True))
    for rep in reps:
        sides.add(rep)
        while sides.accept(rep.end_s + 2.0) is not None:
            pass
    return sides.reps


@pytest.mark.parametrize(
    ("start_s", "span", "error", "believed"),
    [
        (4.2, 0.5, 0.2, False),  # hardly seen, and small
        (4.2, 0.9, 0.2, True),  # hardly seen, but it goes far while the other arm rests
        (4.2, 0.5, 0.1, True),  # small, but seen about as well
        (2.9, 0.9, 0.2, False),  # hardly seen, while the other arm is at work
        (15.0, 0.5, 0.2, True),  # the other arm has not been at work for long
    ],
)
def test_an_arm_that_is_hardly_seen_beside_the_working_one(
    start_s: float, span: float, error: float, believed: bool
) -> None:
    doubted = side_rep("left", start_s, span=span, error=error)
    reps = taken(side_rep("right", 0.0), side_rep("right", 2.0), doubted)
    assert (doubted in reps) == believed


@pytest.mark.parametrize(
    ("side", "span", "error", "ago_s", "believed"),
    [
        ("left", 0.5, 0.2, 0.0, False),  # hardly seen, and small
        ("left", 0.9, 0.2, 0.0, True),  # hardly seen, but it went far
        ("left", 0.5, 0.1, 0.0, True),  # small, but seen about as well
        ("right", 0.5, 0.2, 0.0, True),  # the same arm, that may have begun with half a rep
        ("left", 0.5, 0.2, 12.0, True),  # long before
    ],
)
def test_what_an_arm_that_is_hardly_seen_did_before_the_other_one_worked(
    side: Side, span: float, error: float, ago_s: float, believed: bool
) -> None:
    doubted = side_rep(side, 0.0, span=span, error=error)
    reps = taken(doubted, side_rep("right", 2.2 + ago_s))
    assert (doubted in reps) == believed
    assert len(reps) == 1 + believed


def test_a_set_of_one_arm_that_is_hardly_seen_stays_when_the_other_one_begins() -> None:
    first = [side_rep("left", start_s, span=0.5, error=0.2) for start_s in (0.0, 2.2, 4.4)]
    assert taken(*first, side_rep("right", 7.0))[:-1] == first


@pytest.mark.parametrize(
    ("lasts_s", "other_error", "believed"),
    [(0.6, 0.08, False), (1.2, 0.08, True), (0.6, 0.12, True)],
    ids=["a twitch", "long enough", "the other arm is seen worse"],
)
def test_what_one_arm_does_alone_after_both_worked_together(lasts_s: float, other_error: float, believed: bool) -> None:
    both = [side_rep(side, start_s) for start_s in (0.0, 2.0) for side in ("left", "right")]
    alone = side_rep("left", 4.5, lasts_s)
    reps = taken(*both, alone, errors={"left": 0.08, "right": other_error})
    assert [rep.joint for rep in reps[:2]] == [True, True]
    assert (alone in reps) == believed
