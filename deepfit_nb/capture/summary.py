"""What ``deepfit analyze`` has found, as a table on standard output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from deepfit_nb.capture.analyze import Analysis
from deepfit_nb.capture.names import in_markup
from deepfit_nb.coaching import WorkoutSet
from deepfit_nb.wording import words

#: Where the table goes to a file or a pipe, there is no width that it must fit.
_WIDTH_OF_FILES: Final = 120


class Summary:
    """A row for each set; what concerns a whole source stands in its first."""

    def __init__(self) -> None:
        self._table = Table(box=SIMPLE_HEAD, header_style="bold")
        self._table.add_column("Source", overflow="fold", min_width=16)
        self._table.add_column("Exercise")
        self._table.add_column("Reps", justify="right", no_wrap=True)
        self._table.add_column("From, to", justify="right", no_wrap=True)
        self._table.add_column("Faults (reps)", min_width=8)
        self._table.add_column("Took", justify="right", no_wrap=True)
        self._table.add_column("fps", justify="right", no_wrap=True)

    def add(self, stem: str, result: Analysis) -> None:
        """The rows of a source, by the name of its results."""
        name, took = in_markup(stem), f"{result.elapsed_s:.1f} s"
        rate = f"{len(result.reports) / result.elapsed_s:.0f}"
        for index, workout_set in enumerate(result.sets):
            partial = len(workout_set.reps) - workout_set.count
            self._table.add_row(
                name if index == 0 else "",
                words(workout_set.exercise),
                f"{workout_set.count}" + (f" (+{partial} partial)" if partial else ""),
                f"{workout_set.start_s:.1f}-{workout_set.end_s:.1f} s",
                _faults(workout_set) or "[green]none[/]",
                *((took, rate) if index == 0 else ()),
            )
        if not result.sets:
            nothing = "[dim]no exercise[/]" if result.detected else "[dim]nobody[/]"
            self._table.add_row(name, nothing, "", "", "", took, rate)

    def show(self, out: Path) -> None:
        """Print it, and the folder of the results; nothing where nothing was added."""
        if not self._table.row_count:
            return
        output = Console()
        if not output.is_terminal:
            output.width = max(output.width, _WIDTH_OF_FILES)
        output.print(self._table)
        output.print(f"Results are in [bold]{in_markup(out)}[/]", highlight=False, soft_wrap=True)


@contextmanager
def shown_at_the_end(out: Path) -> Iterator[Summary]:
    """A summary that is shown also of a run that is interrupted: what is finished is finished."""
    summary = Summary()
    try:
        yield summary
    finally:
        summary.show(out)


def _faults(workout_set: WorkoutSet) -> str:
    reps_with = Counter(fault for rep in workout_set.reps for fault in {fault.id for fault in rep.faults})
    return ", ".join(f"{words(fault)} ({reps})" for fault, reps in reps_with.most_common())
