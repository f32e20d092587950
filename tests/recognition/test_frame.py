import numpy as np
import pytest

from deepfit_nb.recognition import EXERCISES, FrameClassifier
from deepfit_nb.recognition.frame import pose_vector
from deepfit_nb.training.camera import View
from deepfit_nb.training.synthesis import EXACT, make_recording


@pytest.fixture(scope="module")
def classifier() -> FrameClassifier:
    return FrameClassifier()


def vector_at_peak(exercise: str) -> np.ndarray:
    recording, truth = make_recording(exercise, reps=1, detector=EXACT, view=View(azimuth_deg=40))
    frame = int(truth.phase.argmax())
    return next(pose_vector(pose) for index, (_, pose) in enumerate(recording) if index == frame and pose)


@pytest.mark.parametrize("exercise", ["situps", "pushups", "dumbbell_rows", "squats", "tricep_extensions"])
def test_the_peak_of_a_textbook_rep_is_known(classifier: FrameClassifier, exercise: str) -> None:
    assert classifier.predict(vector_at_peak(exercise)) == exercise


def test_ten_probabilities_that_sum_to_one(classifier: FrameClassifier) -> None:
    probabilities = classifier.probabilities(vector_at_peak("pushups"))
    assert probabilities.shape == (10,)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert EXERCISES[int(probabilities.argmax())] == "pushups"


def test_place_and_size_in_the_picture_do_not_matter(classifier: FrameClassifier) -> None:
    vector = vector_at_peak("lunges")
    moved = vector * 3 + np.repeat([300.0, -80.0], 18)
    np.testing.assert_allclose(classifier.probabilities(moved), classifier.probabilities(vector), atol=1e-4)


def test_an_absent_keypoint_is_no_disaster(classifier: FrameClassifier) -> None:
    vector = vector_at_peak("pushups")
    vector[[17, 35]] = np.nan  # left ear
    assert classifier.predict(vector) == "pushups"


def test_a_wrong_number_of_numbers_is_named(classifier: FrameClassifier) -> None:
    with pytest.raises(ValueError, match="36"):
        classifier.predict(np.zeros(34))
