import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from sqlalchemy import event

from deepfit_nb.errors import DeepFitError
from deepfit_nb.storage import History
from tests.storage.workouts import DEEP, NAN, files_no_larger_than, rep, workout_set


@pytest.fixture
def history(tmp_path):
    with History(tmp_path / "new folder" / "history.sqlite") as history:
        yield history


def test_a_set_is_kept_with_its_reps_and_faults(history):
    history.add(history.begin("webcam"), workout_set([rep(1), rep(2, 3, 5, faults=[DEEP]), rep(3, 5, 6, partial=True)]))
    with History(history.path) as again:
        (workout,) = again.workouts()
    (kept,) = workout.sets
    assert (workout.source, kept.exercise, kept.view, kept.count) == ("webcam", "squats", "side", 2)
    assert [(r.number, r.start_s, r.end_s, r.partial) for r in kept.reps] == [
        (1, 1, 3, False), (2, 3, 5, False), (3, 5, 6, True),
    ]  # fmt: skip
    assert [(f.name, f.value, f.limit, f.at_s) for f in kept.reps[1].faults] == [("shallow_depth", 111.04, 100.0, 2.1)]


def test_what_was_in_progress_is_written_anew(history):
    workout = history.begin("webcam")
    history.add(workout, workout_set(), workout_set([rep(1)], "lunges"))
    history.rewrite(workout, 1, workout_set([rep(1), rep(2, 3, 5)], "lunges"), workout_set(exercise="pushups"))
    (kept,) = history.workouts()
    assert [(one.exercise, one.count) for one in kept.sets] == [("squats", 2), ("lunges", 2), ("pushups", 2)]
    history.rewrite(workout, 0)
    assert history.workouts() == []
    with closing(sqlite3.connect(history.path)) as file:
        assert file.execute("SELECT count(*) FROM reps").fetchone() == (0,)


def kept_rows(history, table):
    with closing(sqlite3.connect(history.path)) as file:
        return {row[0] for row in file.execute(f"SELECT id FROM {table}")}


FAULTY = rep(2, 3, 5, faults=[DEEP])
THREE = [rep(1, 1, 3), FAULTY, rep(3, 5, 7)]


@pytest.mark.parametrize(
    ("now", "stay"),
    [
        (THREE, 3),
        ([*THREE, rep(4, 7, 9)], 3),
        ([*THREE[:2], rep(3, 5, 7.5)], 2),  # it went on
        ([*THREE[:2], rep(3, 5, 7, rom_deg=NAN)], 2),
        ([*THREE[:2], rep(3, 5, 7, faults=[DEEP])], 2),
        ([THREE[0], rep(2, 3, 5), THREE[2]], 1),  # it has lost its fault
        ([THREE[0], rep(2, 3, 5, faults=[replace(DEEP, value=120.0)]), THREE[2]], 1),
        (THREE[:1], 1),
    ],
)
def test_of_a_set_in_progress_only_what_is_new_is_written(history, now, stay):
    workout = history.begin("webcam")
    history.rewrite(workout, 0, workout_set(THREE))
    sets, reps = kept_rows(history, "sets"), kept_rows(history, "reps")
    history.add(history.begin("so that no row takes the number of one that is deleted"), workout_set(now))
    history.rewrite(workout, 0, workout_set(now, confidence=0.5))
    ((anew,), (stored,)) = [one.sets for one in history.workouts()]
    assert ({stored.id}, len({one.id for one in stored.reps} & reps)) == (sets, stay)
    assert (stored.confidence, stored.end_s) == (0.5, now[-1].end_s)
    assert contents(stored) == contents(anew)
    assert len(kept_rows(history, "faults")) == 2 * sum(len(one.faults) for one in now)


def contents(stored):
    return [
        (one.number, one.start_s, one.end_s, one.rom_deg, [(fault.name, fault.value) for fault in one.faults])
        for one in stored.reps
    ]


