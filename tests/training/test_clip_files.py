"""Clips, and the truth beside them, as people leave them in a folder."""

import json
import math
from pathlib import Path

import pytest

from deepfit_nb.errors import MediaError
from deepfit_nb.training.clip_files import load_recording, media_in, read_truth
from deepfit_nb.training.coaching_cases import KnownSet, clip_cases
from deepfit_nb.training.outputs import prepare_file, prepare_folder
from tests.factories import cosine, edges, film, squat
from tests.test_analyze import recording

EDGES = tuple(edges(2).tolist())


def test_suffixes_may_be_in_capitals_and_a_recording_goes_before_its_video(tmp_path: Path) -> None:
    for name in ("b.MP4", "a.NPZ", "a.mp4", "c.npz.txt", "d.json"):
        (tmp_path / name).touch()
    (tmp_path / "folder.npz").mkdir()
    assert {stem: path.name for stem, path in media_in(tmp_path).items()} == {"a": "a.NPZ", "b": "b.MP4"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="nowhere: is no folder"):
        media_in(tmp_path / "nowhere")


def test_a_recording_without_frames_is_refused(tmp_path: Path) -> None:
    recording(0).save(tmp_path / "squats.npz")
    with pytest.raises(MediaError, match=r"squats\.npz: holds no frames"):
        load_recording(tmp_path / "squats.npz")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Invalid JSON"),
        ("", "Invalid JSON"),
        ("[]", "object"),
        ('{"exercise": "yoga"}', "exercise: .*unknown activity 'yoga'"),
        ('{"exercise": "squats", "reps": "many"}', "reps: "),
        ('{"exercise": "squats", "reps": -1}', "reps: "),
        ('{"rep_edges_s": [1, 3, 2]}', "rep_edges_s: .*must increase"),
        ('{"rep_edges_s": [1, NaN]}', "rep_edges_s.1: "),
        ('{"rep_edges_s": {"first": 1}}', "rep_edges_s: "),
        ('{"reps": 3, "rep_edges_s": [1, 2, 3]}', "3 reps have 4 rep_edges_s, not 3"),
        ('{"azimuth_deg": "left"}', "azimuth_deg: "),
        ('{"frames": [{"angles": 3}]}', "frames.0.angles: "),
        ('{"sets": [{"reps": 3}]}', "sets.0.exercise: "),
    ],
)
def test_what_is_wrong_with_a_truth_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "squats.json"
    path.write_text(text)
    with pytest.raises(MediaError, match=f"squats.json: .*{message}"):
        read_truth(path)


def test_a_truth_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "squats.json"
    path.write_bytes('{"exercise": "squats"}'.encode("utf-16"))
    with pytest.raises(MediaError, match=r"squats\.json: Invalid JSON"):
        read_truth(path)


@pytest.mark.parametrize(
    ("name", "truth", "sets"),
    [
        ("mine", {"exercise": "squats", "rep_edges_s": EDGES}, (KnownSet("squats", 2, EDGES),)),
        ("squats__me", {"rep_edges_s": EDGES}, (KnownSet("squats", 2, EDGES),)),
        ("mine", {"exercise": "squats", "reps": 2}, (KnownSet("squats", 2),)),
        (
            "mine",
            {"exercise": "squats", "reps": 2, "rep_edges_s": EDGES, "fault": "trunk_lean"},
            (KnownSet("squats", 2, EDGES, "trunk_lean"),),
        ),
        ("mine", {"exercise": "squats", "reps": 0}, ()),
        ("mine", {"exercise": "non_activity"}, ()),
        ("mine", {"sets": [{"exercise": "squats", "rep_edges_s": EDGES}]}, (KnownSet("squats", 2, EDGES),)),
        ("mine", {"sets": []}, ()),
    ],
)
def test_what_a_truth_may_leave_out(tmp_path: Path, name: str, truth: dict, sets: tuple[KnownSet, ...]) -> None:
    film(squat, *cosine(2)).save(tmp_path / f"{name}.npz")
    (tmp_path / f"{name}.json").write_text(json.dumps(truth))
    (read,) = clip_cases(tmp_path)
    assert read.sets == sets
    assert math.isnan(read.azimuth_deg)


@pytest.mark.parametrize(
    ("truth", "message"),
    [
        ({"rep_edges_s": EDGES}, "exercise: is missing"),
        ({"exercise": "squats"}, "reps: is missing"),
        ({"sets": [{"exercise": "non_activity", "reps": 3}]}, "exercise: a set of non_activity"),
    ],
)
def test_what_it_may_not(tmp_path: Path, truth: dict, message: str) -> None:
    film(squat, *cosine(2)).save(tmp_path / "mine.npz")
    (tmp_path / "mine.json").write_text(json.dumps(truth))
    with pytest.raises(MediaError, match=f"mine.json: {message}"):
        list(clip_cases(tmp_path))


def test_the_folder_of_results_is_made(tmp_path: Path) -> None:
    prepare_file(tmp_path / "new" / "figures.json")
    assert list((tmp_path / "new").iterdir()) == []


def test_results_that_could_not_be_written_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MediaError, match="file: cannot be made a folder"):
        prepare_folder(tmp_path / "file")
    with pytest.raises(MediaError, match="file: cannot be made a folder"):
        prepare_file(tmp_path / "file" / "figures.json")
    with pytest.raises(MediaError, match="is a folder; name a file"):
        prepare_file(tmp_path)
