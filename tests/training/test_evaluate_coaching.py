"""The evaluation of the coach: its figures on sets whose scores are known."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from deepfit_nb.cli import app
from deepfit_nb.coaching import Fault, Rep, WorkoutSet
from deepfit_nb.errors import MediaError
from deepfit_nb.training.coaching_cases import Case, KnownSet, clip_cases, real_cases
from deepfit_nb.training.coaching_scores import score, summary
from deepfit_nb.training.coaching_variations import jittered, mirrored, paced, resampled, with_gap
from deepfit_nb.training.evaluate_coaching import Evaluation, evaluate, save_json, show
from tests.factories import cosine, edges, film, squat

RECORDING = film(squat, *cosine(4))
EDGES = tuple(edges(4).tolist())


def case(*sets: KnownSet, azimuth: float = 80.0) -> Case:
    return Case("case", RECORDING, sets, azimuth)


def found(exercise: str, *starts_s: float, fault: str | None = None, late_s: float = 0.0) -> WorkoutSet:
    """A set of reps of two seconds."""
    faults = (Fault(fault, 0, 0, 0, 2),) if fault else ()
    reps = tuple(
        Rep(number, start + late_s, start + 1, start + 2 + late_s, 90.0, False, faults)
        for number, start in enumerate(starts_s, 1)
    )
    return WorkoutSet(exercise, reps[0].start_s, reps[-1].end_s, 1.0, "side", reps)


SQUATS = KnownSet("squats", 4, EDGES)


@pytest.mark.parametrize(
    ("sets", "exact", "mae", "whole"),
    [
        ([found("squats", 1, 3, 5, 7)], 1, 0, 1),
        ([found("squats", 1, 3), found("squats", 5, 7)], 1, 0, 0),
        ([found("squats", 1, 3, 5)], 0, 0.25, 1),
        ([found("squats", 1, 3, 5, 7, 9)], 0, 0.25, 1),
        ([found("squats", 1, 3, 5), found("lunges", 7)], 0, 0.5, 1),
        ([], 0, 1, 0),
    ],
)
def test_counts(sets: list[WorkoutSet], exact: float, mae: float, whole: float) -> None:
    figures = summary(score(case(SQUATS), sets))
    assert (figures["exact"], figures["mae"], figures["whole"]) == (exact, mae, whole)


def test_edges_are_compared_with_the_rep_they_belong_to() -> None:
    (one,) = score(case(SQUATS), [found("squats", 1, 5, 7, late_s=0.3)])
    assert one.start_errors_s == pytest.approx([0.3] * 3)
    figures = summary([one])
    assert (figures["starts_ok"], figures["end_p95_s"]) == (0, pytest.approx(0.3))


def test_partial_reps_do_not_count() -> None:
    one = found("squats", 1, 3)
    half = Rep(3, 5, 6, 7, 40.0, True)
    (scored,) = score(case(SQUATS), [WorkoutSet("squats", 1, 7, 1.0, "side", (*one.reps, half))])
    assert scored.counted == 2


def test_nothing_done_must_be_nothing_counted() -> None:
    assert summary(score(case(), []))["exact"] == 1
    assert summary(score(case(), [found("squats", 1)]))["exact"] == 0


def test_each_set_of_a_workout_has_its_own_reps() -> None:
    known = (KnownSet("squats", 2, (1.0, 3.0, 5.0)), KnownSet("lunges", 2, (15.0, 17.0, 19.0)))
    first, second = score(case(*known), [found("squats", 1, 3), found("lunges", 8, 15, 17)])
    assert (first.counted, first.stray, second.counted) == (2, 1, 2)


@pytest.mark.parametrize(
    ("azimuth", "fault", "all_found", "carried"),
    [(0, "knee_valgus", 1, 1), (80, "knee_valgus", 1, math.nan), (0, None, 0, 0)],
)
def test_faults_found(azimuth: float, fault: str | None, all_found: float, carried: float) -> None:
    known = KnownSet("squats", 4, EDGES, "knee_valgus")
    figures = summary(score(case(known, azimuth=azimuth), [found("squats", 1, 3, 5, 7, fault=fault)]))
    assert (figures["faults_found"], figures["faults_found_carried"]) == pytest.approx(
        (all_found, carried), nan_ok=True
    )
    assert math.isnan(figures["false_alarms"])


def test_false_alarms_are_counted_on_correct_sets() -> None:
    sets = [found("squats", 1, 3, 5, 7, fault="trunk_lean")]
    assert summary(score(case(SQUATS), sets))["false_alarms"] == 1


def test_pace_scales_the_truth_with_the_frames() -> None:
    fast = paced(case(SQUATS), 2.0)
    assert fast.sets[0].edges_s == pytest.approx([edge / 2 for edge in EDGES])
    assert fast.recording.time_s[-1] == pytest.approx(RECORDING.time_s[-1] / 2)


def test_resampling_keeps_every_tenth_of_a_second() -> None:
    fewer = resampled(case(SQUATS), 10.0).recording
    assert np.diff(fewer.time_s) == pytest.approx(np.full(len(fewer) - 1, 0.1), abs=0.041)
    assert len(fewer) == pytest.approx(len(RECORDING) * 0.4, abs=2)


def test_mirror_and_jitter() -> None:
    assert mirrored(case(SQUATS)).azimuth_deg == -80
    shaky = jittered(case(SQUATS)).recording
    height_m = np.ptp(RECORDING.world[0, :, 1])
    assert (shaky.world - RECORDING.world).std() == pytest.approx(0.02 * height_m, rel=0.2)
    assert (shaky.image[..., 3] == RECORDING.image[..., 3]).all()


@pytest.mark.parametrize(("tempo_s", "unseen"), [(2.0, 0), (0.8, 1)])
def test_reps_lost_in_a_gap_are_not_asked_for(tempo_s: float, unseen: int) -> None:
    times, amounts = cosine(5, tempo_s=tempo_s)
    known = KnownSet("squats", 5, tuple(edges(5, tempo_s=tempo_s).tolist()))
    gapped = with_gap(Case("case", film(squat, times, amounts), (known,)))
    assert gapped.sets[0].unseen == unseen
    assert (~gapped.recording.ok).sum() == pytest.approx(25, abs=1)


def test_clips_are_read_with_their_truth(tmp_path: Path) -> None:
    RECORDING.save(tmp_path / "squats.npz")
    frames = [{"angles": {"knee_l": 100.0, "knee_r": 90.0}, "trunk_lean": 5.0} for _ in range(len(RECORDING))]
    truth = {"exercise": "squats", "reps": 4, "fault": None, "azimuth_deg": 80, "rep_edges_s": EDGES, "frames": frames}
    (tmp_path / "squats.json").write_text(json.dumps(truth))
    (tmp_path / "notes.json").write_text("{}")
    (read,) = clip_cases(tmp_path)
    assert (read.name, read.sets) == ("squats", (SQUATS,))
    assert read.angles is not None
    assert read.angles[0] == pytest.approx([100, 90, *[math.nan] * 6, 5], nan_ok=True)


def test_a_folder_without_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="holds no clip with its truth"):
        list(clip_cases(tmp_path))


def test_of_real_recordings_those_with_known_reps_and_those_of_nothing_are_used(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        RECORDING.save(tmp_path / f"{name}.npz")
    rows = ["file\texercise\treps\tfps", "a.npz\tsquats\t4\t25", "b.npz\tsquats\t\t25", "c.npz\tnon_activity\t\t25"]
    (tmp_path / "real.tsv").write_text("\n".join(rows))
    assert [(one.name, [known.reps for known in one.sets]) for one in real_cases(tmp_path)] == [("a", [4]), ("c", [])]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (None, r"real\.tsv: cannot be read"),
        ("file\texercise\na.npz\tsquats", r"real\.tsv: needs the columns file, exercise and reps"),
        ("file\texercise\treps\na.npz\tsquats\tmany", r"real\.tsv: needs the columns"),
        ("", r"real\.tsv: needs the columns"),
    ],
)
def test_real_recordings_that_are_not_listed_are_refused_at_once(
    tmp_path: Path, table: str | None, message: str
) -> None:
    if table is not None:
        (tmp_path / "real.tsv").write_text(table)
    with pytest.raises(MediaError, match=message):
        evaluate(None, tmp_path, console=Console(quiet=True))


def test_figures_are_shown_and_saved(tmp_path: Path) -> None:
    evaluation = Evaluation(skipped=["real recordings: no folder with a real.tsv"])
    evaluation.scores["clips", "fixed"] = score(case(SQUATS), [found("squats", 1, 3, 5)])
    console = Console(record=True, width=200)
    show(evaluation, console)
    text = console.export_text()
    assert "skipped real recordings" in text
    assert "0.250" in text
    save_json(evaluation, tmp_path / "figures.json")
    saved = json.loads((tmp_path / "figures.json").read_text())
    assert saved["summary"]["fixed"]["clips"]["mae"] == 0.25
    assert saved["summary"]["fixed"]["clips"]["faults_found"] is None


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    done = evaluate(None, None, console=Console(quiet=True), clips_only=True)
    told = io.StringIO()
    show(done, Console(file=told, width=160))
    assert "skipped clips" in told.getvalue()
    save_json(done, tmp_path / "figures.json")
    assert json.loads((tmp_path / "figures.json").read_text())["sets"] == []


def test_figures_that_could_not_be_saved_are_refused_before_the_work(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", "coaching", "--clips", "nowhere", "--json", str(tmp_path)])
    assert isinstance(done.exception, MediaError)
    assert "is a folder; name a file" in str(done.exception)


def test_the_command_measures_a_folder_of_clips(tmp_path: Path) -> None:
    RECORDING.save(tmp_path / "squats.npz")
    frames = [{"angles": {}} for _ in range(len(RECORDING))]
    truth = {"exercise": "squats", "reps": 4, "fault": None, "azimuth_deg": 80, "rep_edges_s": EDGES, "frames": frames}
    (tmp_path / "squats.json").write_text(json.dumps(truth))
    out = tmp_path / "figures.json"
    done = CliRunner().invoke(
        app, ["evaluate", "coaching", "--clips", str(tmp_path), "--clips-only", "--json", str(out)]
    )
    assert done.exit_code == 0, done.output
    figures = json.loads(out.read_text())
    assert figures["summary"]["fixed"]["clips"]["exact"] == 1
    # Upright bodies are taken to be flattened by the detector; this one is not.
    assert figures["azimuth"]["worst_deg"] == pytest.approx(0, abs=4)
    assert 0 < figures["update_cpu_ms"]["fixed"] < 50
