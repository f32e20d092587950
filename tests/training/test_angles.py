"""The angle estimator's training: small runs on part of the shipped data, and how that data is collected."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from deepfit_nb.errors import MediaError
from deepfit_nb.kinematics.estimator import JOINTS, AngleEstimator, features
from deepfit_nb.kinematics.general import limb_lengths_px
from deepfit_nb.pose import PoseRecording
from deepfit_nb.resources import resource
from deepfit_nb.training.angle_data import AngleData, collect
from deepfit_nb.training.angles import Plan, errors, fit, offsets, train_angles
from tests.factories import pose_of, squat

SMALL = Plan(members=2, variations=0, hidden=(16,), epochs=6, batch=128, folds=2)
BRIEF = replace(SMALL, members=1, epochs=1)


@pytest.fixture(scope="module")
def data() -> AngleData:
    """A fifth of the frames."""
    whole = AngleData.load(resource("assets", "angles", "rendered_angles.npz"))
    keep = slice(None, None, 5)
    return AngleData(
        whole.image[keep], whole.world[keep], whole.lengths[keep], whole.angles[keep], whole.clip[keep],
        whole.name, whole.exercise, whole.azimuth_deg,
    )  # fmt: skip


def test_even_a_short_run_learns_something(data: AngleData) -> None:
    _, flat, deep = features(*data.of(data.held_out).bodies())
    true = data.of(data.held_out).angles + offsets(data)
    miss, _ = errors(fit(data.of(~data.held_out), SMALL), data.of(data.held_out))
    assert np.abs(miss).mean() < 0.9 * np.abs((flat + deep) / 2 - true).mean()


def test_the_same_seed_gives_the_same_estimator(data: AngleData) -> None:
    some = data.of(np.arange(len(data.name)) < 8)
    one, again = (fit(some, BRIEF)(*some.bodies()) for _ in range(2))
    np.testing.assert_allclose(one, again, atol=1e-3)


def test_a_model_is_written_and_reported_on(data: AngleData, tmp_path: Path) -> None:
    table = train_angles(tmp_path, data, BRIEF)
    assert all(f"| {joint} | near |" in table for joint in JOINTS)
    assert AngleEstimator.load(tmp_path / "angles.npz").error_factor.shape == (4,)


def test_variations_are_other_bodies_in_the_same_pose(data: AngleData) -> None:
    varied = data.varied(np.random.default_rng(0))
    np.testing.assert_array_equal(varied.angles, data.angles)
    moved = np.abs(varied.image[..., :2] - data.image[..., :2])
    assert 0.02 < np.median(moved) < 0.15
    assert varied.image[..., 2].max() <= 1


def test_recordings_with_their_truth_are_collected(tmp_path: Path) -> None:
    frames = [(i / 25, pose_of(squat(0.5), i / 25, azimuth_deg=40)) for i in range(25)]
    PoseRecording.from_poses(frames, fps=25, size=frames[0][1].size).save(tmp_path / "squats-007.npz")
    angles = {f"{joint}_{side}": i for i, (joint, side) in enumerate((j, s) for s in "lr" for j in JOINTS)}
    truth = {"exercise": "squats", "azimuth_deg": 40, "frames": [{"angles": angles}] * 25}
    (tmp_path / "squats-007.json").write_text(json.dumps(truth))
    found = collect(tmp_path, rate_hz=5)
    assert found.angles.tolist() == [[[0, 1, 2, 3], [4, 5, 6, 7]]] * 5
    assert found.held_out.tolist() == [True]
    pose = frames[0][1]
    image, world, lengths = found.bodies()
    ours = features(image, world, lengths)[0][0]
    pixels = limb_lengths_px(pose.image, pose.world)
    np.testing.assert_allclose(lengths[0] * pixels[0], pixels)
    np.testing.assert_allclose(ours, features(pose.image, pose.world, pixels)[0], atol=1e-3)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no pose recordings"):
        collect(tmp_path)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"nothing")
    with pytest.raises(MediaError, match="not a file of joint angles"):
        AngleData.load(tmp_path / "x.npz")