@pytest.mark.parametrize("number", [3, 60])
def test_what_is_done_in_the_database_does_not_grow_with_the_set(history, number):
    """Whoever writes a rep down has the next frame waiting."""
    reps = [rep(1 + index, index, index + 1, faults=[DEEP]) for index in range(number)]
    workout = history.begin("webcam")
    history.rewrite(workout, 0, workout_set(reps[:-1]))
    statements = []
    event.listen(history._engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    history.rewrite(workout, 0, workout_set(reps))
    grown = len(statements)
    history.delete(workout)
    assert (grown, len(statements) - grown) == (7, 2)
    assert not any(kept_rows(history, table) for table in ("workouts", "sets", "reps", "faults"))


def test_what_the_coach_did_not_know_is_null(history):
    history.add(history.begin("webcam"), workout_set([rep(rom_deg=NAN)]))
    stored = history.workouts()[0].sets[0].reps[0]
    assert (stored.rom_deg, stored.symmetry, stored.concentric_s) == (None, None, None)


def test_the_newest_workouts_come_first_and_empty_ones_not_at_all(history):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for day in (2, 0, 1):
        history.add(history.begin(f"day {day}", started_at=start + timedelta(days=day)), workout_set())
    history.begin("nothing done")
    assert [workout.source for workout in history.workouts()] == ["day 2", "day 1", "day 0"]
    assert [workout.source for workout in history.workouts(limit=1)] == ["day 2"]


def test_times_are_kept_in_utc(history):
    noon_in_berlin = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    history.add(history.begin("x", started_at=noon_in_berlin), workout_set())
    assert history.table()["started_at"].to_list() == [datetime(2026, 1, 1, 11, tzinfo=UTC)]


def test_the_table_has_a_row_a_set(history):
    workout = history.begin("clip.mp4")
    history.add(workout, workout_set(), workout_set([rep(1, rom_deg=80.0), rep(2, partial=True)], exercise="lunges"))
    assert history.table().select("exercise", "reps", "partial_reps", "mean_rom_deg", "faults").rows() == [
        ("squats", 2, 0, pytest.approx(95.24), "shallow_depth (1)"),
        ("lunges", 1, 1, 80.0, ""),
    ]


def test_delete_forgets_everything_below(history):
    first, second = history.begin("a"), history.begin("b")
    history.add(first, workout_set())
    history.add(second, workout_set())
    history.delete(first)
    history.delete(first)
    assert [workout.source for workout in history.workouts()] == ["b"]
    with sqlite3.connect(history.path) as raw:
        assert [raw.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("sets", "reps", "faults")] == [1, 2, 1]


@pytest.mark.parametrize(
    ("name", "read"), [("h.csv", pl.read_csv), ("h.json", pl.read_json), ("h.parquet", pl.read_parquet)]
)
def test_export(history, tmp_path, name, read):
    history.add(history.begin("webcam"), workout_set())
    history.export(tmp_path / name)
    assert read(tmp_path / name).select("exercise", "reps").rows() == [("squats", 2)]


def test_export_says_what_it_can(history, tmp_path):
    with pytest.raises(DeepFitError, match=r"\.csv, \.json or \.parquet"):
        history.export(tmp_path / "h.xlsx")


def test_export_to_a_folder_that_is_not_there_is_told(history, tmp_path):
    with pytest.raises(DeepFitError, match=r"h\.csv: .*choose another folder"):
        history.export(tmp_path / "nowhere" / "h.csv")


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of a process there")
@pytest.mark.parametrize("name", ["h.csv", "h.json", "h.parquet"])
def test_an_export_that_does_not_fit_is_told(history, tmp_path, name):
    history.add(history.begin("webcam"), workout_set())
    with files_no_larger_than(64), pytest.raises(DeepFitError, match=rf"{name}: .*File too large.*choose another"):
        history.export(tmp_path / name)
    assert not list(tmp_path.glob("*h.*"))


def test_several_writers_lose_nothing(history):
    def one(index):
        with History(history.path, patience_s=10) as mine:
            mine.add(mine.begin(str(index)), workout_set())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))
    assert {workout.source for workout in history.workouts()} == {str(index) for index in range(24)}


def test_several_that_begin_the_history_at_once(tmp_path):
    def one(index):
        with History(tmp_path / "new" / "history.sqlite", patience_s=10) as mine:
            mine.add(mine.begin(str(index)), workout_set())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    with History(tmp_path / "new" / "history.sqlite") as history:
        assert len(history.workouts()) == 8


def test_who_finds_the_history_in_use_is_told_soon(history):
    workout = history.begin("webcam")
    with closing(sqlite3.connect(history.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        asked = time.monotonic()
        with pytest.raises(DeepFitError, match=r"history\.sqlite: the history is in use .*close the other program"):
            history.add(workout, workout_set())
        assert time.monotonic() - asked < 5
    history.add(workout, workout_set())
    assert len(history.workouts()) == 1


def test_the_number_of_a_deleted_workout_is_not_given_again(history):
    first = history.begin("webcam")
    history.delete(first)
    assert history.begin("webcam") > first


def test_a_workout_that_was_deleted_in_the_meantime_is_told(history):
    workout = history.begin("webcam")
    history.delete(workout)
    with pytest.raises(DeepFitError, match=r"history\.sqlite: this workout is no longer .*begin a new one"):
        history.add(workout, workout_set())


def test_a_damaged_file_is_named_with_what_to_do(tmp_path):
    (tmp_path / "history.sqlite").write_bytes(b"this is not a database, " * 50)
    with pytest.raises(DeepFitError, match=r"history\.sqlite.*move it away"):
        History(tmp_path / "history.sqlite")


@pytest.mark.parametrize(
    ("pragma", "advice"),
    [
        ("max_page_count = 1", r"database or disk is full.*make room .*is sound"),
        ("query_only = 1", "make the file and its folder writable"),
    ],
)
def test_who_cannot_write_is_not_told_that_the_file_is_damaged(history, pragma, advice):
    """A history that was put aside for it would be lost."""
    workout = history.begin("webcam")
    event.listen(history._engine, "checkout", lambda connection, *_: connection.execute(f"PRAGMA {pragma}"))
    with pytest.raises(DeepFitError, match=advice) as told:
        history.add(workout, *[workout_set()] * 500)
    assert "damaged" not in str(told.value)


def test_a_history_that_cannot_be_opened_is_not_called_damaged(tmp_path):
    (tmp_path / "history.sqlite").mkdir()
    with pytest.raises(
        DeepFitError, match=r"cannot be opened .*make its folder writable, or choose another with DEEPFIT"
    ):
        History(tmp_path / "history.sqlite")


def test_a_file_from_a_newer_version_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "history.sqlite") as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(DeepFitError, match="newer"):
        History(tmp_path / "history.sqlite")
