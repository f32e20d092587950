"""Clips in a folder, and the truth that stands beside them: ``NAME.npz`` or ``NAME.mp4``, and ``NAME.json``."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from deepfit_nb.errors import MediaError
from deepfit_nb.pose import PoseRecording
from deepfit_nb.recognition.classes import CLASSES

#: The later one is taken where a clip is there as both.
_SUFFIXES: Final = (".mp4", ".npz")


def media_in(folder: Path) -> dict[str, Path]:
    """Pose recordings and videos of a folder by name without suffix, in order of name."""
    try:
        paths = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _SUFFIXES and path.is_file()]
    except OSError as error:
        raise MediaError(f"{folder}: is no folder that can be read ({error.strerror})") from error
    named = {path.stem: path for path in sorted(paths, key=lambda path: _SUFFIXES.index(path.suffix.lower()))}
    return dict(sorted(named.items()))


def load_recording(path: Path) -> PoseRecording:
    """A pose recording, which must have frames; raises `MediaError`."""
    recording = PoseRecording.load(path)
    if not len(recording):
        raise MediaError(f"{path}: holds no frames; record it anew, or take it away")
    return recording


def named_activity(stem: str) -> str | None:
    """The class that a clip's name begins with."""
    return next((name for name in CLASSES if stem.startswith(name)), None)


def _known(name: str) -> str:
    if name not in CLASSES:
        raise ValueError(f"unknown activity {name!r}; known: {', '.join(CLASSES)}")
    return name


def _increasing(edges: tuple[float, ...]) -> tuple[float, ...]:
    if not all(one < after for one, after in pairwise(edges)):
        raise ValueError("the moments must increase")
    return edges


Activity = Annotated[str, AfterValidator(_known)]
#: Seconds at which reps begin, and at which the last one ends.
Edges = Annotated[tuple[Annotated[float, Field(allow_inf_nan=False)], ...], AfterValidator(_increasing)]


class _Truth(BaseModel):
    """Renderers add more than is asked for here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _TrueReps(_Truth):
    reps: Annotated[int, Field(ge=0)] | None = None
    rep_edges_s: Edges = ()
    fault: str | None = None

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if self.reps is not None and self.rep_edges_s and self.reps != len(self.rep_edges_s) - 1:
            raise ValueError(f"{self.reps} reps have {self.reps + 1} rep_edges_s, not {len(self.rep_edges_s)}")
        return self

    @property
    def count(self) -> int | None:
        """Number of reps; None where neither it nor their edges are known."""
        return self.reps if self.reps is not None or not self.rep_edges_s else len(self.rep_edges_s) - 1


class SetTruth(_TrueReps):
    """One set of a workout."""

    exercise: Activity


class FrameTruth(_Truth):
    """Degrees by joint and side (``knee_l``); what is not known is left out, null or NaN."""

    angles: dict[str, float | None] = {}
    trunk_lean: float | None = None


class ClipTruth(_TrueReps):
    """What is known of a clip; all may be left out. A workout has ``sets``, another clip one of its own."""

    exercise: Activity | None = None
    azimuth_deg: float = math.nan
    sets: tuple[SetTruth, ...] | None = None
    frames: tuple[FrameTruth, ...] = ()


def read_truth(path: Path) -> ClipTruth:
    """Read a truth; raises `MediaError` that names the file, and the field that is wrong."""
    try:
        return ClipTruth.model_validate_json(path.read_bytes())
    except OSError as error:
        raise MediaError(f"{path}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise MediaError(f"{path}: {field}: {first['msg']}" if field else f"{path}: {first['msg']}") from error
