"""What the coach says when it follows one of several people."""

from __future__ import annotations

from deepfit_nb.coaching import Coach
from deepfit_nb.training.synthesis import make_recording


def test_others_in_view_are_mentioned_and_nothing_else_changes() -> None:
    recording, _ = make_recording("squats", reps=2, seed=5)
    alone, crowd = Coach("squats"), Coach("squats")
    hints = []
    for time_s, pose in recording:
        assert alone.update(pose, time_s=time_s).framing is None
        hints.append(crowd.update(pose, time_s=time_s, people=2).framing)
    assert hints[0] is None
    assert hints[-1] is not None
    assert (hints[-1].id, hints[-1].severity) == ("others_in_view", "info")
    assert [one.count for one in crowd.finish()] == [one.count for one in alone.finish()] == [2]


def test_what_is_missing_matters_more_than_others() -> None:
    coach = Coach("squats")
    for time_s in (0.1, 0.5, 1.0):
        framing = coach.update(None, time_s=time_s, people=2).framing
    assert framing is not None
    assert framing.id == "nobody"
