"""``deepfit analyze``: many sources in one run, with a progress bar."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from deepfit_nb.capture.analyze import Analysis, analyze
from deepfit_nb.capture.names import in_markup
from deepfit_nb.capture.sources import find_sources, output_stems, unique
from deepfit_nb.capture.summary import shown_at_the_end
from deepfit_nb.errors import DeepFitError, MediaError
from deepfit_nb.pose.bundle import Variant
from deepfit_nb.storage.atomic import concerns_all, prepare_folder, remedy

_log = logging.getLogger(__name__)


def analyze_all(
    paths: Iterable[Path],
    out: Path,
    *,
    exercise: str | None = None,
    variant: Variant = "full",
    save_recording: bool = False,
    console: Console,
) -> bool:
    """Analyse every source, write its files to the folder `out`, and print what was found.

    Progress and complaints go to `console`, the summary to standard output, also where the run is interrupted; then
    what is kept is said as well. A source that cannot be analysed is named with the reason, and the others are still
    analysed; but where nothing can be written to `out` any more, the run ends.

    Returns
    -------
    True if something was analysed in every source.
    """
    _prepare(out)
    sources, complaints = _collect(paths, out)
    for complaint in complaints:
        _complain(console, complaint)
    failed, kept = len(complaints), 0
    try:
        with shown_at_the_end(out) as summary, _progress(console) as progress:
            overall = progress.add_task("All", total=len(sources), unit="files", visible=len(sources) > 1)
            for source, stem in output_stems(sources).items():
                task = progress.add_task(in_markup(source.name), total=None, unit="frames")

                def on_frame(done: int, expected: int, task: TaskID = task) -> None:
                    progress.update(task, completed=done, total=max(done, expected))

                try:
                    result = analyze(source, exercise=exercise, variant=variant, on_frame=on_frame)
                    _save(result, out, stem, recording=save_recording)
                except Exception as error:
                    _complain(console, _reason(source, error))
                    failed += 1
                    continue
                finally:
                    progress.remove_task(task)
                    progress.advance(overall)
                kept += 1
                for warning in result.warnings:
                    _say(console, "yellow", "warning", warning)
                if not result.detected:
                    failed += 1
                    _complain(console, f"{source}: {_nobody(len(result.reports))}")
                summary.add(stem, result)
    except KeyboardInterrupt:
        _say(console, "yellow", "stopped", _kept(kept, len(sources), out))
        raise
    return not failed


def _prepare(out: Path) -> None:
    try:
        prepare_folder(out)
    except OSError as error:
        reason = error.strerror or error
        raise MediaError(
            f"{out}: cannot be made a folder for the results ({reason}); {remedy(error)} with --out"
        ) from error


def _save(result: Analysis, out: Path, stem: str, *, recording: bool) -> None:
    try:
        result.save(out, stem, recording=recording)
    except OSError as error:
        kind = DeepFitError if concerns_all(error) else MediaError
        reason = error.strerror or error
        raise kind(f"{result.source}: its results cannot be written to {out} ({reason}); {remedy(error)}") from error


def _reason(source: Path, error: Exception) -> str:
    """What to say of a source that failed; raises `error` again where all the others would fail of it too."""
    if isinstance(error, MediaError | OSError):
        return str(error)
    if isinstance(error, DeepFitError):
        raise error
    _log.error("%s: a fault of DeepFit Notebook, please report it", source, exc_info=error)
    return f"{source}: could not be analysed ({type(error).__name__}: {error}); the other sources are not affected"


def _nobody(frames: int) -> str:
    where = "its only frame" if frames == 1 else f"any of its {frames} frames"
    return f"nobody was seen in {where} (detected 0). Film so that all of the body is in the picture"


def _kept(kept: int, sources: int, out: Path) -> str:
    """What a run leaves that is stopped by its user."""
    if not kept:
        return "nothing was finished, so nothing is kept"
    return f"the results of {kept} of {sources} files are kept in {out}; the others can be analysed by themselves"


def _collect(paths: Iterable[Path], out: Path) -> tuple[list[Path], list[str]]:
    sources: list[Path] = []
    complaints = []
    for path in paths:
        try:
            sources += find_sources(path, out=out)
        except (MediaError, OSError) as error:
            complaints.append(str(error))
    return unique(sources), complaints


def _complain(console: Console, message: str) -> None:
    _say(console, "red", "error", message)


def _say(console: Console, colour: str, kind: str, message: str) -> None:
    console.print(f"[{colour}]{kind}:[/] {in_markup(message)}", highlight=False, soft_wrap=True)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
