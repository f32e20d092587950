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
    """Keeps the sets of a workout as they grow, so that they are there even if the kernel is killed.

    A workout is written down with its first rep; one without reps leaves no trace. The history is opened when it is
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
        self._over = 0  # sets of this workout that are over and written down
        self._row_begins = 0  # how many of them are not in the history's workout, as an earlier one was deleted
        self._standing: tuple[WorkoutSet, ...] = ()  # those after them, as they are written down

    @cached_property
    def _history(self) -> History:
        return History(self._path)

    def begin(self, source: str) -> None:
        """A workout begins now; `source` says where its frames come from."""
        self._source, self._began = source, datetime.now(UTC)
        self._workout, self._over, self._row_begins, self._standing = None, 0, 0, ()

    def keep(self, ended: Sequence[WorkoutSet], standing: Sequence[WorkoutSet] = ()) -> None:
        """Write down what is new in this workout: sets that are over, and those `standing`, which may still change."""
        new, standing = tuple(ended[self._over :]), tuple(standing)
        if not new and standing == self._standing:
            return
        try:
            self._write(*new, *standing)
        except DeepFitError as error:
            if not isinstance(error.__cause__, NoResultFound):
                raise
            # It was deleted meanwhile; what was done since is kept in another.
            self._workout, self._row_begins = None, self._over
            self._write(*new, *standing)
        self._over, self._standing = len(ended), standing

    def past(self, limit: int = 5) -> list[dict[str, Any]]:
        """The latest workouts but for this one, newest first: id, local date, source, exercises and faults."""
        latest = [one for one in self._history.workouts(limit + 1) if one.id != self._workout]
        return [_entry(one) for one in latest[:limit]]

    def delete(self, workout: int) -> None:
        """Forget a workout, by its ``id`` in `past`."""
        self._history.delete(workout)

    def close(self) -> None:
        """Leave the file."""
        self._history.close()

    def _write(self, *sets: WorkoutSet) -> None:
        """Write sets down after those that are over, in place of what stood there."""
        if self._workout is None:
            self._workout = self._history.begin(self._source, started_at=self._began)
        self._history.rewrite(self._workout, self._over - self._row_begins, *sets)


def _entry(workout: Workout) -> dict[str, Any]:
    when = workout.started_at.replace(tzinfo=UTC).astimezone()
    reps: Counter[str] = Counter()
    for one in workout.sets:
        reps[one.exercise] += one.count
    faults = Counter(fault.name for one in workout.sets for rep in one.reps for fault in rep.faults)
    return {
        "id": workout.id,
        "date": f"{when.day} {when:%b, %H:%M}",
        "source": "" if workout.source == "webcam" else workout.source,
        "exercises": [{"title": words(name), "reps": count} for name, count in reps.items()],
        "faults": [{"title": words(name), "count": count} for name, count in faults.most_common()],
    }
