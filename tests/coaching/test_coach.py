"""The coach over whole streams."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from deepfit_nb.coaching import Coach
from deepfit_nb.errors import ExerciseError
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.pose import Pose
from deepfit_nb.recognition import EXERCISES, NON_ACTIVITY, Recognition
from deepfit_nb.training.camera import View
from deepfit_nb.training.coaching_cases import real_cases
from deepfit_nb.training.coaching_scores import score
from deepfit_nb.training.synthesis import EXACT, make_recording, make_workout
from tests.coaching.streams import later, squats, summarised, watch
from tests.factories import Scripted, cosine, curl, exchanged, film, jack, pose_of, recognition, squat

STANDING = squat(0.0)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("azimuth", [0.0, -40.0, 75.0])
def test_every_exercise_is_counted_from_every_sensible_side(exercise: str, azimuth: float) -> None:
    view = View(azimuth_deg=azimuth)
    recording, truth = make_recording(exercise, reps=4, seed=1, view=view, detector=EXACT, fps=15.0)
    _, sets = watch(Coach(exercise), recording)
    assert summarised(sets) == [(exercise, 4)]
    starts = [rep.start_s for rep in sets[0].reps if not rep.partial]
    assert starts == pytest.approx(truth.sets[0].rep_edges_s[:-1], abs=0.3)


def test_a_workout_becomes_sets() -> None:
    recording, truth = make_workout(["squats", "jumping_jacks"], reps=4, rest_s=10.0, seed=2)
    first, second = truth.sets
    recogniser = Scripted(
        (first.start_s + 1.5, "squats"), (first.end_s + 0.5, NON_ACTIVITY),
        (second.start_s + 1.0, "jumping_jacks"), (second.end_s + 0.5, NON_ACTIVITY),
    )  # fmt: skip
    reports, sets = watch(Coach(recogniser=recogniser), recording)
    assert summarised(sets) == [("squats", 4), ("jumping_jacks", 4)]
    assert [report.sets for report in reports] == sorted(report.sets for report in reports)
    assert {report.exercise for report in reports} == {None, "squats", "jumping_jacks"}


def test_reports_agree_with_the_finished_set() -> None:
    reports, (one,) = watch(Coach("squats"), squats())
    finished = [rep for report in reports for rep in report.counted]
    assert [rep.number for rep in finished] == [1, 2, 3]
    assert [rep.peak_s for rep in finished] == pytest.approx([rep.peak_s for rep in one.reps])
    assert reports[-1].reps == one.count == 3
    counts = [report.reps for report in reports]
    assert counts == sorted(counts)
    assert (one.exercise, one.view) == ("squats", "side")
    assert one.start_s == one.reps[0].start_s
    assert one.end_s == one.reps[-1].end_s


def test_angles_are_reported_with_their_errors() -> None:
    reports, _ = watch(Coach("squats"), squats(1, azimuth_deg=90))
    knee = ANGLES.index("knee_left")
    assert all(report.angles.shape == report.angle_errors.shape == (len(ANGLES),) for report in reports)
    assert reports[5].angles[knee] == pytest.approx(175, abs=8)
    assert min(report.angles[knee] for report in reports) == pytest.approx(80, abs=8)
    assert (reports[5].angle_errors > 0).all()


def test_joints_are_seen_in_the_light_of_what_is_done_once_they_are_at_it() -> None:
    recording, truth = make_recording("bicep_curls", reps=3, seed=4, lead_s=2.0, fps=15.0)
    reports, _ = watch(Coach("bicep_curls"), recording)
    # As far as this one knows nobody is at it.
    plain, _ = watch(Coach(recogniser=Scripted((0.0, NON_ACTIVITY))), recording)
    shown = [place for place, name in enumerate(ANGLES) if name.startswith(("elbow", "shoulder"))]
    others = [place for place in range(len(ANGLES)) if place not in shown]
    for seen, other in zip(reports, plain, strict=True):
        assert seen.angles[others] == pytest.approx(other.angles[others], nan_ok=True)
        if seen.time_s < truth.sets[0].start_s - 1.0:
            assert seen.angles[shown] == pytest.approx(other.angles[shown], nan_ok=True)
    during = [
        seen.angles[shown] != other.angles[shown] for seen, other in zip(reports, plain, strict=True) if seen.reps
    ]
    assert during
    assert np.all(during)


def test_two_coaches_do_not_meet() -> None:
    first, second = squats(3), list(film(curl, *cosine(2, tempo_s=3.0)))
    alone = [watch(Coach("squats"), first)[1], watch(Coach("bicep_curls"), second)[1]]
    one, other = Coach("squats"), Coach("bicep_curls")
    for i in range(max(len(first), len(second))):
        for coach, frames in ((one, first), (other, second)):
            if i < len(frames):
                coach.update(frames[i][1], time_s=frames[i][0])
    for coach, expected in zip((one, other), alone, strict=True):
        assert [rep.end_s for rep in coach.finish()[0].reps] == [rep.end_s for rep in expected[0].reps]


@pytest.mark.parametrize("second", [1.0, 0.5, math.nan, math.inf])
def test_time_must_increase(second: float) -> None:
    coach = Coach("squats")
    coach.update(pose_of(STANDING, 1.0))
    with pytest.raises(ValueError, match="time must increase"):
        coach.update(pose_of(STANDING, second))


def test_a_frame_without_a_body_needs_its_time() -> None:
    with pytest.raises(ValueError, match="time_s"):
        Coach("squats").update(None)


def test_an_unknown_exercise_is_refused_with_those_there_are() -> None:
    with pytest.raises(ExerciseError, match=r"unknown exercise 'yoga'; choose one of .*squats"):
        Coach("yoga")


class Lingering(Scripted):
    """It says squats from the start, but hardly believes it before ``sure_s``."""

    def __init__(self, sure_s: float) -> None:
        super().__init__((0.0, "squats"))
        self._sure_s = sure_s

    def update(self, time_s: float, pose: Pose | None) -> Recognition:
        return recognition("squats", 0.9 if time_s >= self._sure_s else 0.05)


def test_reps_are_renumbered_when_the_first_is_taken_back() -> None:
    """Of reps at 2, 4, 6 and 8 s the first is none in hindsight, and the set begins with the second."""
    coach = Coach(recogniser=Lingering(3.9))
    reports, _ = watch(coach, squats(4))
    (one,) = coach.sets
    assert [rep.number for rep in one.reps] == [1, 2, 3]
    assert [rep.peak_s for rep in one.reps] == pytest.approx([4, 6, 8], abs=0.2)
    assert one.start_s == pytest.approx(3, abs=0.3)
    assert [rep.number for report in reports for rep in report.counted][-1] == 3


@pytest.mark.parametrize("sure_s", [2.6, 3.4, 4.0])
def test_reps_that_are_believed_later_stand_where_they_were_done(sure_s: float) -> None:
    """Of reps done before the recogniser was sure the latest is believed first."""
    coach = Coach(recogniser=Scripted((0.0, NON_ACTIVITY), (sure_s, "squats")))
    _, (one,) = watch(coach, list(film(squat, *cosine(6, tempo_s=1.0))))
    peaks = [rep.peak_s for rep in one.reps]
    assert peaks == sorted(peaks)
    assert [rep.number for rep in one.reps] == list(range(1, len(peaks) + 1))
    assert all(rep.start_s < rep.peak_s < rep.end_s for rep in one.reps)


def test_a_set_that_came_to_nothing_leaves_no_rep_behind() -> None:
    coach = Coach(recogniser=Scripted((1.6, "squats"), (3.2, NON_ACTIVITY)))
    reports, sets = watch(coach, list(film(squat, *cosine(1, tail_s=14))))
    assert max(report.reps for report in reports) == 1
    assert sets == ()
    assert (reports[-1].sets, reports[-1].reps) == (0, 0)


def test_a_set_that_is_over_stays_and_one_that_came_to_nothing_was_never_over() -> None:
    """What is kept of a workout while it goes on is what it has in the end."""
    alone = list(film(squat, *cosine(1, tail_s=14)))
    real = later(squats(4), alone[-1][0] + 1)
    rest = later(list(film(squat, np.arange(0, 12, 0.04), np.zeros(300))), real[-1][0] + 0.04)
    script = [(1.0, "squats"), (3.2, NON_ACTIVITY), (real[0][0] + 2, "squats"), (real[-1][0], NON_ACTIVITY)]
    coach, kept = Coach(recogniser=Scripted(*script)), ()
    for time_s, pose in [*alone, *real, *rest]:
        coach.update(pose, time_s=time_s)
        kept += coach.ended(len(kept))
    assert summarised(kept) == summarised(coach.finish()) == [("squats", 4)]


@pytest.mark.parametrize("exercise", ["squats", None])
@pytest.mark.parametrize(("tempo_s", "pause_s"), [(10.0, 0.0), (11.5, 0.0), (4.0, 6.0), (2.0, 7.0)])
def test_slow_reps_and_short_pauses_part_no_set(exercise: str | None, tempo_s: float, pause_s: float) -> None:
    first = list(film(squat, *cosine(2, tempo_s=tempo_s, fps=15, tail_s=0.1), azimuth_deg=75))
    second = list(film(squat, *cosine(2, tempo_s=tempo_s, fps=15, lead_s=pause_s), azimuth_deg=75))
    _, sets = watch(Coach(exercise), [*first, *later(second, first[-1][0] + 1 / 15)])
    assert summarised(sets) == [("squats", 4)]


def test_after_an_exercise_that_came_to_nothing_the_figures_are_those_of_the_last_set() -> None:
    script = [(1.0, "squats"), (8.0, NON_ACTIVITY), (20.0, "lunges"), (22.0, NON_ACTIVITY)]
    rest = later(list(film(squat, np.arange(0, 30, 0.04), np.zeros(750))), squats()[-1][0] + 0.04)
    reports, sets = watch(Coach(recogniser=Scripted(*script)), [*squats(), *rest])
    assert summarised(sets) == [("squats", 3)]
    assert (reports[-1].sets, reports[-1].reps) == (1, 3)


def test_of_a_fixed_exercise_the_figures_stay_until_the_next_set_has_a_rep() -> None:
    pause = later(list(film(squat, np.arange(0, 12, 0.04), np.zeros(300))), squats()[-1][0] + 0.04)
    reports, sets = watch(Coach("squats"), [*squats(), *pause, *later(squats(2), pause[-1][0] + 0.04)])
    assert summarised(sets) == [("squats", 3), ("squats", 2)]
    shown = [(report.sets, report.reps) for report in reports]
    changes = [now for before, now in zip([(0, 0), *shown[:-1]], shown, strict=True) if now != before]
    assert changes == [(1, 0), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]


@pytest.mark.parametrize(("share", "cue"), [(0.4, "Curl all the way up"), (1.0, None)])
def test_who_curls_only_half_way_up_is_told_to_go_up(share: float, cue: str | None) -> None:
    times, amounts = cosine(5, tempo_s=3.0)
    reports, _ = watch(Coach("bicep_curls"), list(film(curl, times, share * amounts, azimuth_deg=80)))
    assert {report.cue.text for report in reports if report.cue and report.cue.id != "praise"} == {cue} - {None}


def test_the_body_reported_has_its_sides_where_the_angles_have_them() -> None:
    coach = Coach("bicep_curls")
    for frame in range(30):
        true = pose_of(curl(frame / 30, 0.0), frame / 25)
        report = coach.update(exchanged(true) if frame >= 15 else true)
        assert report.pose is not None
        np.testing.assert_array_equal(report.pose.image, true.image)


def test_somebody_who_stands_still_does_nothing() -> None:
    for exercise in EXERCISES:
        coach = Coach(exercise)
        for frame in range(50):
            coach.update(pose_of(STANDING, frame / 10, azimuth_deg=45))
        assert coach.finish() == ()


def test_a_half_rep_among_full_ones_is_partial_and_not_counted() -> None:
    times, amounts = cosine(5)
    half = np.where((times > 5) & (times < 7), 0.45 * amounts, amounts)
    reports, (one,) = watch(Coach("squats"), list(film(squat, times, half)))
    assert [rep.partial for rep in one.reps] == [False, False, True, False, False]
    assert one.count == 4
    assert (reports[-1].reps, reports[-1].partial_reps) == (4, 1)
    assert one.reps[2].faults == ()


def test_the_cue_is_the_faults_and_goes_when_it_is_mended() -> None:
    times, amounts = cosine(5)
    depth = np.where(times < 5, 0.5, 1.0)  # two shallow ones, then deep ones
    reports, _ = watch(Coach("squats"), list(film(squat, times, depth * amounts)))
    cues = [(report.time_s, report.cue.id) for report in reports if report.cue is not None]
    shown = {name for time_s, name in cues if time_s < 6}
    assert shown == {"shallow_depth"}
    assert {name for time_s, name in cues if time_s > 7.5} == {"praise"}


def test_finish_may_be_called_again() -> None:
    coach = Coach("jumping_jacks")
    for time_s, pose in film(jack, *cosine(3, tempo_s=1.2), azimuth_deg=0.0):
        coach.update(pose, time_s=time_s)
    assert summarised(coach.finish()) == summarised(coach.finish()) == summarised(coach.sets) == [("jumping_jacks", 3)]


def test_walking_in_and_setting_up_are_no_reps() -> None:
    recording, truth = make_workout(["squats"], reps=4, rest_s=12.0, seed=4, varied=True)
    (done,) = truth.sets
    recogniser = Scripted((done.start_s + 1.0, "squats"), (done.end_s + 0.5, NON_ACTIVITY))
    assert summarised(watch(Coach(recogniser=recogniser), recording)[1]) == [("squats", 4)]


def test_real_recordings(shared: Path) -> None:
    cases = [case for case in real_cases(shared / "data" / "real") if case.sets]
    scores = [one for case in cases for one in score(case, watch(Coach(case.sets[0].exercise), case.recording)[1])]
    wrong = [(one.case, one.reps, one.counted) for one in scores if not one.exact]
    assert scores
    assert not wrong
