"""``deepfit bench``: the figures that DeepFit Notebook promises, measured on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from deepfit_nb.capture.analyze import analyze
from deepfit_nb.capture.analyze_speed import analyze_speed
from deepfit_nb.dashboard.live_speed import live_speed
from deepfit_nb.errors import SetupError
from deepfit_nb.resources import resource

_SPEED_CLIP = "squats.mp4"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure and what is promised of it."""

    name: str
    measured: str
    promised: str
    kept: bool


def bench(console: Console, *, live: bool = True) -> bool:
    """Measure, print a table, and say whether all promises are kept.

    Parameters
    ----------
    live
        Also measure the dashboard, which needs Playwright and a Chromium; without them a note says so.
    """
    table = Table(box=SIMPLE_HEAD, header_style="bold")
    for heading in ("Figure", "Measured", "Promised"):
        table.add_column(heading)
    kept = True
    with console.status("Measuring …") as status:
        for figure in _figures(live=live, console=console):
            status.update(f"Measured {figure.name.lower()} …")
            kept &= figure.kept
            style = "green" if figure.kept else "red"
            table.add_row(figure.name, f"[{style}]{figure.measured}[/]", figure.promised)
    console.print(table)
    return kept


def _figures(*, live: bool, console: Console) -> Iterator[Figure]:
    yield from _counts()
    speed = analyze_speed(resource("assets", _SPEED_CLIP))
    yield Figure(
        "deepfit analyze, part of a bare decode-and-detect loop's rate",
        f"{speed.ratio:.2f} ({speed.analyze:.0f} of {speed.bare:.0f} frames/s)",
        "at least 0.85",
        speed.ratio >= 0.85,
    )
    if live:
        try:
            yield from _live()
        except SetupError as error:
            console.print(f"[yellow]not measured:[/] the live dashboard ({error})")


def _counts() -> Iterator[Figure]:
    for clip in sorted(resource("assets").glob("*.mp4")):
        true = json.loads(clip.with_suffix(".json").read_text("utf-8"))
        found = [(one.exercise, one.count) for one in analyze(clip).sets]
        yield Figure(
            f"Reps in {clip.name}",
            ", ".join(f"{count} {exercise}" for exercise, count in found) or "none",
            f"{true['reps']} {true['exercise']}",
            found == [(true["exercise"], true["reps"])],
        )


def _live() -> Iterator[Figure]:
    for source in ("webcam", "clip"):
        speed = live_speed(resource("assets", _SPEED_CLIP), source)
        true = json.loads(resource("assets", _SPEED_CLIP).with_suffix(".json").read_text("utf-8"))["reps"]
        yield Figure(f"Live from {source}: frames a second", f"{speed.fps:.1f}", "at least 18", speed.fps >= 18)
        yield Figure(
            f"Live from {source}: camera to overlay",
            f"{speed.latency_ms:.0f} ms",
            "at most 80 ms",
            speed.latency_ms <= 80,
        )
        yield Figure(
            f"Live from {source}: start to first frame",
            f"{speed.first_frame_s:.1f} s",
            "at most 10 s",
            speed.first_frame_s <= 10,
        )
        yield Figure(f"Live from {source}: reps", f"{speed.reps}", f"{true} ± 1", abs(speed.reps - true) <= 1)
