"""Sets that are still in progress: of those in the tables, only what is new or has changed is written again.

A set grows by a rep at a time, and who writes it down has the next frame waiting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from deepfit_nb.coaching.report import Rep, WorkoutSet
from deepfit_nb.storage.tables import (
    StoredFault,
    StoredRep,
    StoredSet,
    fault_values,
    rep_values,
    set_values,
    stored_rep,
    stored_set,
)

#: A row of a table by the names of its columns, or the values that it is to have.
Values = Mapping[Any, Any]


def rewrite_sets(session: Session, workout_id: int, first: int, sets: Sequence[WorkoutSet]) -> None:
    """Put these in place of a workout's sets but for the `first` ones."""
    of_workout = select(StoredSet.__table__).where(StoredSet.workout_id == workout_id)
    stored = session.execute(of_workout.order_by(StoredSet.id).offset(first)).mappings().all()
    for row, workout_set in zip(stored, sets, strict=False):
        if not _same(row, set_values(workout_set)):
            session.execute(update(StoredSet).where(StoredSet.id == row["id"]).values(set_values(workout_set)))
        _rewrite_reps(session, row["id"], workout_set.reps)
    if surplus := [row["id"] for row in stored[len(sets) :]]:
        session.execute(delete(StoredSet).where(StoredSet.id.in_(surplus)))
    session.add_all(stored_set(workout_set, workout_id=workout_id) for workout_set in sets[len(stored) :])


def _rewrite_reps(session: Session, set_id: int, reps: Sequence[Rep]) -> None:
    """From the first rep that is not what stands there on, all are written anew, so that they stay in order."""
    of_set = select(StoredRep.__table__).where(StoredRep.set_id == set_id)
    stored = session.execute(of_set.order_by(StoredRep.id)).mappings().all()
    faults: dict[int, list[Values]] = defaultdict(list)
    of_reps = select(StoredFault.__table__).join(StoredRep).where(StoredRep.set_id == set_id)
    for row in session.execute(of_reps.order_by(StoredFault.id)).mappings():
        faults[row["rep_id"]].append(row)
    pairs = zip(stored, reps, strict=False)
    kept = len(list(takewhile(lambda pair: _same_rep(*pair, faults[pair[0]["id"]]), pairs)))
    if kept < len(stored):
        session.execute(delete(StoredRep).where(StoredRep.set_id == set_id, StoredRep.id >= stored[kept]["id"]))
    session.add_all(stored_rep(rep, set_id=set_id) for rep in reps[kept:])


def _same_rep(row: Values, rep: Rep, faults: Sequence[Values]) -> bool:
    return (
        _same(row, rep_values(rep))
        and len(faults) == len(rep.faults)
        and all(_same(stored, fault_values(fault)) for stored, fault in zip(faults, rep.faults, strict=True))
    )


def _same(row: Values, values: Values) -> bool:
    return all(row[name] == value for name, value in values.items())
