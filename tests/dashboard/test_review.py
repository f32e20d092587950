"""The review widget and its clip, without a browser; `test_review_page` looks at the page."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from deepfit_nb.capture.analyze import analyze
from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.dashboard.clip import ReviewClip
from deepfit_nb.dashboard.form_figure import form_figure
from deepfit_nb.dashboard.review import Review
from deepfit_nb.dashboard.skeletons import normalisation_figure
from deepfit_nb.dashboard.timeline import recognition_timeline, timeline
from deepfit_nb.errors import MediaError
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.pose import PoseRecording
from deepfit_nb.recognition import CLASSES, EXERCISES
from deepfit_nb.storage.folder import DATA_VARIABLE
from deepfit_nb.storage.frames import ANGLE_COLUMNS, frame_table
from deepfit_nb.storage.taught import TaughtExercises
from tests.capture.clips import first_seconds


@pytest.fixture(scope="module")
def recording(shallow, tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "shallow.npz"
    shallow.recording.save(path)
    return path


def decoded(picture):
    return cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR_RGB)


def test_frames_are_those_of_the_clip_with_the_skeleton_on_them(shallow):
    clip = ReviewClip(shallow)
    plain, drawn = (decoded(clip.frame(50, skeleton=skeleton)) for skeleton in (False, True))
    assert plain.shape[1::-1] == shallow.recording.size
    changed = np.abs(plain.astype(int) - drawn).max(-1) > 60
    knee = shallow.reports[50].pose.xy[25].astype(int)
    assert changed[knee[1] - 8 : knee[1] + 8, knee[0] - 8 : knee[0] + 8].any()
    assert changed.mean() < 0.1
    assert clip.frame(50) == clip.frame(50)


def test_a_recording_without_pictures_shows_the_skeleton_alone(recording):
    clip = ReviewClip(analyze(recording, exercise="squats"))
    drawn, blank = decoded(clip.frame(50)), decoded(clip.frame(50, skeleton=False))
    assert len(np.unique(blank.reshape(-1, 3), axis=0)) == 1
    assert (drawn != blank).any(-1).mean() > 0.005


def test_a_folder_typed_in_is_called_one(recording):
    review = Review([])
    review.load(recording.parent)
    review.wait(10)
    assert review.state == "failed"
    assert "a folder" in review.message


@pytest.mark.parametrize("broken", ["poses.analyze", "review.ReviewClip.summary"])
def test_an_error_that_nobody_expected_is_shown_as_well(monkeypatch, recording, broken):
    monkeypatch.setattr(f"deepfit_nb.dashboard.{broken}", lambda *given, **others: {}["broken"])
    review = Review(recording)
    review.wait(10)
    assert (review.state, review.message) == ("failed", "KeyError: 'broken'")
    assert review.clip is None


def test_the_table_holds_every_frame(shallow):
    rows = np.frombuffer(ReviewClip(shallow).table(), np.float32).reshape(len(shallow.reports), -1)
    count = len(ANGLES)
    np.testing.assert_allclose(rows[:, 0], shallow.recording.time_s, atol=1e-3)
    kept = frame_table(shallow.reports, shallow.sets).select(ANGLE_COLUMNS).to_numpy()
    np.testing.assert_array_equal(rows[:, 1 : 1 + count], kept)  # the page shows what the file has
    label, _, rep, _, seen = rows[:, 1 + 2 * count :].T
    assert {CLASSES[int(index)] for index in label[100:]} == {"squats"}
    assert set(rep) == {0, 1, 2, 3, 4}
    assert seen.all()


def test_the_summary_is_fit_for_json_and_names_the_faults(shallow):
    summary = json.loads(json.dumps(ReviewClip(shallow).summary(), allow_nan=False))
    (found,) = summary["sets"]
    assert (found["title"], found["count"]) == ("Squats", 4)
    assert [[fault["title"] for fault in rep["faults"]] for rep in found["reps"]] == [["Shallow depth"]] * 4
    assert found["reps"][0]["faults"][0]["measured"].endswith("°, limit 96°")
    assert summary["frames"] == 282


def test_the_timeline_shows_the_angles_that_matter_the_reps_and_the_faults(shallow):
    figure = timeline(shallow)
    assert [trace.name for trace in figure.data if trace.visible is True] == [
        "Left knee", "Right knee", "Left hip", "Right hip", "Trunk lean",
    ]  # fmt: skip
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [
        (rep.start_s, rep.end_s) for rep in shallow.sets[0].reps
    ]
    (faults,) = [trace for trace in figure.data if trace.name == "Fault"]
    assert len(faults.x) == 4
    assert all(text.startswith("Shallow depth") and text.endswith("°, limit 96°") for text in faults.text)
    assert any("4 reps" in note.text for note in figure.layout.annotations)


def test_only_the_angles_asked_for_are_shown(shallow):
    shown = [trace.name for trace in timeline(shallow, angles=["elbow_left"]).data if trace.visible is True]
    assert shown == ["Left elbow"]


def test_a_taught_exercise_is_shown_by_the_definition_it_was_coached_with(shallow, monkeypatch, tmp_path):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    taught = builtin_exercises()["squats"].model_copy(update={"name": "sit_down", "angles": ("hip",)})
    TaughtExercises().save(taught)
    analysis = shallow.coached_as("sit_down")
    (tmp_path / "exercises" / "sit_down.toml").unlink()  # what becomes of the file later does not matter
    assert [trace.name for trace in timeline(analysis).data if trace.visible is True] == ["Left hip", "Right hip"]
    figure = form_figure(analysis)
    assert set(figure.data[0].text) == {"fault"}
    (faults,) = [trace for trace in timeline(analysis).data if trace.name == "Fault"]
    assert all(text.endswith("°, limit 96°") for text in faults.text)


def test_recognition_over_time_sums_to_one_at_most(shallow):
    (heatmap,) = recognition_timeline(shallow).data
    assert heatmap.y[0] == "Squats"
    assert (np.array(heatmap.z).sum(0) <= 1.0001).all()


def test_the_form_figure_marks_shallow_reps_and_passes_the_trunk(shallow):
    figure = form_figure(shallow)
    verdicts = {note.text.split("</b>")[0][3:]: trace.text for note, trace in zip(
        figure.layout.annotations, figure.data, strict=False)}  # fmt: skip
    assert set(verdicts["Shallow depth"]) == {"fault"}
    assert set(verdicts["Trunk lean"]) == {"good"}
    assert "Knee valgus" not in verdicts  # cannot be judged from the side
    assert len(figure.layout.shapes) == 2 * len(figure.data)  # limit and tolerance band in each


@pytest.mark.parametrize(("log_odds", "shown"), [(3.0, [{"fault"}]), (0.0, [])])
def test_the_form_figure_shows_a_fault_that_only_the_rep_as_a_whole_bore_out(shallow, log_odds, shown):
    (done,), squats = shallow.sets, shallow.exercises["squats"]
    lean = next(rule for rule in squats.faults if rule.id == "trunk_lean")
    from_the_front = lean.model_copy(update={"views": ("front",), "above": 5.0, "tolerance": 1.0})
    reps = tuple(replace(rep, impression={"trunk_lean": log_odds}) for rep in done.reps)
    exercises = {"squats": squats.model_copy(update={"faults": (from_the_front,)})}
    figure = form_figure(replace(shallow, exercises=exercises, sets=(replace(done, reps=reps),)))
    assert [set(trace.text) for trace in figure.data] == shown


def test_the_form_figure_says_so_where_the_view_carries_no_rule(shallow):
    unseen = replace(shallow, sets=(replace(shallow.sets[0], view="unknown"),))
    figure = form_figure(unseen)
    assert len(figure.data) == 0
    assert "no rule can be judged" in figure.layout.annotations[0].text


def test_the_normalised_skeleton_is_centred_and_one_body_long(shallow):
    figure = normalisation_figure(shallow.reports[0].pose)
    right = [trace for trace in figure.data if trace.xaxis == "x2" and trace.mode == "markers"]
    y = np.concatenate([trace.y for trace in right])
    assert len(y) == 18
    assert abs(y.mean()) < 1e-6
    assert 0.8 < np.ptp(y) < 1.1


def test_the_widget_opens_its_first_source_and_then_another(repository, recording, tmp_path):
    review = Review(recording, exercise="squats")
    review.wait(60)
    assert (review.state, review.opened, review.summary["name"]) == ("ready", 1, "shallow.npz")
    review.load(first_seconds(repository / "assets" / "squats.mp4", tmp_path / "squat.mp4", seconds=1))
    review.wait(60)
    assert (review.state, review.opened, review.summary["name"]) == ("ready", 2, "squat.mp4")
    assert review.progress == 1


def test_a_source_that_cannot_be_opened_is_said_and_the_clip_before_stays(recording, tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    review = Review(recording, exercise="squats")
    review.wait(60)
    review.load(tmp_path / "text.mp4")
    review.wait(60)
    assert review.state == "failed"
    assert "text.mp4: not a video" in review.message
    assert review.summary["name"] == "shallow.npz"


def test_after_a_failure_the_clip_that_is_shown_is_named_again(recording, tmp_path):
    review = Review(recording, exercise="squats")
    review.wait(60)
    shown, answers = dict(review.chosen), []
    review.send = answers.append
    assert review.summary["path"] == shown["path"] == str(recording)
    review._dispatch(review, {"kind": "open", "path": f"'{tmp_path}/none.mp4'", "exercise": "lunges"}, [])
    review.wait(60)
    assert review.state == "failed"
    assert f"{tmp_path}/none.mp4" in review.message
    assert "'" not in review.message
    assert review.chosen == shown
    assert answers == [{"kind": "opening"}]  # a page that hears nothing takes it for gone


def test_after_a_first_failure_the_source_can_be_tried_with_another_exercise(recording):
    review = Review(recording, exercise="sqats")
    review.wait(60)
    assert review.state == "failed"
    review.load(review.chosen["path"], exercise="squats")
    review.wait(60)
    assert review.state == "ready"


def test_taught_exercises_are_offered(monkeypatch, tmp_path):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    mine = builtin_exercises()["squats"].model_copy(update={"name": "sit_down", "title": "Sit down"})
    TaughtExercises().save(mine)
    offered = Review([]).exercises
    assert offered[-1] == {"name": "sit_down", "title": "Sit down"}
    assert [one["name"] for one in offered[:-1]] == list(EXERCISES)


def test_opening_another_source_ends_the_analysis_of_the_first(repository, recording):
    review = Review(repository / "assets" / "squats.mp4")
    review.load(recording, exercise="squats")
    review.wait(60)
    assert (review.state, review.opened, review.summary["name"]) == ("ready", 2, "shallow.npz")


def test_the_page_gets_frames_of_the_clip_that_is_open_and_of_no_other(recording):
    review = Review(recording, exercise="squats")
    review.wait(60)
    sent = []
    review.send = lambda content, buffers=None: sent.append((content, buffers))
    for opened in (review.opened, review.opened + 1):
        review._dispatch(review, {"kind": "frame", "opened": opened, "index": 3, "skeleton": True}, [])
        review._dispatch(review, {"kind": "table", "opened": opened}, [])
    assert [content["kind"] for content, _ in sent] == ["frame", "table"]
    assert sent[0][0]["index"] == 3
    assert decoded(sent[0][1][0]) is not None


def test_a_frame_that_cannot_be_read_is_answered_and_told(recording, monkeypatch):
    review = Review(recording, exercise="squats")
    review.wait(60)
    sent = []
    review.send = lambda content, buffers=None: sent.append((content["kind"], content["index"], buffers))

    def fail(*args, **options):
        raise MediaError("the file is gone")

    monkeypatch.setattr(review.clip, "frame", fail)
    review._dispatch(review, {"kind": "frame", "opened": review.opened, "index": 3, "skeleton": True}, [])
    assert sent == [("frame", 3, None)]
    assert review.message == "the file is gone"


def test_a_clip_with_nobody_in_it_can_be_reviewed(tmp_path):
    nothing = np.full((30, 33, 4), np.nan, np.float32)
    PoseRecording(
        nothing, nothing[..., :3], np.zeros(30, bool), np.arange(30) / 30, 30.0, (640, 480)
    ).save(tmp_path / "empty.npz")  # fmt: skip
    review = Review(tmp_path / "empty.npz")
    review.wait(60)
    assert (review.state, review.summary["detected"], review.summary["sets"]) == ("ready", 0, [])
    json.dumps(review.summary, allow_nan=False)
