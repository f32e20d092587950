"""The history in the terminal."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from deepfit_nb.storage import History
from deepfit_nb.storage.listing import listing
from tests.storage.workouts import rep, workout_set


def printed(history, last=10):
    console = Console(file=io.StringIO(), width=120)
    console.print(listing(history.table(), last))
    return console.file.getvalue()


@pytest.fixture
def history(tmp_path):
    with History(tmp_path / "history.sqlite") as history:
        yield history


def test_of_nothing_it_says_so(history):
    assert "No workout has been kept yet" in printed(history)


def test_a_row_a_set_in_local_time(history):
    began = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
    workout = history.begin("[my] squats.mp4", started_at=began)
    history.add(workout, workout_set(), workout_set([rep(1), rep(2, 3, 4, partial=True, rom_deg=40.0)], "pushups"))
    *_, squats, pushups, _ = printed(history).splitlines()
    when = f"{began.astimezone():%Y-%m-%d %H:%M}"
    for cell in (when, "[my] squats.mp4", "Squats", " 2 ", "95°", "shallow depth (1)"):
        assert cell in squats
    assert "Push-ups" in pushups
    assert "1 (+1 partial)" in pushups


def test_only_the_latest_workouts_are_shown_whole(history):
    for exercise in ("squats", "lunges", "situps"):
        history.add(history.begin("webcam"), workout_set(exercise=exercise), workout_set(exercise=exercise))
    shown = printed(history, last=2)
    assert [shown.count(name) for name in ("Squats", "Lunges", "Sit-ups")] == [0, 2, 2]
