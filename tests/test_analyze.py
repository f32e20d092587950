"""`deepfit analyze`, from the command line to the files that it leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from types import SimpleNamespace

import cv2
import numpy as np
import polars as pl
import pytest

from deepfit_nb.capture.analyze import analyze
from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.errors import ExerciseError
from deepfit_nb.pose import PoseRecording
from deepfit_nb.storage.folder import DATA_VARIABLE
from deepfit_nb.storage.taught import TaughtExercises
from tests.capture.clips import first_seconds
from tests.factories import cosine, curl, exchanged, film, pose_of, squat

CLIPS = ("squats", "pushups", "jumping_jacks", "situps", "bicep_curls")


def deepfit(*arguments, **options):
    command = [sys.executable, "-m", "deepfit_nb.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, **options)


def truth(repository, clip):
    return json.loads((repository / "assets" / f"{clip}.json").read_text())


def empty_room(path, frames=25):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25, (320, 240))
    for _ in range(frames):
        writer.write(np.full((240, 320, 3), (200, 180, 160), np.uint8))
    writer.release()
    return path


def recording(frames, *, fps=25.0, seen=True):
    value = 0.5 if seen else np.nan
    return PoseRecording(
        np.full((frames, 33, 4), value, np.float32), np.full((frames, 33, 3), value, np.float32),
        np.full(frames, True), np.arange(frames) / fps, fps, (640, 480),
    )  # fmt: skip


def test_the_recording_holds_the_bodies_as_they_were_found(tmp_path):
    """Although the coach puts left and right back where the detector has exchanged them for a while."""
    bodies = [pose_of(curl(frame / 40, 0.0), frame / 25) for frame in range(40)]
    found = [exchanged(body) if 20 <= frame < 35 else body for frame, body in enumerate(bodies)]
    seen = PoseRecording.from_poses([(pose.time_s, pose) for pose in found], fps=25.0, size=found[0].size)
    seen.save(tmp_path / "curl.npz")
    done = analyze(tmp_path / "curl.npz", exercise="bicep_curls")
    np.testing.assert_array_equal(done.recording.image, seen.image)
    np.testing.assert_array_equal([report.pose.image for report in done.reports], [body.image for body in bodies])


def test_a_recording_is_never_written_over_by_itself(tmp_path):
    seen = film(curl, *cosine(2))
    np.savez(tmp_path / "curl.npz", **vars(seen), truth=np.arange(5))
    before = (tmp_path / "curl.npz").read_bytes()
    analyze(tmp_path / "curl.npz", exercise="bicep_curls").save(tmp_path, "curl", recording=True)
    assert (tmp_path / "curl.npz").read_bytes() == before
    assert (tmp_path / "curl.session.json").exists()


def test_a_clip_lasts_from_its_first_frame_to_the_end_of_its_last(tmp_path):
    late = replace(recording(20), time_s=100 + np.arange(20) / 25)
    late.save(tmp_path / "late.npz")
    assert analyze(tmp_path / "late.npz", exercise="squats").session.duration_s == pytest.approx(0.8)


def test_a_taught_exercise_can_be_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    squats = builtin_exercises()["squats"]
    TaughtExercises().save(squats.model_copy(update={"name": "sit_down", "title": "Sit down"}))
    film(squat, *cosine(3)).save(tmp_path / "sit_down.npz")
    (found,) = analyze(tmp_path / "sit_down.npz", exercise="sit_down").sets
    assert (found.exercise, found.count) == ("sit_down", 3)
    with pytest.raises(ExerciseError, match=r"unknown exercise 'yoga'; choose one of .*squats.*, sit_down"):
        analyze(tmp_path / "sit_down.npz", exercise="yoga")


@pytest.mark.parametrize("exercise", [None, "squats", "lunges"])
def test_poses_coached_anew_give_what_an_analysis_of_their_source_gives(tmp_path, monkeypatch, exercise):
    film(squat, *cosine(3)).save(tmp_path / "set.npz")
    fresh, first = (analyze(tmp_path / "set.npz", exercise=name) for name in (exercise, "pushups"))
    monkeypatch.setattr(PoseRecording, "load", pytest.fail)
    anew = first.coached_as(exercise)
    assert anew.session == fresh.session
    assert anew.warnings == fresh.warnings
    assert [report.rep for report in anew.reports] == [report.rep for report in fresh.reports]
    np.testing.assert_array_equal(anew.angles, fresh.angles)


def test_another_exercise_than_the_given_one_is_warned_of(tmp_path):
    film(squat, *cosine(3)).save(tmp_path / "set.npz")
    (warning,) = analyze(tmp_path / "set.npz", exercise="pushups").warnings
    assert "looks like squats, but was analysed as push-ups" in warning
    assert not analyze(tmp_path / "set.npz", exercise="squats").warnings


@pytest.mark.parametrize(
    ("fps", "exercise", "warned"),
    [(1.5, None, "1.5 frames a second are too few"), (1.5, "squats", None), (3.2, None, None), (25, None, None)],
)
def test_too_few_frames_to_recognise_an_exercise_by_are_warned_of(tmp_path, fps, exercise, warned):
    film(squat, *cosine(3, fps=fps)).save(tmp_path / "slow.npz")
    done = analyze(tmp_path / "slow.npz", exercise=exercise)
    assert [warned in warning for warning in done.warnings] == ([True] if warned else [])
    assert bool(done.sets) == (warned is None)
    assert all("say which exercise it is" in warning for warning in done.warnings)


@pytest.mark.parametrize(("frames", "seen"), [(1, True), (5, False)])
def test_of_one_frame_or_of_nobody_no_rate_is_complained_of(tmp_path, frames, seen):
    recording(frames, fps=1.0, seen=seen).save(tmp_path / "still.npz")
    assert analyze(tmp_path / "still.npz").warnings == ()


@pytest.fixture
def squats_npz(tmp_path):
    """A recording that can be analysed, where it does not matter of whom: the demo clips take long."""
    (tmp_path / "good").mkdir()
    film(squat, *cosine(2)).save(tmp_path / "good" / "squats.npz")
    return tmp_path / "good" / "squats.npz"


@pytest.fixture(scope="module")
def analysed(repository, tmp_path_factory):
    """The folder with the results of all demo clips, and how the run ended."""
    out = tmp_path_factory.mktemp("analysed")
    clips = [repository / "assets" / f"{clip}.mp4" for clip in CLIPS]
    return deepfit("analyze", *clips, "--out", out, "--save-recording"), out


@pytest.mark.parametrize("clip", CLIPS)
def test_the_exercise_is_found_and_its_reps_counted_exactly(repository, analysed, clip):
    run, out = analysed
    assert run.returncode == 0, run.stderr
    session, true = json.loads((out / f"{clip}.session.json").read_text()), truth(repository, clip)
    assert session["source"] == f"{clip}.mp4"
    assert session["frames"] == session["detected"] == len(true["frames"])
    assert session["duration_s"] == pytest.approx(len(true["frames"]) / true["fps"], abs=0.01)
    (found,) = session["sets"]
    assert found["exercise"] == clip
    assert sum(not rep["partial"] for rep in found["reps"]) == true["reps"]
    starts = [rep["start_s"] for rep in found["reps"] if not rep["partial"]]
    np.testing.assert_allclose(starts, true["rep_edges_s"][:-1], atol=0.35)
    assert session["provenance"]["mediapipe"] == version("mediapipe")
    assert {len(session["provenance"][name]) for name in ("pose_model_sha256", "classifier_sha256")} == {64}


@pytest.mark.parametrize("clip", CLIPS)
def test_the_frames_table_agrees_with_the_truth_of_the_clip(repository, analysed, clip):
    _, out = analysed
    table, true = pl.read_parquet(out / f"{clip}.frames.parquet"), truth(repository, clip)
    assert len(table) == len(true["frames"])
    np.testing.assert_allclose(table["time_s"], np.arange(len(table)) / true["fps"], atol=1e-3)
    rep = np.array([frame["rep"] + 1 for frame in true["frames"]])
    assert (table["rep"].fill_null(0).to_numpy() == rep).mean() > 0.85
    assert table.filter(pl.col("rep").is_not_null())["exercise"].unique().to_list() == [clip]


def test_the_knee_of_the_squat_is_measured(repository, analysed):
    table = pl.read_parquet(analysed[1] / "squats.frames.parquet")
    knee = np.array([frame["angles"]["knee_l"] for frame in truth(repository, "squats")["frames"]])
    error = table["knee_left_deg"].to_numpy() - knee
    assert np.median(np.abs(error - np.median(error))) < 7  # the rig's joint is not MediaPipe's, hence the offset


def test_a_recording_gives_the_session_that_its_video_gave(analysed, tmp_path):
    _, out = analysed
    run = deepfit("analyze", out / "squats.npz", "--out", tmp_path)
    assert run.returncode == 0, run.stderr
    video, replayed = (json.loads((folder / "squats.session.json").read_text()) for folder in (out, tmp_path))
    assert replayed["sets"] == video["sets"]
    assert replayed["source"] == "squats.npz"
    assert replayed["provenance"]["pose_model_sha256"] is None


def test_tensorflow_is_not_imported_also_where_it_is_installed(repository, tmp_path):
    squat = first_seconds(repository / "assets" / "squats.mp4", tmp_path / "squat.mp4", seconds=2)
    code = (
        "import sys\nfrom deepfit_nb.cli import app\n"
        f"app(['analyze', {str(squat)!r}, '--out', {str(tmp_path)!r}], "
        "standalone_mode=False)\n"
        "sys.exit('tensorflow' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert json.loads((tmp_path / "squat.session.json").read_text())["detected"] == 50


def test_bad_sources_are_named_and_the_good_ones_analysed(squats_npz, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "empty").mkdir(parents=True)
    (folder / "text.mp4").write_text("this is not a video")
    (folder / "zero.mp4").touch()
    (folder / "cut.mp4").write_bytes(empty_room(folder / "room.mp4").read_bytes()[:2000])
    (folder / "broken.npz").write_bytes(b"PK\3\4 and then nothing")
    recording(50, seen=False).save(folder / "nan.npz")
    recording(0).save(folder / "noframes.npz")
    run = deepfit("analyze", folder, folder / "empty", folder / "nowhere.mp4", squats_npz, "--out", out)
    assert run.returncode == 1
    for name, complaint in {
        "text.mp4": "not a video that can be decoded",
        "zero.mp4": "the file is empty",
        "cut.mp4": "not a video that can be decoded",
        "broken.npz": "not a readable pose recording",
        "room.mp4": "nobody was seen in any of its 25 frames (detected 0). Film so",
        "nan.npz": "nobody was seen in any of its 50 frames",
        "noframes.npz": "holds no frames",
        "nowhere.mp4": "no such file",
        "empty": "holds no video",
    }.items():
        (line,) = [line for line in run.stderr.splitlines() if f"{name}: " in line]
        assert complaint in line
    assert "Traceback" not in run.stderr
    assert json.loads((out / "room.session.json").read_text())["detected"] == 0
    assert sorted(path.name for path in out.glob("*.session.json")) == [
        "nan.session.json", "room.session.json", "squats.session.json",
    ]  # fmt: skip


def test_a_video_cut_in_its_middle_is_analysed_as_far_as_it_goes(tmp_path):
    writer = cv2.VideoWriter(str(tmp_path / "whole.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 25, (320, 240))
    for _ in range(60):
        writer.write(np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8))
    writer.release()
    data = (tmp_path / "whole.avi").read_bytes()
    (tmp_path / "cut.avi").write_bytes(data[: len(data) // 2])
    result = analyze(tmp_path / "cut.avi")
    assert 20 < len(result.reports) < 40
    (warning,) = result.warnings
    assert f"cut.avi: only the first {len(result.reports) / 25:.1f} of 2.4 s could be decoded" in warning


def test_an_unknown_exercise_is_refused_before_anything_is_done(squats_npz, tmp_path):
    run = deepfit("analyze", squats_npz, "--out", tmp_path / "out", "--exercise", "yoga")
    assert run.returncode == 1
    assert "unknown exercise 'yoga'" in run.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_out_that_is_a_file_is_refused(squats_npz, tmp_path):
    (tmp_path / "out").touch()
    run = deepfit("analyze", squats_npz, "--out", tmp_path / "out")
    assert run.returncode == 1
    assert "choose another folder with --out" in run.stderr


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_run_that_is_killed_leaves_no_half_files(tmp_path):
    for index in range(20):
        recording(500).save(tmp_path / f"{index}.npz")
    command = [sys.executable, "-m", "deepfit_nb.cli", "analyze", str(tmp_path), "--out", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("*.session.json")) and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    whole = list(tmp_path.glob("*.session.json"))
    assert 0 < len(whole) < 20
    for path in whole:
        json.loads(path.read_text())
        pl.read_parquet(path.with_name(path.name.replace("session.json", "frames.parquet")))


def test_a_detector_is_not_closed_while_it_looks_at_a_frame(monkeypatch, repository):
    """MediaPipe's would take the process with it."""
    events = []

    class SlowDetector:
        bundle = SimpleNamespace(sha256="")

        def __init__(self, **_): ...

        def __enter__(self):
            return self

        def __exit__(self, *_):
            events.append("closed")

        def detect(self, rgb, time_s):
            events.append("begins")
            time.sleep(0.05)
            events.append("ends")

    def give_up(done, expected):
        raise KeyboardInterrupt

    monkeypatch.setattr("deepfit_nb.capture.opening.PoseDetector", SlowDetector)
    with pytest.raises(KeyboardInterrupt):
        analyze(repository / "assets" / "squats.mp4", exercise="squats", on_frame=give_up)
    assert events[-2:] == ["ends", "closed"]
    assert events.count("begins") == events.count("ends")
