"""The tables of the workout history."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from deepfit_nb.coaching.report import Fault, Rep, WorkoutSet


class Base(DeclarativeBase):
    """What SQLAlchemy hangs the tables on."""


class Workout(Base):
    """One run of the coach, from start to stop. ``started_at`` is UTC, without a zone."""

    __tablename__ = "workouts"
    __table_args__ = ({"sqlite_autoincrement": True},)  # the number of a workout that was deleted is not given again
    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[str]
    sets: Mapped[list[StoredSet]] = relationship(
        order_by="StoredSet.id", cascade="all, delete-orphan", passive_deletes=True
    )


class StoredSet(Base):
    """A finished set. Times are seconds since the workout started."""

    __tablename__ = "sets"
    id: Mapped[int] = mapped_column(primary_key=True)
    workout_id: Mapped[int] = mapped_column(ForeignKey("workouts.id", ondelete="CASCADE"), index=True)
    exercise: Mapped[str]
    start_s: Mapped[float]
    end_s: Mapped[float]
    confidence: Mapped[float | None]
    view: Mapped[str]
    reps: Mapped[list[StoredRep]] = relationship(
        order_by="StoredRep.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def count(self) -> int:
        """Full reps."""
        return sum(not rep.partial for rep in self.reps)


class StoredRep(Base):
    """A repetition, with more than the session file holds: side, tempo and symmetry, where the coach knew them."""

    __tablename__ = "reps"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    side: Mapped[str]
    partial: Mapped[bool]
    start_s: Mapped[float]
    peak_s: Mapped[float]
    end_s: Mapped[float]
    rom_deg: Mapped[float | None]
    concentric_s: Mapped[float | None]
    eccentric_s: Mapped[float | None]
    symmetry: Mapped[float | None]
    faults: Mapped[list[StoredFault]] = relationship(
        order_by="StoredFault.id", cascade="all, delete-orphan", passive_deletes=True
    )


class StoredFault(Base):
    """A form fault of a rep, as in `deepfit_nb.coaching.Fault`. ``name`` is its id there."""

    __tablename__ = "faults"
    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    value: Mapped[float | None]
    limit: Mapped[float | None]
    at_s: Mapped[float]


def stored_set(workout_set: WorkoutSet, **owner: int) -> StoredSet:
    """The rows of a set as the coach has it; `owner`: the ``workout_id``, where the set is not put into a `Workout`."""
    return StoredSet(**set_values(workout_set), reps=[stored_rep(rep) for rep in workout_set.reps], **owner)


def stored_rep(rep: Rep, **owner: int) -> StoredRep:
    """The rows of a rep; `owner`: the ``set_id``, where the rep is not put into a `StoredSet`."""
    return StoredRep(**rep_values(rep), faults=[StoredFault(**fault_values(fault)) for fault in rep.faults], **owner)


def set_values(workout_set: WorkoutSet) -> dict[str, Any]:
    """The columns of a set's own row, without what says where it belongs."""
    return {
        "exercise": workout_set.exercise,
        "start_s": workout_set.start_s,
        "end_s": workout_set.end_s,
        "confidence": _known(workout_set.confidence),
        "view": workout_set.view,
    }


def rep_values(rep: Rep) -> dict[str, Any]:
    """The same of a rep."""
    return {
        "number": rep.number,
        "side": rep.side,
        "partial": rep.partial,
        "start_s": rep.start_s,
        "peak_s": rep.peak_s,
        "end_s": rep.end_s,
        "rom_deg": _known(rep.rom_deg),
        "concentric_s": _known(rep.concentric_s),
        "eccentric_s": _known(rep.eccentric_s),
        "symmetry": _known(rep.symmetry),
    }


def fault_values(fault: Fault) -> dict[str, Any]:
    """The same of a fault."""
    return {"name": fault.id, "value": _known(fault.value), "limit": _known(fault.limit), "at_s": fault.at_s}


def _known(value: float) -> float | None:
    """A plain float (numpy's are not SQLite's); None for NaN, which SQLite would turn into NULL anyway."""
    return float(value) if math.isfinite(value) else None
