import numpy as np
import pytest

from deepfit_nb.recognition import NON_ACTIVITY, FrameClassifier, TimeVote, VotingRecogniser
from deepfit_nb.training.synthesis import make_recording

A, B = np.array([1.0, 0.0]), np.array([0.0, 1.0])


@pytest.mark.parametrize("fps", [8, 30, 60])
def test_the_vote_takes_the_same_time_at_any_rate(fps: int) -> None:
    """Two seconds of A, then B: the majority turns when B has lasted half the span."""
    vote = TimeVote(2, span_s=2.0)
    turned = None
    for frame in range(4 * fps):
        time_s = frame / fps
        mean = vote.update(time_s, A if time_s < 2 else B)
        if turned is None and mean[1] > 0.5:
            turned = time_s
    assert turned == pytest.approx(3.0, abs=0.2)


def test_a_single_odd_frame_changes_nothing() -> None:
    vote = TimeVote(2)
    for frame in range(30):
        mean = vote.update(frame / 30, B if frame == 15 else A)
    assert mean.argmax() == 0


def test_no_ballot_no_opinion() -> None:
    vote = TimeVote(2, span_s=1.0)
    assert not vote.update(0.0, None).any()
    vote.update(0.1, A)
    assert vote.update(0.5, None)[0] == 1
    assert not vote.update(2.0, None).any()


def test_reset_forgets() -> None:
    vote = TimeVote(2)
    vote.update(0.0, A)
    vote.reset()
    assert vote.update(0.0, B)[1] == 1


def test_a_recogniser_of_single_frames() -> None:
    recogniser = VotingRecogniser(FrameClassifier())
    assert recogniser.update(0.0, None).label == NON_ACTIVITY
    recording, truth = make_recording("pushups", reps=4)
    said = [recogniser.update(time_s + 1, pose).label for time_s, pose in recording]
    middle = (truth.rep >= 1) & (truth.rep <= 2)
    assert np.mean(np.array(said)[middle] == "pushups") > 0.8
