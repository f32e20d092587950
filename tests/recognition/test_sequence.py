import numpy as np
import pytest

from deepfit_nb.pose import Pose, PoseRecording
from deepfit_nb.recognition import CLASSES, EXERCISES, NON_ACTIVITY, Recognition, SequenceClassifier, SequenceRecogniser
from deepfit_nb.training.camera import View
from deepfit_nb.training.script import Activity
from deepfit_nb.training.synthesis import make_activities, make_recording, make_workout


@pytest.fixture(scope="module")
def classifier() -> SequenceClassifier:
    return SequenceClassifier()


def stream(classifier: SequenceClassifier, recording: PoseRecording) -> list[Recognition]:
    recogniser = SequenceRecogniser(classifier)
    return [recogniser.update(time_s, pose) for time_s, pose in recording]


def labels(answers: list[Recognition]) -> np.ndarray:
    return np.array([answer.label for answer in answers])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_exercise_is_known_two_seconds_after_its_first_rep(classifier: SequenceClassifier, exercise: str) -> None:
    recording, truth = make_recording(exercise, reps=5, view=View(azimuth_deg=40))
    (done,) = truth.sets
    said = labels(stream(classifier, recording))
    during = (recording.time_s >= done.start_s + 2) & (recording.time_s <= done.end_s)
    assert (said[during] == exercise).mean() > 0.9


@pytest.mark.parametrize("fps", [8, 60])
def test_at_any_frame_rate(classifier: SequenceClassifier, fps: float) -> None:
    recording, truth = make_recording("squats", reps=4, fps=fps)
    said = labels(stream(classifier, recording))
    assert (said[(truth.label != CLASSES.index(NON_ACTIVITY)) & (recording.time_s > 3.5)] == "squats").all()


def test_holds_on_through_a_lost_second(classifier: SequenceClassifier) -> None:
    recording, truth = make_recording("bicep_curls", reps=6)
    frames = [(t, None if 6 <= t < 7 else pose) for t, pose in recording]
    recogniser = SequenceRecogniser(classifier)
    said = {t: recogniser.update(t, pose).label for t, pose in frames}
    during = [label for t, label in said.items() if 3.6 < t < truth.sets[0].end_s]
    assert np.mean([label == "bicep_curls" for label in during]) > 0.95


def test_switches_within_two_seconds(classifier: SequenceClassifier) -> None:
    recording, truth = make_workout(["squats", "lateral_shoulder_raises"], reps=4, rest_s=3)
    said = labels(stream(classifier, recording))
    for done in truth.sets:
        at = np.searchsorted(recording.time_s, done.start_s + 2)
        assert said[at] == done.exercise


@pytest.mark.parametrize(
    ("idle", "people"),
    [
        ("standing", 5),
        ("walking", 5),
        ("plank", 4),
        ("lying", 3),
        ("sitting", 4),
        ("hold:pushups", 4),
        ("hold:squats", 4),
    ],
)
def test_stillness_and_walking_are_no_exercise(classifier: SequenceClassifier, idle: str, people: int) -> None:
    """Of five people; who turns about on the floor may be taken to do sit-ups, who stays low in a squat to squat, who
    holds a plank to do push-ups."""
    recordings = [make_activities([Activity(idle, duration_s=8)], seed=seed)[0] for seed in range(5)]
    shares = [(labels(stream(classifier, recording)) == NON_ACTIVITY).mean() for recording in recordings]
    assert sum(share > 0.98 for share in shares) >= people


def test_an_empty_room_is_no_exercise(classifier: SequenceClassifier) -> None:
    recogniser = SequenceRecogniser(classifier)
    for frame in range(60):
        answer = recogniser.update(frame / 30, None)
        assert answer.label == NON_ACTIVITY
    assert answer.confidence == 1


def test_a_clock_that_goes_back_begins_a_new_stream(classifier: SequenceClassifier) -> None:
    squats, _ = make_recording("squats", reps=3)
    recogniser = SequenceRecogniser(classifier)
    first = [recogniser.update(time_s, pose).probabilities for time_s, pose in squats]
    again = [recogniser.update(time_s, pose).probabilities for time_s, pose in squats]
    np.testing.assert_array_equal(first, again)


def test_probabilities_sum_to_one_and_the_label_has_its_confidence(classifier: SequenceClassifier) -> None:
    recording, _ = make_recording("lunges", reps=2)
    for answer in stream(classifier, recording):
        assert answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert answer.confidence == pytest.approx(float(answer.probabilities[CLASSES.index(answer.label)]))


def test_a_mirrored_body_is_recognised_alike(classifier: SequenceClassifier) -> None:
    recording, _ = make_recording("dumbbell_rows", reps=4, view=View(azimuth_deg=60))
    same = labels(stream(classifier, recording)) == labels(stream(classifier, recording.mirrored()))
    assert same.mean() > 0.9


def test_less_than_a_moment_is_not_judged(classifier: SequenceClassifier) -> None:
    recording, _ = make_recording("jumping_jacks", reps=3, lead_s=0)
    early = [answer for answer, t in zip(stream(classifier, recording), recording.time_s, strict=True) if t < 0.4]
    assert {answer.label for answer in early} == {NON_ACTIVITY}


def test_a_pose_is_not_needed_to_start(classifier: SequenceClassifier) -> None:
    recording, _ = make_recording("squats", reps=3)
    recogniser = SequenceRecogniser(classifier)
    poses: list[tuple[float, Pose | None]] = [(index / 25, None) for index in range(50)]
    poses += [(t + 2, None if p is None else Pose(p.image, p.world, t + 2, p.size)) for t, p in recording]
    said = [recogniser.update(t, p).label for t, p in poses]
    assert said[-40] == "squats"
