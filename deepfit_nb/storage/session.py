"""The session file, ``<stem>.session.json``: what was done in one clip, as a contract for other tools (schema 1)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from deepfit_nb.coaching.report import Fault, Rep, WorkoutSet
from deepfit_nb.errors import MediaError
from deepfit_nb.kinematics import ViewName
from deepfit_nb.storage.atomic import atomic_write


def _rounded(digits: int) -> BeforeValidator:
    """Round to what the measurement carries; NaN and infinity, which JSON cannot hold, become null."""

    def rounded(value: float | None) -> float | None:
        return round(float(value), digits) if value is not None and math.isfinite(value) else None

    return BeforeValidator(rounded)


Seconds = Annotated[float, _rounded(3)]
#: A fault's value and limit: degrees for most, a ratio for some, so one more digit than an angle needs.
Measure = Annotated[float | None, _rounded(2)]
Degrees = Annotated[float | None, _rounded(1)]
Probability = Annotated[float | None, _rounded(3)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class FaultRecord(_Record):
    """A form fault: ``value`` broke ``limit`` (both in the unit of the fault's quantity) at ``at_s``."""

    id: str
    value: Measure
    limit: Measure
    at_s: Seconds

    @classmethod
    def of(cls, fault: Fault) -> Self:
        return cls(id=fault.id, value=fault.value, limit=fault.limit, at_s=fault.at_s)


class RepRecord(_Record):
    """One repetition; ``rom_deg`` is the range of motion of the exercise's signal joint."""

    start_s: Seconds
    peak_s: Seconds
    end_s: Seconds
    rom_deg: Degrees
    partial: bool
    faults: tuple[FaultRecord, ...] = ()

    @classmethod
    def of(cls, rep: Rep) -> Self:
        return cls(
            start_s=rep.start_s,
            peak_s=rep.peak_s,
            end_s=rep.end_s,
            rom_deg=rep.rom_deg,
            partial=rep.partial,
            faults=tuple(map(FaultRecord.of, rep.faults)),
        )


class SetRecord(_Record):
    """Consecutive reps of one exercise, partial ones included."""

    exercise: str
    start_s: Seconds
    end_s: Seconds
    confidence: Probability
    view: ViewName
    reps: tuple[RepRecord, ...] = ()

    @classmethod
    def of(cls, workout_set: WorkoutSet) -> Self:
        return cls(
            exercise=workout_set.exercise,
            start_s=workout_set.start_s,
            end_s=workout_set.end_s,
            confidence=workout_set.confidence,
            view=workout_set.view,
            reps=tuple(map(RepRecord.of, workout_set.reps)),
        )

    @property
    def count(self) -> int:
        """Full reps."""
        return sum(not rep.partial for rep in self.reps)


class Provenance(_Record):
    """With what the session was measured; null where it does not apply (a recording has no known pose model)."""

    deepfit_nb: str
    mediapipe: str | None = None
    pose_model_sha256: str | None = None
    classifier_sha256: str | None = None


class Session(_Record):
    """One analysed clip. Times are seconds, as in the table of its frames: since the first frame of a video, and of a
    recording as it has them, which may begin at any time; `duration_s` counts from its first frame."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    source: str
    duration_s: Seconds
    frames: int
    detected: int
    provenance: Provenance
    sets: tuple[SetRecord, ...] = ()

    @classmethod
    def of(
        cls,
        sets: Iterable[WorkoutSet],
        *,
        source: str,
        duration_s: float,
        frames: int,
        detected: int,
        provenance: Provenance,
    ) -> Self:
        """The session of what the coach's `finish` returned."""
        return cls(
            source=source,
            duration_s=duration_s,
            frames=frames,
            detected=detected,
            provenance=provenance,
            sets=tuple(map(SetRecord.of, sets)),
        )

    def save(self, path: str | Path) -> None:
        """Write the JSON file, whole or not at all."""
        with atomic_write(path) as temporary:
            temporary.write_text(self.model_dump_json(by_alias=True, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a session file; raises `MediaError` that names the file and the first thing wrong with it."""
        try:
            return cls.model_validate_json(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise MediaError(f"{path}: cannot be read ({error})") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "file"
            raise MediaError(f"{path}: not a session file of schema 1: {where}: {first['msg']}") from error
