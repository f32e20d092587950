"""The coach while somebody comes, goes, or is half out of the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from deepfit_nb.coaching import Coach
from deepfit_nb.pose import Landmark as L
from deepfit_nb.pose import Pose
from tests.coaching.streams import Frames, later, squats, summarised, watch, watch_only
from tests.factories import Figure, cosine, film, jack, moved, squat

KNEES, ANKLES = (L.LEFT_KNEE, L.RIGHT_KNEE), (L.LEFT_ANKLE, L.RIGHT_ANKLE)


def test_who_leaves_in_the_middle_of_a_rep_has_ended_the_set() -> None:
    coach = Coach("squats")
    watch_only(coach, squats(4)[: 8 * 25])
    assert coach.ended() == ()
    watch_only(coach, [(8.0 + i / 5, None) for i in range(30 * 5)])
    assert summarised(coach.ended()) == [("squats", 3)]


def test_a_stream_without_anybody_is_no_set() -> None:
    reports, sets = watch(Coach("squats"), [(i / 10, None) for i in range(50)])
    assert sets == ()
    last = reports[-1]
    assert (last.pose, last.reps, last.sets, last.rep, last.phase) == (
        None,
        0,
        0 if last.exercise is None else 1,
        None,
        "idle",
    )
    assert np.isnan(last.angles).all()
    assert last.view.name == "unknown"
    assert last.framing is not None
    assert last.framing.id == "nobody"


@pytest.mark.parametrize("away_s", [1.0, 4.0])
def test_somebody_who_leaves_for_a_moment_goes_on_with_the_set(away_s: float) -> None:
    first = squats(3)
    left_s = first[-1][0]
    gap: Frames = [(left_s + i / 10, None) for i in range(1, int(10 * away_s))]
    reports, sets = watch(Coach("squats"), first + gap + later(squats(2), left_s + away_s))
    assert summarised(sets) == [("squats", 5)]
    away = reports[len(first) + len(gap) - 1]
    assert away.reps == 3
    assert away.framing is not None


def cropped(pose: Pose, *landmarks: L) -> Pose:
    """The same body with landmarks below the frame: they go on moving there, as those that MediaPipe makes up do."""
    image = pose.image.copy()
    image[list(landmarks), 1] += pose.size[1]
    return replace(pose, image=image)


def test_counting_pauses_says_so_and_goes_on() -> None:
    """Of seven squats the knees and ankles are cut off in the third, fourth and fifth."""
    coach = Coach("squats")
    reports = []
    for time_s, pose in squats(7):
        assert pose is not None
        hidden = 5.0 < time_s < 11.0
        reports.append(coach.update(cropped(pose, *KNEES, *ANKLES) if hidden else pose, time_s=time_s))
    before, during = ([r for r in reports if r.time_s <= at_s][-1] for at_s in (5.0, 10.9))
    assert np.isnan(during.progress)
    assert during.framing is not None
    assert during.framing.id in ("cut_off", "too_near")
    assert during.reps <= before.reps + 1
    assert reports[-1].reps - during.reps >= 2
    assert reports[-1].framing is None
    assert reports[-1].reps <= 5


@pytest.mark.parametrize(("exercise", "motion"), [("jumping_jacks", jack), ("squats", squat)])
def test_a_cropped_body_whose_joints_are_seen_is_counted(exercise: str, motion: Callable[[float], Figure]) -> None:
    """The feet are below the frame all the time."""
    frames = film(motion, *cosine(5), azimuth_deg=20)
    low_px = 1.05 * frames.size[1] - float(frames.image[:, list(ANKLES), 1].min())
    coach = Coach(exercise)
    reports, sets = watch(coach, moved(frames, shift_px=(0, low_px)))
    assert summarised(sets) == [(exercise, 5)]
    assert reports[60].framing is not None
    assert "ankles" in reports[60].framing.text


@pytest.mark.parametrize("left_out", [0, 20, 28])
@pytest.mark.parametrize("back_s", [20.0, 60.0])
def test_somebody_who_comes_back_after_a_rest_begins_another_set(left_out: int, back_s: float) -> None:
    """Also where they left before the last rep was quite over."""
    first = squats(3)
    first = first[: len(first) - left_out]
    gap: Frames = [(first[-1][0] + i / 10, None) for i in range(1, 100)]
    _, sets = watch(Coach("squats"), first + gap + later(squats(2), back_s))
    assert summarised(sets) == [("squats", 3), ("squats", 2)]
    assert sets[0].end_s == pytest.approx(7, abs=0.5)


def test_sets_are_told_when_they_are_over_for_good() -> None:
    first = squats(3)
    left_s = first[-1][0]
    gap: Frames = [(left_s + i / 10, None) for i in range(1, 100)]
    coach = Coach("squats")
    ended = []
    for time_s, pose in [*first, *gap, *later(squats(2), left_s + 20)]:
        coach.update(pose, time_s=time_s)
        ended.append((time_s, coach.ended()))
    since_s = next(time_s for time_s, sets in ended if sets)
    assert left_s < since_s < left_s + 10
    assert all(summarised(sets) == [("squats", 3)] for time_s, sets in ended if time_s >= since_s)
    assert summarised(coach.finish()) == [("squats", 3), ("squats", 2)]
    assert [rep.start_s for rep in ended[-1][1][0].reps] == [rep.start_s for rep in coach.sets[0].reps]
    assert coach.ended(1) == ()


def test_what_is_told_of_a_set_that_is_over_is_not_changed_later() -> None:
    """Somebody leaves in the middle of a rep's way back and comes again after a rest."""
    times, amounts = cosine(3)
    left = times < 6.8
    frames = list(film(squat, times[left], amounts[left]))
    away: Frames = [(6.8 + i / 10, None) for i in range(1, 120)]
    coach = Coach("squats")
    watch_only(coach, frames + away)
    told = coach.ended()
    assert [one.count for one in told] == [3]
    watch_only(coach, later(squats(2), 20.0))
    assert coach.finish()[:1] == told


@pytest.mark.parametrize("lost", [0.3, 0.6])
def test_frames_in_which_the_body_is_missed_lose_no_rep(lost: float) -> None:
    seen = np.random.default_rng(0).random(1000) > lost
    frames = [(t, pose if keep else None) for (t, pose), keep in zip(squats(4), seen, strict=False)]
    assert summarised(watch(Coach("squats"), frames)[1]) == [("squats", 4)]
