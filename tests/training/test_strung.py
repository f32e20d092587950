from __future__ import annotations

import numpy as np
import pytest

from deepfit_nb.coaching import Coach
from deepfit_nb.training.coaching_cases import synthetic_case
from deepfit_nb.training.coaching_scores import run, score
from deepfit_nb.training.strung import strung, strung_workouts
from deepfit_nb.training.synthesis import make_recording


def case(exercise: str, reps: int = 3):
    return synthetic_case(exercise, *make_recording(exercise, reps=reps))


def test_a_strung_workout_is_its_clips_one_after_the_other():
    first, second = case("squats"), case("jumping_jacks")
    both = strung([first, second], "both")
    times = both.recording.time_s
    assert (np.diff(times) > 0).all()
    assert len(both.recording) == len(first.recording) + len(second.recording) + 2 * round(10 * both.recording.fps)
    begins_s = float(times[-1]) - 10 - float(np.ptp(second.recording.time_s))
    assert [one.exercise for one in both.sets] == ["squats", "jumping_jacks"]
    expected = np.array(second.sets[0].edges_s) - float(second.recording.time_s[0]) + begins_s
    np.testing.assert_allclose(both.sets[1].edges_s, expected, atol=0.01)
    assert [one.exact for one in score(both, run(Coach(), both).sets)] == [True, True]


@pytest.mark.parametrize("factor", [0.5, 2])
def test_a_picture_of_another_size_is_fitted_into_the_first_one(factor: float):
    first = case("squats")
    recording = first.recording
    size = (round(recording.size[0] * factor), round(recording.size[1] * factor))
    image = recording.image * np.array([factor, factor, factor, 1], np.float32)
    other = type(recording)(image, recording.world, recording.ok, recording.time_s, recording.fps, size)
    both = strung([first, type(first)("other", other, first.sets)], "both").recording
    count = len(recording)
    again = both.image[count + round(10 * both.fps) :][:count]
    np.testing.assert_allclose(again, recording.image, rtol=1e-4, atol=1e-3)


def test_every_clip_is_in_one_of_the_workouts():
    cases = [case("squats", reps) for reps in (1, 2, 3, 4, 5, 6, 7)]
    workouts = list(strung_workouts(cases))
    assert [len(one.sets) for one in workouts] == [6, 1]
    assert sorted(one.reps for workout in workouts for one in workout.sets) == [1, 2, 3, 4, 5, 6, 7]
