"""Exercises taught from recordings whose definitions are not looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deepfit_nb.coaching import Exercise
from deepfit_nb.coaching.definition import parse_exercise
from deepfit_nb.coaching.demonstration import coached
from deepfit_nb.coaching.teaching import teach, to_toml
from deepfit_nb.errors import ExerciseError
from deepfit_nb.pose import PoseRecording
from deepfit_nb.training.camera import View
from deepfit_nb.training.synthesis import make_recording, make_workout
from tests.factories import SIZE, cosine, film, squat

#: Exercise: the joint that moves, whether the sides may take turns, and what comes first.
TAUGHT = {
    "squats": ("knee", "together", "eccentric"),
    "lunges": ("knee", "together", "eccentric"),
    "pushups": ("elbow", "together", "eccentric"),
    "situps": ("hip", "together", "concentric"),
    "bicep_curls": ("elbow", "each", "concentric"),
    "tricep_extensions": ("elbow", "each", "concentric"),
    "lateral_shoulder_raises": ("shoulder", "each", "concentric"),
    "jumping_jacks": ("shoulder", "together", "concentric"),
}


#: Frames a second where the rate is of no matter: those of a modest webcam.
FPS = 15.0


def counts(exercise: Exercise, recording: PoseRecording) -> list[int]:
    return [one.count for one in coached(exercise, recording)]


@pytest.fixture(scope="module", params=sorted(TAUGHT))
def taught(request: pytest.FixtureRequest) -> tuple[str, Exercise]:
    recording, _ = make_recording(request.param, reps=4, seed=7, fps=FPS)
    return request.param, teach(recording, "new_one")


def test_what_moves_is_found(taught: tuple[str, Exercise]) -> None:
    name, exercise = taught
    joint, sides, first = TAUGHT[name]
    assert (exercise.signal.sides, exercise.signal.first) == (sides, first)
    assert joint in exercise.angles


def test_others_are_counted_by_it(taught: tuple[str, Exercise]) -> None:
    name, exercise = taught
    other, _ = make_recording(name, reps=6, seed=11, view=View(azimuth_deg=40.0), fps=FPS)
    assert counts(exercise, other) == [6]
    assert counts(exercise, other.mirrored()) == [6]


def test_its_toml_reads_back_as_it_was(taught: tuple[str, Exercise]) -> None:
    _, exercise = taught
    assert parse_exercise(to_toml(exercise), "taught") == exercise


@pytest.mark.parametrize("name", ["squats", "pushups", "tricep_extensions", "jumping_jacks", "dumbbell_shoulder_press"])
def test_coming_and_going_do_not_matter(name: str) -> None:
    """Standing about, getting into position (for a push-up: down to the floor), the reps, and back."""
    walked_in, _ = make_workout([name], reps=4, rest_s=3.0, seed=1, fps=FPS)
    other, _ = make_recording(name, reps=5, seed=11, fps=FPS)
    assert counts(teach(walked_in, "new_one"), other) == [5]


@pytest.mark.parametrize("name", ["squats", "bicep_curls", "pushups", "jumping_jacks", "situps"])
def test_a_rep_is_where_it_was_done(name: str) -> None:
    recording, truth = make_recording(name, reps=4, seed=2, fps=FPS)
    (one,) = coached(teach(recording, "new_one"), recording)
    peaks = np.array([rep.peak_s for rep in one.reps if not rep.partial])
    edges = np.array(truth.sets[0].rep_edges_s)
    assert peaks == pytest.approx((edges[1:] + edges[:-1]) / 2, abs=0.3)


def test_the_number_of_reps_done_must_be_counted() -> None:
    recording, _ = make_recording("squats", reps=3, seed=1, fps=FPS)
    assert counts(teach(recording, "sit", reps=3), recording) == [3]
    with pytest.raises(ExerciseError, match="3 alike reps are seen in the recording, not 5"):
        teach(recording, "sit", reps=5)


def test_the_teacher_may_say_what_comes_first() -> None:
    recording, _ = make_recording("squats", reps=3, seed=1, fps=FPS)
    exercise = teach(recording, "sit", title="Sit down", first="concentric")
    assert (exercise.signal.first, exercise.title) == ("concentric", "Sit down")


def standing(seconds: float) -> PoseRecording:
    recording, _ = make_recording("squats", reps=2, seed=4, lead_s=seconds)
    still = recording.time_s < seconds
    return PoseRecording(
        recording.image[still], recording.world[still], recording.ok[still], recording.time_s[still],
        recording.fps, recording.size,
    )  # fmt: skip


def nobody() -> PoseRecording:
    return PoseRecording.from_poses([(i / 25, None) for i in range(50)], fps=25, size=(640, 480))


@pytest.mark.parametrize(
    ("recording", "complaint"),
    [
        (standing(5.0), "[0-3] alike reps are seen"),
        (nobody(), "nobody is seen"),
    ],
)
def test_a_recording_without_reps_teaches_nothing(recording: PoseRecording, complaint: str) -> None:
    with pytest.raises(ExerciseError, match=complaint):
        teach(recording, "nothing")


@pytest.mark.parametrize(("from_s", "to_s"), [(3, 27), (6, 27), (9, 20)])
def test_a_recording_in_which_nobody_is_seen_for_long_teaches_what_is_seen(from_s: float, to_s: float) -> None:
    frames = film(squat, *cosine(10, tempo_s=3.0, fps=FPS, lead_s=0, tail_s=0))
    poses = [(time_s, None if from_s < time_s < to_s else pose) for time_s, pose in frames]
    exercise = teach(PoseRecording.from_poses(poses, fps=FPS, size=SIZE), "sit")
    assert (exercise.signal.joint, exercise.signal.first) == ("knee", "eccentric")


def test_a_name_must_be_fit_for_a_file() -> None:
    recording, _ = make_recording("squats", reps=3, seed=1, fps=FPS)
    with pytest.raises(ExerciseError, match="lower-case"):
        teach(recording, "My Squat")


@pytest.mark.parametrize("name", ["squats", "pushups"])
def test_real_people_are_counted(name: str, shared: Path) -> None:
    """Taught from a made-up person, counted on filmed ones; where the number of reps is sure."""
    recording, _ = make_recording(name, reps=4, seed=3, view=View(azimuth_deg=60.0))
    exercise = teach(recording, "new_one")
    right = []
    for line in (shared / "data/real/real.tsv").read_text().splitlines()[1:]:
        file, done, reps, *_ = line.split("\t")
        if done == name and reps:
            right.append(counts(exercise, PoseRecording.load(shared / "data/real" / file)) == [int(reps)])
    assert right
    assert np.mean(right) >= 0.8
