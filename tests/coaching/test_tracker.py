"""Reps and phases of bodies that do one exercise."""

from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.coaching.memory import MotionMemory
from deepfit_nb.coaching.tracker import RepTracker
from deepfit_nb.kinematics.motion import MotionTracker
from deepfit_nb.pose import Landmark as L
from tests.coaching.tracking import FAR_ARM, FPS, REPS, follow, stages, track
from tests.factories import Figure, cosine, curl, pose_of, squat


@pytest.mark.parametrize(("since_s", "peaks_s"), [(-np.inf, [2, 4, 6, 8]), (5.0, [6, 8]), (20.0, [])])
def test_a_tracker_that_begins_anew_knows_what_is_remembered_from_then_on(since_s: float, peaks_s: list[int]) -> None:
    times, amounts = cosine(REPS, fps=FPS)
    motion, memory = MotionTracker(), MotionMemory()
    tracker = RepTracker(builtin_exercises()["squats"], memory)
    for time_s, amount in zip(times.tolist(), amounts.tolist(), strict=True):
        memory.add(motion.update(pose_of(squat(amount), time_s, azimuth_deg=40)))
        if time_s < 5:
            tracker.follow(time_s)
    tracker.begin(since_s)
    assert not tracker.reps
    tracker.follow(times[-1])
    tracker.finish()
    assert [round(rep.peak_s) for rep in tracker.reps] == peaks_s
    tracker.follow(times[-1])  # once more, in the same frame
    assert np.isfinite(tracker.progress.value) == (since_s < times[-1])
    tracker.follow(times[-1] + 1)
    assert np.isnan(tracker.progress.value)  # nobody is seen any more


def test_reps_long_ago_are_forgotten() -> None:
    """A session may last for hours."""
    times, amounts = cosine(45, tempo_s=1.0, fps=12)
    poses = [pose_of(squat(a), t, azimuth_deg=40) for t, a in zip(times, amounts, strict=True)]
    counts = [len(tracker.reps) for tracker in follow("squats", poses)]
    assert max(counts) == counts[-1] == 32


def test_legs_that_belong_together_are_one_rep() -> None:
    times, amounts = cosine(REPS, fps=FPS)
    reps = track("squats", [pose_of(squat(a), t, azimuth_deg=40) for t, a in zip(times, amounts, strict=True)]).reps
    assert [rep.side for rep in reps] == ["both"] * REPS


def test_the_same_bend_of_the_elbows_is_no_push_up_when_standing() -> None:
    times, amounts = cosine(REPS, fps=FPS)

    def press(amount: float, lean: float) -> Figure:
        bend = 90 * amount
        return Figure(trunk_lean=lean, shoulder=(80 - 0.5 * bend,) * 2, elbow=(170 - bend,) * 2)

    def count(lean: float) -> int:
        poses = [pose_of(press(a, lean), t, azimuth_deg=85) for t, a in zip(times, amounts, strict=True)]
        return len(track("pushups", poses).reps)

    assert count(lean=80) == REPS
    assert count(lean=0) == 0


def test_phases_follow_the_movement() -> None:
    """A squat goes down first (eccentric), a curl up (concentric); standing still is idle."""
    times, amounts = cosine(1, tempo_s=4.0)
    for exercise, motion, first, second in (
        ("squats", squat, "eccentric", "concentric"),
        ("bicep_curls", curl, "concentric", "eccentric"),
    ):
        trackers = stages(exercise, motion, times, amounts)
        phases = {round(t, 2): tracker.phase for t, tracker in zip(times.tolist(), trackers, strict=True)}
        assert (phases[0.52], phases[2.4], phases[3.8], phases[5.8]) == ("idle", first, second, "idle")


def test_progress_goes_from_0_to_1_and_back() -> None:
    times, amounts = cosine(1, tempo_s=3.0)
    seen = [tracker.progress.value for tracker in stages("squats", squat, times, amounts)]
    assert seen[0] == pytest.approx(0, abs=0.15)
    assert max(seen) == pytest.approx(1, abs=0.2)
    assert times[int(np.argmax(seen))] == pytest.approx(2.5, abs=0.2)


def test_a_body_whose_arms_cannot_be_seen_does_no_curls() -> None:
    times, _ = cosine(REPS)
    rng = np.random.default_rng(0)
    arms = (*FAR_ARM, L.LEFT_ELBOW, L.LEFT_WRIST)
    guesses = rng.uniform(0, 0.3, len(times))
    poses = [pose_of(curl(a), t, azimuth_deg=80, hidden=arms) for t, a in zip(times, guesses, strict=True)]
    assert not track("bicep_curls", poses).reps


def test_a_hasty_bend_among_slow_reps_is_taken_back_once_it_is_known_how_slow_they_are() -> None:
    one_s, one = cosine(1, tempo_s=4.0, fps=FPS)
    quick_s, quick = cosine(1, tempo_s=0.8, fps=FPS, lead_s=0.2, tail_s=0.2)
    times, amounts = np.concatenate([one_s, one_s[-1] + 1 / FPS + quick_s]), np.concatenate([one, 0.7 * quick])
    slow_s, slow = cosine(4, tempo_s=4.0, fps=FPS)
    times, amounts = np.concatenate([times, times[-1] + 1 / FPS + slow_s]), np.concatenate([amounts, slow])
    counted = [len(tracker.reps) for tracker in stages("squats", squat, times, amounts)]
    assert counted[-1] == 5
    assert max(counted[: len(one_s) + len(quick_s)]) == 2


@pytest.mark.parametrize("pause_s", [0.0, 12.0])
def test_quick_reps_before_slow_ones_stay(pause_s: float) -> None:
    """Those of another set, or of one that slows down, were no slips."""
    quick_s, quick = cosine(4, tempo_s=1.2, fps=FPS, tail_s=1.0 + pause_s)
    slow_s, slow = cosine(5, tempo_s=4.5, fps=FPS)
    times = np.concatenate([quick_s, quick_s[-1] + 1 / FPS + slow_s])
    *_, last = stages("squats", squat, times, np.concatenate([quick, slow]))
    assert len(last.reps) == 9
