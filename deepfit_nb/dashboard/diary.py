"""`Diary`: what the live trainer writes into the history, and reads from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy.exc import NoResultFound

from deepfit_nb.coaching import WorkoutSet
from deepfit_nb.errors import DeepFitError
from deepfit_nb.storage import History
from deepfit_nb.storage.tables import Workout
from deepfit_nb.wording import words


class Diary:
    """Keeps the sets of a workout as they end, so that they are there even if the kernel is killed.

    A workout is written down with its first set; one without sets leaves no trace. The history is opened when it is
    first needed. All methods raise `DeepFitError` where it cannot be used.

    Parameters
    ----------
    path
        The file of the `History`; None: the user's own.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._path = path
        self._source = ""
        self._began = datetime.now(UTC)
        self._workout: int | None = None
        self._kept = 0

    @cached_property
    def _history(self) -> History:
        return History(self._path)

    def begin(self, source: str) -> None:
        """A workout begins now; `source` says where its frames come from."""
        self._source, self._began = source, datetime.now(UTC)
        self._workout, self._kept = None, 0

    def keep(self, ended: Sequence[WorkoutSet]) -> None:
        """Write down what is new among the sets of this workout that are over."""
        new = ended[self._kept :]
        if not new:
            return
        try:
            self._history.add(self._row(), *new)
        except DeepFitError as error:
            if not isinstance(error.__cause__, NoResultFound):
                raise
            self._workout = None  # it was deleted meanwhile; what was done since is kept in another
            self._history.add(self._row(), *new)
        self._kept = len(ended)

    def past(self, limit: int = 5) -> list[dict[str, Any]]:
        """The latest workouts but for this one, newest first: local date, source, exercises and faults, to show."""
        latest = [one for one in self._history.workouts(limit + 1) if one.id != self._workout]
        return [_entry(one) for one in latest[:limit]]

    def close(self) -> None:
        """Leave the file."""
        self._history.close()

    def _row(self) -> int:
        if self._workout is None:
            self._workout = self._history.begin(self._source, started_at=self._began)
        return self._workout


def _entry(workout: Workout) -> dict[str, Any]:
    when = workout.started_at.replace(tzinfo=UTC).astimezone()
    reps: Counter[str] = Counter()
    for one in workout.sets:
        reps[one.exercise] += one.count
    faults = Counter(fault.name for one in workout.sets for rep in one.reps for fault in rep.faults)
    return {
        "date": f"{when.day} {when:%b, %H:%M}",
        "source": "" if workout.source == "webcam" else workout.source,
        "exercises": [{"title": words(name), "reps": count} for name, count in reps.items()],
        "faults": [{"title": words(name), "count": count} for name, count in faults.most_common()],
    }
