"""What is said of reps and sets, and until when it may change."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from deepfit_nb.coaching import Coach
from deepfit_nb.training.styles import sample_style
from deepfit_nb.training.synthesis import make_recording
from deepfit_nb.training.tempo import sample_tempo
from tests.coaching.streams import watch, watch_only
from tests.factories import Scripted, cosine, film, squat


def test_a_rep_whose_frames_are_forgotten_stays_as_it_was_judged() -> None:
    """The exercise is given up during the way back of the third rep, and the stream goes on for longer than memory."""
    times, amounts = cosine(3, tail_s=45)
    coach = Coach(recogniser=Scripted((1.0, "squats"), (6.5, "lunges")))
    watch_only(coach, list(film(squat, times, 0.55 * amounts, azimuth_deg=80)))
    before = [(rep.rom_deg, [fault.id for fault in rep.faults]) for rep in coach.sets[0].reps]
    after = [(rep.rom_deg, [fault.id for fault in rep.faults]) for rep in coach.finish()[0].reps]
    assert before == after
    assert before[-1][1] == ["shallow_depth"]


@pytest.mark.parametrize("asleep_s", [20, 29, 31, 60])
def test_a_rep_stays_as_it_was_judged_where_the_stream_stands_still_after_it(asleep_s: float) -> None:
    """A machine that sleeps, or a page in the background."""
    times, amounts = cosine(4)
    coach, shift_s = Coach("squats"), 0.0
    for time_s, pose in film(squat, times, 0.55 * amounts, azimuth_deg=80):
        assert pose is not None
        report = coach.update(replace(pose, time_s=time_s + shift_s))
        if report.counted and report.reps == 2:
            shift_s = asleep_s
    reps = [rep for one in coach.finish() for rep in one.reps]
    assert [[fault.id for fault in rep.faults] for rep in reps] == [["shallow_depth"]] * 4
    assert [rep.rom_deg for rep in reps] == pytest.approx([reps[0].rom_deg] * 4, abs=2)


@pytest.mark.parametrize("seed", [46, 66, 108, 120])
def test_reps_do_not_overlap_and_their_faults_lie_within_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    exercise = {108: "lateral_shoulder_raises", 120: "bicep_curls"}.get(seed, "dumbbell_rows")
    style, tempo = sample_style(exercise, rng), sample_tempo(exercise, 5, rng)
    recording, _ = make_recording(exercise, reps=5, seed=seed, fps=15, style=style, tempo=tempo)
    _, sets = watch(Coach(exercise), list(recording))
    for one in sets:
        assert all(rep.start_s <= rep.peak_s <= rep.end_s for rep in one.reps)
        assert all(before.end_s <= after.start_s for before, after in pairwise(one.reps))
        assert all(rep.start_s <= fault.at_s <= rep.end_s for rep in one.reps for fault in rep.faults)


@pytest.mark.parametrize("cut_s", [0.0, 0.3, 0.6, 0.9])
def test_no_rep_begins_before_the_stream_or_ends_after_it(cut_s: float) -> None:
    """The start and end of a rep are extrapolated; a stream may begin and end in the middle of one."""
    frames = list(make_recording("lunges", reps=4, lead_s=0, tail_s=0)[0])
    last = frames[-1][0] - cut_s
    _, (one,) = watch(Coach("lunges"), [(t, pose) for t, pose in frames if cut_s <= t <= last])
    assert one.reps[0].start_s >= cut_s
    assert one.reps[-1].end_s <= last
