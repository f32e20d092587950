import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

pytest.importorskip("sklearn", reason="the k-NN baseline needs scikit-learn")

from deepfit_nb.errors import MediaError
from deepfit_nb.pose import PoseRecording
from deepfit_nb.recognition import SequenceRecogniser
from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.training import evaluate as module
from deepfit_nb.training.clips import Clip, find_clips
from deepfit_nb.training.evaluate import ANALYSED, METHODS, evaluate
from deepfit_nb.training.knn import NearestNeighbours, embedding
from deepfit_nb.training.script import Activity
from deepfit_nb.training.synthesis import make_activities, make_recording


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two clips: squats with their truth beside them, and somebody standing about."""
    clips = tmp_path / "clips"
    clips.mkdir()
    recording, truth = make_recording("squats", reps=3)
    recording.save(clips / "squats__me.npz")
    (clips / "squats__me.json").write_text(json.dumps({"exercise": "squats", "rep_edges_s": truth.sets[0].rep_edges_s}))
    make_activities([Activity("standing", duration_s=4)])[0].save(clips / "non_activity__me.npz")
    return clips


def blank(duration_s: float) -> PoseRecording:
    times = np.arange(0, duration_s, 0.1)
    nobody = np.zeros(len(times), bool)
    shape = (len(times), 33)
    return PoseRecording(
        np.full((*shape, 4), np.nan, np.float32),
        np.full((*shape, 3), np.nan, np.float32),
        nobody,
        times,
        10.0,
        (64, 48),
    )


@pytest.mark.parametrize(
    ("duration_s", "edges_s", "first_s", "last_s"),
    [(8, None, 2.0, 7.9), (8, (1.0, 6.0), 3.0, 6.0), (1.05, None, 0.6, 1.0)],
)
def test_which_frames_count(
    duration_s: float, edges_s: tuple[float, float] | None, first_s: float, last_s: float
) -> None:
    clip = Clip("squats", "squats", blank(duration_s), edges_s)
    counted = clip.recording.time_s[clip.scored]
    assert (counted[0], counted[-1]) == pytest.approx((first_s, last_s), abs=0.06)


@pytest.mark.parametrize(
    ("named_s", "edges_s", "after_s"),
    [(2.5, (1.0, 6.0), 1.5), (0.0, (1.0, 6.0), 0.0), (7.0, (1.0, 6.0), np.nan), (2.5, None, np.nan)],
)
def test_how_long_it_took_to_name_the_exercise(
    named_s: float, edges_s: tuple[float, float] | None, after_s: float
) -> None:
    clip = Clip("squats", "squats", blank(8), edges_s)
    labels = np.where(clip.recording.time_s >= named_s - 1e-6, "squats", "non_activity")
    assert module._named_after(clip, labels) == pytest.approx(after_s, nan_ok=True)


def test_all_methods_on_the_same_clips(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NearestNeighbours", partial(NearestNeighbours, frames=600))
    console = Console(record=True, width=160)
    figures = evaluate([folder], console, out=tmp_path / "figures.json")
    assert json.loads((tmp_path / "figures.json").read_text()) == figures
    clips = figures["clips"]
    assert set(clips["mean"]) == {*METHODS, ANALYSED}
    assert clips["mean"]["sequence"] > 0.95
    assert clips["mean"][ANALYSED] >= clips["mean"]["sequence"]
    assert clips["idle"] == {"sequence": 1.0, "frame": 0.0, "vote": 0.0, "k-NN": 0.0, ANALYSED: 1.0}
    assert np.array(clips["confusion"]).shape == (len(CLASSES), len(CLASSES))
    text = console.export_text()
    assert "squats__me" in text
    assert "95 % interval" in text


def test_a_folder_without_clips_is_named(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="squats__me"):
        list(find_clips(tmp_path))


def test_what_is_wrong_with_a_folder_is_said_before_any_clip_is_looked_at(folder: Path, tmp_path: Path) -> None:
    (folder / "squats__me.json").write_text("{")
    with pytest.raises(MediaError, match=r"squats__me\.json: Invalid JSON"):
        find_clips(folder)
    with pytest.raises(MediaError, match="nowhere"):
        find_clips(tmp_path / "nowhere")


@pytest.fixture
def one_method(monkeypatch: pytest.MonkeyPatch) -> Console:
    """Only the sequence classifier, for speed."""
    monkeypatch.setattr(module, "make_recognisers", lambda models: {"sequence": SequenceRecogniser()})
    return Console(record=True, width=160)


def test_folders_of_one_name_are_both_scored(tmp_path: Path, one_method: Console) -> None:
    folders = [tmp_path / "ada" / "clips", tmp_path / "bob" / "clips", tmp_path / "alone"]
    for folder, name in zip(folders, ("squats__a", "lunges__b", "situps__c"), strict=True):
        folder.mkdir(parents=True)
        blank(3).save(folder / f"{name}.npz")
    figures = evaluate([*folders, tmp_path / "alone" / ".." / "alone"], one_method)
    assert {title: [clip["clip"] for clip in figures[title]["clips"]] for title in figures} == {
        str(folders[0]): ["squats__a"],
        str(folders[1]): ["lunges__b"],
        "alone": ["situps__c"],
    }


def test_clips_of_which_no_frame_counts_are_named_and_left_out(folder: Path, one_method: Console) -> None:
    blank(0).save(folder / "squats__empty.npz")
    shutil.copy(folder / "squats__me.npz", folder / "squats__brief.npz")
    (folder / "squats__brief.json").write_text(json.dumps({"rep_edges_s": [1.0, 2.5]}))
    clips = evaluate([folder], one_method)["clips"]["clips"]
    assert [clip["clip"] for clip in clips] == ["non_activity__me", "squats__me"]
    assert "left out squats__brief, squats__empty" in one_method.export_text()
    for name in ("non_activity__me", "squats__me"):
        (folder / f"{name}.npz").unlink()
    with pytest.raises(MediaError, match="no clip is left"):
        evaluate([folder], one_method)


def test_the_embedding_does_not_depend_on_where_the_body_is() -> None:
    vector = np.random.default_rng(0).normal(size=36)
    np.testing.assert_allclose(embedding(vector), embedding(vector + 0.3), atol=1e-12)
