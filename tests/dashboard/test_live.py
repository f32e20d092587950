"""The dashboard in a browser, from webcam or clip to the count on the page."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.storage import History
from deepfit_nb.storage.session import Session
from deepfit_nb.storage.taught import TaughtExercises
from tests.dashboard.trainer import LOAD_MS, Trainer

Visit = Callable[..., Trainer]


def test_webcam_is_counted_drawn_and_plotted(visit: Visit) -> None:
    trainer = visit()
    trainer.choose("Webcam", exercise="Squats")
    trainer.start()
    trainer.wait_until(lambda: trainer.frames > 20)
    assert "df-mirrored" in trainer.stage.get_attribute("class")
    assert _drawn_pixels(trainer) > 500

    before = trainer.plotted()
    trainer.page.wait_for_timeout(1500)
    after = trainer.plotted()
    assert before["knee"] != after["knee"]
    assert min(after["knee"]) > 30
    assert max(after["knee"]) < 185
    assert sum(after["probabilities"]) == pytest.approx(1, abs=0.01)

    # The camera repeats the clip: 5 reps each 11.8 s.
    trainer.wait_until(lambda: trainer.reps >= 4, within_s=20)
    trainer.stop()
    trainer.wait_until(lambda: trainer.status == "idle")
    assert trainer.reps <= 6
    trainer.wait_until(lambda: trainer.set_titles == ["Squats"])


def test_clip_is_recognised_counted_to_its_end_and_saved(visit: Visit, repository: Path, tmp_path: Path) -> None:
    truth, clip = json.loads((repository / "assets" / "jumping_jacks.json").read_text()), "Jumping jacks"
    trainer = visit()
    trainer.choose("Demo clip", clip=clip)
    trainer.start()
    trainer.wait_until(lambda: trainer.exercise == clip)
    trainer.wait_until(lambda: trainer.status in ("idle", "ended") and trainer.set_titles == [clip], within_s=30)
    assert abs(trainer.reps - truth["reps"]) <= 1

    with trainer.page.expect_download() as download:
        trainer.button("Save session").click()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    session = Session.load(saved)
    assert session.source == f"{truth['exercise']}.mp4"
    assert [one.exercise for one in session.sets] == [truth["exercise"]]
    assert abs(session.sets[0].count - truth["reps"]) <= 1


def test_stop_start_again_and_change_of_source(visit: Visit) -> None:
    trainer = visit()
    trainer.choose("Webcam", exercise="Squats")
    for _ in range(2):
        frames = trainer.frames
        trainer.start()
        trainer.wait_until(lambda seen=frames: trainer.frames > seen + 20)  # type: ignore[misc]
        trainer.stop()
        trainer.wait_until(lambda: trainer.status == "idle")

    trainer.start()
    trainer.wait_until(lambda: trainer.reps >= 1)
    trainer.choose("Demo clip", clip="Push-ups")
    trainer.wait_until(lambda: trainer.status == "live" and trainer.reps == 0)
    frames = trainer.frames
    trainer.wait_until(lambda: trainer.frames > frames + 20)
    assert "df-mirrored" not in trainer.stage.get_attribute("class")


def test_range_is_learned_of_a_taught_exercise_shown_and_forgotten(visit: Visit, data_folder: Path) -> None:
    # Taught after the server made the kernel that waits for the next visitor.
    squats = builtin_exercises()["squats"]
    file = TaughtExercises().save(squats.model_copy(update={"name": "sit_down", "title": "Sit down"}))
    trainer = visit()
    trainer.choose("Webcam", exercise="Sit down")  # waits for it to be offered
    trainer.button("Calibrate").click()
    trainer.wait_until(lambda: "1 of 5" in trainer.range)
    file.unlink()
    trainer.wait_until(lambda: "° of the knee" in trainer.range, within_s=40)
    kept = data_folder / "calibrations" / "me.sit_down.json"
    assert 60 < json.loads(kept.read_text())["rom_deg"] < 110
    trainer.wait_until(lambda: trainer.set_titles == ["Sit down", "Sit down"])  # and on it goes
    trainer.stop()
    trainer.button("Forget").click()
    trainer.wait_until(lambda: not kept.exists() and trainer.button("Calibrate").is_visible())


def test_two_visitors_do_not_disturb_each_other(visit: Visit, server: subprocess.Popen[bytes]) -> None:
    first, second = visit(), visit()
    first.choose("Demo clip", clip="Squats", exercise="Squats")
    second.choose("Demo clip", clip="Biceps curls", exercise="Biceps curls")
    first.start()
    second.start()
    first.wait_until(lambda: first.reps >= 1)
    second.wait_until(lambda: second.reps >= 1)
    assert (first.exercise, second.exercise) == ("Squats", "Biceps curls")

    kernels = _kernels(server)
    first.page.close(run_before_unload=True)  # as when a tab is closed
    frames = second.frames
    second.wait_until(lambda: second.frames > frames + 20)
    second.wait_until(lambda: any(not kernel.is_running() for kernel in kernels))  # the first's own


def test_page_that_loads_slowly_is_not_deaf(visit: Visit) -> None:
    # What anywidget does when a module is not there after two seconds, at once.
    trainer = visit(script="const real = AbortSignal.timeout; AbortSignal.timeout = () => real.call(AbortSignal, 0);")
    trainer.choose("Webcam", exercise="Squats")
    trainer.start()
    trainer.wait_until(lambda: trainer.frames > 20 and len(trainer.plotted()["knee"]) > 10)
    trainer.stop()
    trainer.wait_until(lambda: trainer.status == "idle")
    assert all("Failed to initialize model" in error for error in trainer.errors)
    trainer.errors.clear()  # anywidget's own, once for each widget


def test_blocked_camera_is_explained_and_can_be_tried_again(visit: Visit) -> None:
    trainer = visit("blocked")
    trainer.start()
    trainer.wait_until(lambda: trainer.status == "denied")
    assert "The camera is blocked" in trainer.stage.inner_text()
    trainer.page.context.grant_permissions(["camera"])
    trainer.button("Try again").click()
    trainer.wait_until(lambda: trainer.status == "live" and trainer.frames > 0)


def test_missing_camera_is_explained_and_a_clip_still_plays(visit: Visit) -> None:
    trainer = visit("absent")
    trainer.start()
    trainer.wait_until(lambda: trainer.status == "nocamera")
    assert "No camera found" in trainer.stage.inner_text()
    # The page knows of the missing camera a moment before the kernel, for which the workout still goes on: a clip that
    # is chosen in this moment plays at once.
    expect(trainer.button("Start")).to_be_visible()
    trainer.choose("Demo clip")
    trainer.start()
    trainer.wait_until(lambda: trainer.status == "live" and trainer.frames > 0)


def test_own_file_is_played_and_a_broken_one_is_explained(visit: Visit, repository: Path, tmp_path: Path) -> None:
    notes, cut_off = tmp_path / "notes.mp4", tmp_path / "cut_off.mp4"
    notes.write_text("this is no video")
    whole = (repository / "assets" / "squats.mp4").read_bytes()
    cut_off.write_bytes(whole[: len(whole) // 2])
    trainer = visit()
    trainer.choose("My video")
    choose_file = trainer.page.locator(".df-chooser input")
    choose_file.set_input_files(notes)
    trainer.wait_until(lambda: trainer.status == "unplayable", within_s=10)  # the browser knows at once
    assert "cannot be played" in trainer.stage.inner_text()
    choose_file.set_input_files(cut_off)
    trainer.wait_until(lambda: trainer.status == "broken")
    assert "The file breaks off after" in trainer.stage.inner_text()
    expect(trainer.button("Start")).to_be_visible()
    trainer.choose("Webcam")
    trainer.choose("My video")
    choose_file.set_input_files(repository / "assets" / "pushups.mp4")
    trainer.wait_until(lambda: trainer.status == "live" and trainer.frames > 0)


def test_reps_outlive_a_page_that_is_loaded_again_and_can_be_deleted_there(visit: Visit, data_folder: Path) -> None:
    trainer = visit()
    trainer.choose("Webcam", exercise="Squats")
    trainer.start()
    with History(data_folder / "history.sqlite") as history:
        before = len(history.workouts())
        trainer.wait_until(lambda: trainer.reps >= 2 and len(history.workouts()) > before)
        (kept,) = history.workouts(limit=1)
        trainer.page.reload(wait_until="commit")
        earlier = trainer.page.locator(".df-past-workout").first
        expect(earlier).to_contain_text("Squats", timeout=LOAD_MS)
        delete = earlier.get_by_role("button", name="Delete the workout of")
        delete.click()
        expect(delete).to_have_text("Delete?")
        assert history.workouts(limit=1)[0].id == kept.id
        delete.click()
        trainer.wait_until(lambda: kept.id not in [one.id for one in history.workouts()])


def test_reps_outlive_the_kernel_whose_death_is_told(
    visit: Visit, server: subprocess.Popen[bytes], data_folder: Path
) -> None:
    trainer = visit()
    trainer.choose("Webcam", exercise="Squats")
    trainer.start()
    with History(data_folder / "history.sqlite") as history:
        before = len(history.workouts())
        trainer.wait_until(lambda: trainer.reps >= 2)
        trainer.wait_until(lambda: len(history.workouts()) > before and history.workouts()[0].sets[0].count >= 2)
        _kernel_of(trainer, server).kill()
        assert [(one.exercise, one.count >= 2) for one in history.workouts()[0].sets] == [("squats", True)]
    trainer.wait_until(lambda: trainer.status == "lost", within_s=50)
    assert trainer.button("Reload").is_visible()


def _drawn_pixels(trainer: Trainer) -> int:
    """Pixels of the overlay that are not transparent."""
    count: int = trainer.page.evaluate(
        """() => {
            const canvas = document.querySelector(".df-overlay");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((value, i) => i % 4 === 3 && value > 0).length;
        }"""
    )
    return count


def _kernels(server: subprocess.Popen[bytes]) -> list[psutil.Process]:
    children = psutil.Process(server.pid).children(recursive=True)
    return [child for child in children if "ipykernel_launcher" in _command(child)]


def _command(process: psutil.Process) -> str:
    """Its command line; empty where it has ended meanwhile, as those of closed pages do."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def _kernel_of(trainer: Trainer, server: subprocess.Popen[bytes]) -> psutil.Process:
    """The page's own; the server keeps another ready for the next visitor."""
    (kernel,) = (one for one in _kernels(server) if trainer.kernel_id in _command(one))
    return kernel
