"""The user's workouts over time, in a small database on their own machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl
from sqlalchemy import URL, Engine, create_engine, event, select
from sqlalchemy.exc import NoResultFound, SQLAlchemyError
from sqlalchemy.orm import Session, selectinload

from deepfit_nb.coaching.report import WorkoutSet
from deepfit_nb.errors import DeepFitError
from deepfit_nb.storage.atomic import atomic_write, remedy
from deepfit_nb.storage.folder import DATA_VARIABLE, user_data_folder
from deepfit_nb.storage.rewriting import rewrite_sets
from deepfit_nb.storage.tables import Base, StoredRep, StoredSet, Workout, stored_set

#: Raised by one whenever the tables change; kept in the file as SQLite's user_version.
VERSION: Final = 1


class History:
    """Workouts, their sets, reps and faults. Safe to use from several processes and threads at once.

    Sets are stored as they finish, or as they stand (see `rewrite`), so that little is lost with a browser tab::

        history = History()
        workout = history.begin("webcam")
        history.add(workout, *coach.finish())
        history.table()

    Parameters
    ----------
    path
        The SQLite file; None: ``history.sqlite`` in `user_data_folder`.
    patience_s
        How long to wait for another program that writes at the moment. Not long: who writes down a set as it ends has
        the next frame waiting.
    """

    def __init__(self, path: str | Path | None = None, *, patience_s: float = 1.0) -> None:
        self.path = Path(path) if path else user_data_folder() / "history.sqlite"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DeepFitError(f"{self.path}: no folder can be made for the history ({error})") from error
        self._engine = _engine(self.path, patience_s)
        with self._guarded(), self._engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # of two that find no tables only one is to make them
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if found > VERSION:
                raise DeepFitError(
                    f"{self.path}: written by a newer DeepFit Notebook (format {found}); update this one, or move the "
                    "file away to begin a new history"
                )
            Base.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")

    def begin(self, source: str, *, started_at: datetime | None = None) -> int:
        """Note that a workout begins now (or at `started_at`, with its zone); returns its id, for `add`."""
        moment = (started_at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
        with self._session() as session:
            workout = Workout(started_at=moment, source=source)
            session.add(workout)
            session.flush()
            return workout.id

    def add(self, workout_id: int, *sets: WorkoutSet) -> None:
        """Store finished sets."""
        with self._session() as session:
            session.get_one(Workout, workout_id).sets += [stored_set(workout_set) for workout_set in sets]

    def rewrite(self, workout_id: int, first: int, *sets: WorkoutSet) -> None:
        """Store these in place of a workout's sets but for the `first` ones: what is in progress may still change."""
        with self._session() as session:
            session.get_one(Workout, workout_id)
            rewrite_sets(session, workout_id, first, sets)

    def workouts(self, limit: int = 50) -> list[Workout]:
        """The latest workouts in which something was done, newest first, with all that belongs to them."""
        query = (
            select(Workout)
            .where(Workout.sets.any())
            .options(selectinload(Workout.sets).selectinload(StoredSet.reps).selectinload(StoredRep.faults))
            .order_by(Workout.started_at.desc(), Workout.id.desc())
            .limit(limit)
        )
        with self._session() as session:
            return list(session.scalars(query))

    def delete(self, workout_id: int) -> None:
        """Forget a workout and all that belongs to it; nothing happens if there is none of that id."""
        with self._session() as session:
            if workout := session.get(Workout, workout_id):
                session.delete(workout)

    def table(self) -> pl.DataFrame:
        """One row a set, oldest first: workout, started_at (UTC), source, exercise, view, start_s, end_s, reps (full),
        partial_reps, mean_rom_deg (of the full reps; null if unknown) and faults (names and numbers of reps)."""
        rows = [
            _row(workout, stored) for workout in reversed(self.workouts(limit=1_000_000)) for stored in workout.sets
        ]
        return pl.DataFrame(rows, schema=_TABLE_SCHEMA, orient="row")

    def export(self, path: str | Path) -> None:
        """Write `table` as ``.csv``, ``.json`` or ``.parquet``, as the name says."""
        path = Path(path)
        table = self.table()
        writers: dict[str, Callable[[BytesIO], object]] = {
            ".csv": table.write_csv,
            ".json": table.write_json,
            ".parquet": table.write_parquet,
        }
        if path.suffix.lower() not in writers:
            raise DeepFitError(f"{path}: the history can be exported as .csv, .json or .parquet")
        content = BytesIO()
        writers[path.suffix.lower()](content)  # not to the file: polars has an error of its own where the disk is full
        try:
            with atomic_write(path) as temporary:
                temporary.write_bytes(content.getvalue())
        except OSError as error:
            reason = error.strerror or error
            raise DeepFitError(f"{path}: the history cannot be written there ({reason}); {remedy(error)}") from error

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self._guarded(), Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise DeepFitError(f"{self.path}: {_what_to_do(error)}") from error


def _what_to_do(error: SQLAlchemyError) -> str:
    if isinstance(error, NoResultFound):
        return "this workout is no longer in the history; begin a new one"
    original = getattr(error, "orig", None)
    reason = str(original or error)  # the database's own words, where they are its
    name = getattr(original, "sqlite_errorname", "")
    return next((advice for kind, advice in _ADVICE.items() if name.startswith(kind)), _DAMAGED).format(reason=reason)


#: By the beginning of SQLite's name of the error. Nobody is to put a sound history aside because the disk is full.
_ADVICE: Final = {
    "SQLITE_BUSY": "the history is in use ({reason}); close the other program that has it open, or try again",
    "SQLITE_LOCKED": "the history is in use ({reason}); close the other program that has it open, or try again",
    "SQLITE_FULL": "nothing more can be kept ({reason}); make room on that disk. The history itself is sound",
    "SQLITE_IOERR": "the disk does not do its work ({reason}); see that it has room and is connected, and try again",
    "SQLITE_READONLY": "the history cannot be written ({reason}); make the file and its folder writable",
    "SQLITE_CANTOPEN": "the history cannot be opened ({reason}); make its folder writable, or choose another with "
    + DATA_VARIABLE,
}
_DAMAGED: Final = "the history cannot be used ({reason}). If the file is damaged, move it away to begin a new one"


_TABLE_SCHEMA: Final[dict[str, Any]] = {
    "workout": pl.Int64,
    "started_at": pl.Datetime("us", "UTC"),
    "source": pl.String,
    "exercise": pl.String,
    "view": pl.String,
    "start_s": pl.Float64,
    "end_s": pl.Float64,
    "reps": pl.Int64,
    "partial_reps": pl.Int64,
    "mean_rom_deg": pl.Float64,
    "faults": pl.String,
}


def _row(workout: Workout, stored: StoredSet) -> tuple[object, ...]:
    roms = [rep.rom_deg for rep in stored.reps if not rep.partial and rep.rom_deg is not None]
    names = [fault.name for rep in stored.reps for fault in rep.faults]
    return (
        workout.id,
        workout.started_at.replace(tzinfo=UTC),
        workout.source,
        stored.exercise,
        stored.view,
        stored.start_s,
        stored.end_s,
        stored.count,
        len(stored.reps) - stored.count,
        sum(roms) / len(roms) if roms else None,
        ", ".join(f"{name} ({names.count(name)})" for name in sorted(set(names))),
    )


def _engine(path: Path, patience_s: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": patience_s, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    return engine
