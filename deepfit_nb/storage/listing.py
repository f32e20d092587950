"""The history as the terminal shows it."""

from __future__ import annotations

import polars as pl
from rich.markup import escape
from rich.table import Table

from deepfit_nb.wording import words


def listing(history: pl.DataFrame, last: int) -> Table | str:
    """The sets of the ``last`` workouts of `History.table` in local time, the newest last, or that there is none."""
    if history.is_empty():
        return "No workout has been kept yet."
    shown = history["workout"].unique(maintain_order=True).tail(last)
    table = Table("began", "from", "exercise", "reps", "range", "faults (reps)")
    for row in history.filter(pl.col("workout").is_in(shown.implode())).iter_rows(named=True):
        table.add_row(
            f"{row['started_at'].astimezone():%Y-%m-%d %H:%M}",
            escape(row["source"]),
            words(row["exercise"]),
            f"{row['reps']}" + (f" (+{row['partial_reps']} partial)" if row["partial_reps"] else ""),
            f"{row['mean_rom_deg']:.0f}°" if row["mean_rom_deg"] is not None else "",
            escape(row["faults"].replace("_", " ")),
        )
    return table
