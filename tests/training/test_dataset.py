import json
from pathlib import Path

import numpy as np
import pytest

from deepfit_nb.recognition.classes import CLASSES, NON_ACTIVITY
from deepfit_nb.training.dataset import (
    rendered_frames,
    rendered_windows,
    synthetic_frames,
    synthetic_windows,
    window_labels,
    windows_of,
)
from deepfit_nb.training.render.clips import truth_of
from deepfit_nb.training.synthesis import make_recording

IDLE = CLASSES.index(NON_ACTIVITY)


def test_labels_are_withheld_where_two_answers_are_right() -> None:
    _, truth = make_recording("squats", reps=4, lead_s=2, tail_s=3)
    (done,) = truth.sets
    at = {"long before": -1.0, "just begun": 0.3, "under way": 2.0}
    labels = window_labels(truth.sets, np.array([done.start_s + offset for offset in at.values()]))
    assert labels.tolist() == [IDLE, -1, CLASSES.index("squats")]
    assert window_labels(truth.sets, np.array([done.end_s + 1.0, done.end_s + 2.0])).tolist() == [-1, IDLE]


def test_a_set_that_stands_still_has_no_label() -> None:
    recording, truth = make_recording("squats", reps=4)
    (done,) = truth.sets
    rng = np.random.default_rng(0)
    moving = windows_of(recording, truth.sets, truth.phase, rng, every_s=0.2)
    frozen = windows_of(recording, truth.sets, np.full_like(truth.phase, 0.5), rng, every_s=0.2)
    assert (moving.y == CLASSES.index("squats")).sum() > (done.end_s - done.start_s - 1.5) / 0.2
    assert set(frozen.y.tolist()) <= {IDLE}
    goes_on = windows_of(recording, truth.sets, np.full_like(truth.phase, 0.5), rng, every_s=0.2, least_moved=0.0)
    assert (goes_on.y == CLASSES.index("squats")).sum() == pytest.approx((moving.y != IDLE).sum(), rel=0.15)


def test_windows_are_seeded_and_hold_every_class() -> None:
    data = synthetic_windows(900, seed=3)
    assert set(data.y.tolist()) == set(range(len(CLASSES)))
    assert np.isfinite(data.x).all()
    assert np.abs(data.x).max() <= 4
    again = synthetic_windows(900, seed=3)
    np.testing.assert_array_equal(data.x, again.x)
    assert 0.15 < (data.y == IDLE).mean() < 0.55


def test_frames_are_seeded_and_normalised() -> None:
    x, y = synthetic_frames(400, seed=5)
    assert x.shape == (len(y), 36)
    assert set(y.tolist()) <= set(range(10))
    np.testing.assert_allclose(x[:, :18].mean(1), 0, atol=1e-5)
    np.testing.assert_array_equal(x, synthetic_frames(400, seed=5)[0])


def test_rendered_clips_give_windows_and_frames_of_what_they_show(tmp_path: Path) -> None:
    recording, truth = make_recording("lunges", reps=3, lead_s=4, tail_s=4)
    recording.save(tmp_path / "lunges__0-0000.npz")
    (tmp_path / "lunges__0-0000.json").write_text(json.dumps(truth_of("lunges", truth, recording.fps)))
    paths = [tmp_path / "lunges__0-0000.npz"]
    data = rendered_windows(paths, seed=0)
    assert set(data.y.tolist()) == {CLASSES.index("lunges"), IDLE}
    # Three times: as it is, faster and slower, a window each 0.3 s.
    assert 2 * recording.time_s[-1] / 0.3 < len(data) < 4 * recording.time_s[-1] / 0.3
    vectors, labels = rendered_frames(paths)
    assert set(labels.tolist()) == {CLASSES.index("lunges")}
    during = np.flatnonzero(truth.label != IDLE)
    assert len(vectors) == len(during[recording.ok[during]][::3])
