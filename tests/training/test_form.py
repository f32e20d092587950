"""The training of what form faults look like: data, a small run, and the report."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
pytest.importorskip("tensorflow", reason="training needs TensorFlow")

from deepfit_nb.coaching.impression import FEATURES, Impression
from deepfit_nb.errors import MediaError
from deepfit_nb.recognition.classes import EXERCISES
from deepfit_nb.resources import resource
from deepfit_nb.training.form import Plan, cross_validated, fit, report, train_form, truth
from deepfit_nb.training.form_data import FormData, collect, synthetic_brief_sets
from deepfit_nb.training.norms import FAULTS, in_turn

SMALL = Plan(members=1, hidden=(16,), epochs=6, folds=2)
BRIEF = replace(SMALL, epochs=1)


@pytest.fixture(scope="module")
def shipped() -> FormData:
    return FormData.load(resource("assets", "form", "reps.npz"))


def some(shipped: FormData, *exercises: str) -> FormData:
    return shipped.of(np.isin(shipped.exercise, exercises))


def test_sets_in_turn_show_each_exercise_correct_and_each_fault() -> None:
    kinds = [in_turn(index) for index in range(2 * len(FAULTS))]
    assert set(kinds[::2]) == {(name, None) for name in EXERCISES}
    assert kinds[1::2] == list(FAULTS)


def test_the_shipped_reps_are_of_all_kinds(shipped: FormData) -> None:
    for rendered in (True, False):
        part = shipped.of(shipped.rendered == rendered)
        assert set(zip(part.exercise, part.fault, strict=True)) == {*FAULTS, *((name, "") for name in EXERCISES)}


def test_reps_are_collected_with_what_is_known_of_them() -> None:
    data = collect(synthetic_brief_sets(4, seed=3), rendered=False)
    assert set(zip(data.exercise, data.fault, strict=True)) == {
        (exercise, fault or "") for exercise, fault in map(in_turn, range(4))
    }
    assert data.x.shape == (len(data.clip), FEATURES)
    assert not data.rendered.any()
    assert 4 <= len(data.x) <= 12  # two or three reps of each set
    again = collect(synthetic_brief_sets(1, seed=3), rendered=False)
    np.testing.assert_array_equal(again.x, data.x[: len(again.x)])


def test_no_reps_are_an_error() -> None:
    with pytest.raises(MediaError, match="deepfit render --brief"):
        collect([], rendered=True)


def test_only_the_faults_of_its_exercise_are_asked_of_a_rep() -> None:
    data = FormData(
        np.zeros((2, FEATURES)), np.array(["situps", "situps"]), np.array(["short_range", ""]),
        np.array(["a", "b"]), np.array([True, True]),
    )  # fmt: skip
    asked = truth(data)
    place = list(FAULTS).index(("situps", "short_range"))
    assert asked[:, place].tolist() == [1, 0]
    assert (np.delete(asked, place, axis=1) == -1).all()


def test_even_a_short_run_knows_a_piked_push_up(shipped: FormData) -> None:
    data = some(shipped, "pushups")
    odds = cross_validated(data, SMALL)
    place = list(FAULTS).index(("pushups", "hip_pike"))
    known = data.rendered & np.isin(data.fault, ["hip_pike", ""])
    has = data.fault[known] == "hip_pike"
    right = (odds[known, place] > 0) == has
    assert right[has].mean() > 0.7
    assert right[~has].mean() > 0.7
    assert "| pushups | hip_pike |" in report(data, odds)
    assert np.isnan(odds[~data.rendered]).all()


def test_the_same_seed_gives_the_same_network(shipped: FormData) -> None:
    data = some(shipped, "situps")
    one, again = (fit(data, BRIEF)("situps", data.x[0])["short_range"] for _ in range(2))
    assert one == pytest.approx(again, abs=1e-3)


def test_a_model_is_written_and_reported_on(shipped: FormData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "assets").mkdir()
    some(shipped, "squats").save(tmp_path / "assets" / "reps.npz")
    monkeypatch.setattr("deepfit_nb.training.form.resource", lambda *_: tmp_path / "assets" / "reps.npz")
    table = train_form(tmp_path, plan=SMALL)
    asked = {row.split(" | ")[1]: row.endswith("| yes |") for row in table.splitlines() if row.startswith("| squats")}
    assert set(asked) == {"shallow_depth", "trunk_lean", "knee_valgus"}
    used = {fault for fault, said in asked.items() if said}
    assert used >= {"shallow_depth", "trunk_lean"}
    assert set(Impression.load(tmp_path / "form.npz")("squats", np.zeros(FEATURES))) == used


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not a zip"])
def test_a_file_that_is_no_data_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "reps.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MediaError, match=r"reps\.npz.*assets/form"):
        FormData.load(path)


def test_data_of_other_features_is_refused(tmp_path: Path) -> None:
    FormData(*(np.zeros((1, 5)), *(np.array(["a"]),) * 3, np.array([True]))).save(tmp_path / "reps.npz")
    with pytest.raises(MediaError, match="features"):
        FormData.load(tmp_path / "reps.npz")
