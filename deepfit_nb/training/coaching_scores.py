"""What the coach made of a recording, against what was done."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from time import process_time

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.coaching import Coach, FrameReport, Rep, WorkoutSet, builtin_exercises
from deepfit_nb.kinematics.view import named_view
from deepfit_nb.training.coaching_cases import Case, KnownSet

#: A rep's start and end are right within this.
EDGE_S = 0.25


@dataclass(frozen=True, slots=True)
class SetScore:
    """One known set, or one recording of nothing (``exercise`` None).

    Attributes
    ----------
    reps, counted, stray
        Full reps done; those counted as the right exercise; those counted as another one in the same time.
    unseen
        How many of ``reps`` need not be counted, since they are missing from the recording.
    sets
        Into how many sets of the right exercise they were parted.
    start_errors_s, end_errors_s
        Found minus true, for every true rep that a counted one overlaps.
    fault, found, carried
        The fault that every rep has; in how many it was found; whether a rule for it speaks from this view at all.
    alarms
        Other faults by id, and the number of reps they were found in.
    alarmed
        Number of reps with at least one such fault.
    """

    case: str
    exercise: str | None
    reps: int
    unseen: int
    counted: int
    stray: int
    sets: int
    start_errors_s: tuple[float, ...] = ()
    end_errors_s: tuple[float, ...] = ()
    fault: str | None = None
    found: int = 0
    carried: bool = False
    alarms: dict[str, int] = field(default_factory=dict)
    alarmed: int = 0

    @property
    def error(self) -> int:
        """By how many reps the count is off."""
        missing = max(self.reps - self.unseen - self.counted, 0)
        return missing + max(self.counted - self.reps, 0) + self.stray

    @property
    def exact(self) -> bool:
        return self.error == 0


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A coach's run over one case: its reports, its sets, and the processor's time it took."""

    reports: tuple[FrameReport, ...]
    sets: tuple[WorkoutSet, ...]
    cpu_s: float


def run(coach: Coach, case: Case) -> Run:
    """Show a coach the whole recording."""
    reports = []
    started = process_time()
    for time_s, pose in case.recording:
        reports.append(coach.update(pose, time_s=time_s))
    sets = coach.finish()
    return Run(tuple(reports), sets, process_time() - started)


def score(case: Case, sets: Iterable[WorkoutSet]) -> list[SetScore]:
    """A score for each known set of the case, or the one of a case without any."""
    counted = [(one, rep) for one in sets for rep in one.reps if not rep.partial]
    if not case.sets:
        return [SetScore(case.name, None, 0, 0, counted=0, stray=len(counted), sets=0)]
    borders = [-math.inf, *_borders(case.sets), math.inf]
    scores = []
    for known, begin_s, end_s in zip(case.sets, borders, borders[1:], strict=False):
        here = [(one, rep) for one, rep in counted if begin_s <= rep.peak_s < end_s]
        right = [(one, rep) for one, rep in here if one.exercise == known.exercise]
        parts = len({id(one) for one, _ in right})
        scores.append(_score(case, known, [rep for _, rep in right], len(here) - len(right), parts))
    return scores


def _borders(sets: Sequence[KnownSet]) -> list[float]:
    """Moments half-way between one set and the next."""
    return [(one.edges_s[-1] + after.edges_s[0]) / 2 for one, after in pairwise(sets)]


def _score(case: Case, known: KnownSet, reps: list[Rep], stray: int, parts: int) -> SetScore:
    pairs = _matched(known.edges_s, reps)
    rules = [rule for rule in builtin_exercises()[known.exercise].faults if rule.id == known.fault]
    view = named_view(case.azimuth_deg).name
    alarms = [{fault.id for fault in rep.faults} - {known.fault} for rep in reps]
    return SetScore(
        case.name,
        known.exercise,
        known.reps,
        known.unseen,
        counted=len(reps),
        stray=stray,
        sets=parts,
        start_errors_s=tuple(rep.start_s - start_s for rep, start_s, _ in pairs),
        end_errors_s=tuple(rep.end_s - end_s for rep, _, end_s in pairs),
        fault=known.fault,
        found=sum(any(fault.id == known.fault for fault in rep.faults) for rep in reps) if known.fault else 0,
        carried=any(view in rule.views for rule in rules),
        alarms=dict(Counter(name for names in alarms for name in names)),
        alarmed=sum(bool(names) for names in alarms),
    )


def _matched(edges_s: tuple[float, ...], reps: list[Rep]) -> list[tuple[Rep, float, float]]:
    """Each true rep with the counted one whose peak lies within it."""
    pairs = []
    for start_s, end_s in pairwise(edges_s):
        rep = next((rep for rep in reps if start_s <= rep.peak_s < end_s), None)
        if rep is not None:
            pairs.append((rep, start_s, end_s))
    return pairs


def summary(scores: Sequence[SetScore]) -> dict[str, float]:
    """Figures over many sets; NaN where there is nothing to judge.

    Keys
    ----
    sets, exact
        Number of sets, and the share counted exactly (recordings of nothing count: they must have no rep).
    mae, obo
        Mean of |counted - done| / done, and the share of sets off by at most one, as published work has them.
    whole
        Share of sets that were not parted.
    starts_ok, ends_ok, start_p95_s, end_p95_s
        Share of reps whose start (end) is within `EDGE_S`, and the 95th percentile of the error without its sign.
    faults_found, faults_found_carried
        Share of the reps of fault sets with that fault found: of all, and of those in a view that can carry it.
    false_alarms
        Share of the reps of correct sets with any fault.
    """
    exercised = [one for one in scores if one.reps]
    starts, ends = (
        np.abs([error for one in exercised for error in getattr(one, name)])
        for name in ("start_errors_s", "end_errors_s")
    )
    faulty = [one for one in exercised if one.fault]
    correct = [one for one in exercised if not one.fault]
    return {
        "sets": len(scores),
        "exact": _mean([one.exact for one in scores]),
        "mae": _mean([one.error / one.reps for one in exercised]),
        "obo": _mean([one.error <= 1 for one in scores]),
        "whole": _mean([one.sets == 1 for one in exercised]),
        "starts_ok": _mean(starts <= EDGE_S),
        "ends_ok": _mean(ends <= EDGE_S),
        "start_p95_s": _percentile(starts, 95),
        "end_p95_s": _percentile(ends, 95),
        "faults_found": _found(faulty),
        "faults_found_carried": _found([one for one in faulty if one.carried]),
        "false_alarms": _ratio(sum(one.alarmed for one in correct), sum(one.counted for one in correct)),
    }


def _found(scores: Sequence[SetScore]) -> float:
    asked = sum(max(one.reps - one.unseen, one.found) for one in scores)
    return _ratio(sum(one.found for one in scores), asked)


def _mean(values: Sequence[float] | NDArray[np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else math.nan


def _percentile(values: NDArray[np.float64], percent: float) -> float:
    return float(np.percentile(values, percent)) if len(values) else math.nan


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
