"""Laws: what must not matter to counts and faults does not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepfit_nb.coaching import Coach, WorkoutSet
from deepfit_nb.pose import PoseRecording
from tests.factories import SCALE, cosine, curl, film, jack, moved, squat

REPS, TEMPO_S, REST_S = 3, 1.6, 0.6
TIMES, AMOUNTS = cosine(REPS, tempo_s=TEMPO_S, fps=20.0, lead_s=REST_S, tail_s=REST_S)
#: Motion, how much of it, and the camera's azimuth: two clean sets, and two with a fault in every rep.
MOTIONS = {
    "squats": (squat, 1.0, 75.0),
    "shallow squats": (squat, 0.5, 75.0),
    "curls": (curl, 1.0, 40.0),
    "low jacks": (jack, 0.6, 5.0),
}
EXERCISES = {"squats": "squats", "shallow squats": "squats", "curls": "bicep_curls", "low jacks": "jumping_jacks"}
RECORDINGS = {
    name: (EXERCISES[name], film(motion, TIMES, depth * AMOUNTS, azimuth_deg=azimuth))
    for name, (motion, depth, azimuth) in MOTIONS.items()
}

few = settings(max_examples=4, deadline=None)


@pytest.fixture(scope="module", params=RECORDINGS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def coached(exercise: str, recording: PoseRecording) -> WorkoutSet:
    coach = Coach(exercise)
    for time_s, pose in recording:
        coach.update(pose, time_s=time_s)
    (one,) = coach.finish()
    return one


def outcome(one: WorkoutSet) -> tuple[int, list[set[str]]]:
    return one.count, [{fault.id for fault in rep.faults} for rep in one.reps]


@cache
def expected(name: str) -> tuple[int, list[set[str]]]:
    return outcome(coached(*RECORDINGS[name]))


def test_the_recordings_are_what_they_are_called() -> None:
    assert {name: expected(name) for name in RECORDINGS} == {
        "squats": (REPS, [set()] * REPS),
        "shallow squats": (REPS, [{"shallow_depth"}] * REPS),
        "curls": (REPS, [set()] * REPS),
        "low jacks": (REPS, [{"arms_short"}] * REPS),
    }


@few
@given(x=st.floats(-180, 180), y=st.floats(-40, 30), zoom=st.floats(0.4, 3))
def test_neither_place_nor_resolution_matters(name: str, x: float, y: float, zoom: float) -> None:
    """Anywhere in the picture: of a body that leaves it nothing is counted."""
    exercise, recording = RECORDINGS[name]
    elsewhere = moved(recording, shift_px=(x * zoom, y * zoom), zoom=zoom)
    assert outcome(coached(exercise, elsewhere)) == expected(name)


def test_a_mirror_only_swaps_the_sides(name: str) -> None:
    exercise, recording = RECORDINGS[name]
    one, other = coached(exercise, recording), coached(exercise, recording.mirrored())
    assert outcome(one) == outcome(other)
    for rep, twin in zip(one.reps, other.reps, strict=True):
        assert rep.end_s == pytest.approx(twin.end_s, abs=0.05)
        assert rep.joint_rom_deg["knee_left"] == pytest.approx(twin.joint_rom_deg["knee_right"], abs=0.5)
        assert rep.joint_rom_deg["elbow_left"] == pytest.approx(twin.joint_rom_deg["elbow_right"], abs=0.5)


def test_a_mirror_swaps_the_side_of_one_armed_work() -> None:
    recording = film(lambda amount: curl(amount, 0.0), TIMES, AMOUNTS, azimuth_deg=30.0)
    sides = [{rep.side for rep in coached("bicep_curls", seen).reps} for seen in (recording, recording.mirrored())]
    assert sides == [{"left"}, {"right"}]


@few
@given(fps=st.floats(12, 60), phase=st.floats(0, 1))
def test_the_frame_rate_does_not_matter(name: str, fps: float, phase: float) -> None:
    exercise, (motion, depth, azimuth) = RECORDINGS[name][0], MOTIONS[name]
    times, amounts = cosine(REPS, tempo_s=TEMPO_S, fps=fps, lead_s=REST_S + phase / fps, tail_s=REST_S)
    assert outcome(coached(exercise, film(motion, times, depth * amounts, azimuth_deg=azimuth))) == expected(name)


@few
@given(later_s=st.floats(0.0, 1e5))
def test_the_clock_does_not_matter(name: str, later_s: float) -> None:
    exercise, recording = RECORDINGS[name]
    delayed = coached(exercise, replace(recording, time_s=recording.time_s + later_s))
    assert outcome(delayed) == expected(name)


@few
@given(seed=st.integers(0, 1000))
def test_jitter_does_not_matter(name: str, seed: int) -> None:
    """Half a per cent of the body's height: several times what MediaPipe has."""
    exercise, recording = RECORDINGS[name]
    noise = np.random.default_rng(seed).normal(0, 0.008, recording.world.shape).astype(np.float32)
    image = recording.image.copy()
    image[..., :3] += noise * SCALE
    shaky = replace(recording, image=image, world=recording.world + noise)
    assert outcome(coached(exercise, shaky)) == expected(name)
