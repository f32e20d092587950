"""The ``deepfit`` command, and its sub-commands for whoever trains; those for whoever makes models are in `cli_models`.

Each sub-command imports what it needs when it runs, so that ``deepfit --help`` is quick.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape

from deepfit_nb import __version__
from deepfit_nb.cli_models import app as models_app
from deepfit_nb.errors import DeepFitError
from deepfit_nb.pose.bundle import Variant

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

PoseModel = Annotated[Variant, typer.Option(help="Size of the pose model: the larger, the slower and more exact.")]


def main() -> None:
    """Entry point. Errors that a user can mend are shown without a traceback; the exit code is then 1."""
    console = Console(stderr=True)
    logging.basicConfig(
        level=logging.WARNING,
        format="%(message)s",
        handlers=[RichHandler(console=console, show_time=False, show_path=False, show_level=False)],
    )
    logging.getLogger("deepfit_nb").setLevel(logging.INFO)
    try:
        app()
    except DeepFitError as error:
        console.print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        raise SystemExit(1) from None


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def deepfit(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """A personal trainer in a notebook: recognises exercises, counts reps, corrects form."""


@app.command()
def setup(pose_model: PoseModel = "full") -> None:
    """Check this machine, and get the pose model. `deepfit dashboard` does so by itself."""
    from deepfit_nb.pose.bundle import ensure_bundle
    from deepfit_nb.system import require_system_libraries

    require_system_libraries()
    bundle = ensure_bundle(pose_model)
    typer.echo(f"ready: pose model {bundle.path} (SHA-256 {bundle.sha256[:12]}…)")


@app.command()
def dashboard(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1; the next free one is taken where it is in use.")
    ] = 8866,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the live trainer in the browser."""
    from deepfit_nb.dashboard.serve import serve

    setup()
    serve(port=port, open_browser=browser)


@app.command()
def analyze(
    sources: Annotated[list[Path], typer.Argument(help="Video files, pose recordings (.npz), or folders of them.")],
    out: Annotated[Path, typer.Option(help="Folder for the results; made where it is not there.")],
    exercise: Annotated[
        str | None,
        typer.Option(help="The exercise, where it is known, built-in or taught; else it is recognised."),
    ] = None,
    save_recording: Annotated[
        bool, typer.Option("--save-recording", help="Also keep the poses of videos, as .npz.")
    ] = False,
    pose_model: PoseModel = "full",
) -> None:
    """Count reps and find form faults in files; for each, write STEM.session.json and STEM.frames.parquet.

    The exit code is 1 where nothing could be analysed in some source; the others are still analysed.
    """
    # OpenCV and its FFmpeg remark on damaged files in words of their own; what matters is said by DeepFit.
    os.environ |= {"OPENCV_LOG_LEVEL": "ERROR", "OPENCV_FFMPEG_LOGLEVEL": "-8"}
    from deepfit_nb.system import require_system_libraries

    require_system_libraries()
    from deepfit_nb.capture.batch import analyze_all

    complete = analyze_all(
        sources, out, exercise=exercise, variant=pose_model, save_recording=save_recording, console=Console(stderr=True)
    )
    if not complete:
        raise typer.Exit(1)


@app.command()
def history(
    export: Annotated[
        Path | None, typer.Option(help="Write all of them to this file instead: .csv, .json or .parquet.")
    ] = None,
    last: Annotated[int, typer.Option(min=1, help="How many of the latest workouts to show.")] = 10,
) -> None:
    """Show the sets of your latest workouts, as the dashboard has kept them."""
    from deepfit_nb.storage import History
    from deepfit_nb.storage.listing import listing

    with History() as kept:
        if export is not None:
            kept.export(export)
            typer.echo(f"sets kept so far: {len(kept.table())}, written to {export}")
        else:
            Console().print(listing(kept.table(), last))


@app.command()
def bench(
    live: Annotated[bool, typer.Option(help="Also measure the dashboard, in a browser.")] = True,
) -> None:
    """Measure speed and counts on this machine against what is promised; the exit code is 1 where one is not kept."""
    from deepfit_nb.bench import bench as measure

    if not measure(Console(), live=live):
        raise typer.Exit(1)


app.add_typer(models_app)


if __name__ == "__main__":
    main()
