"""Teaching by demonstration: a few reps in front of the camera become an exercise that the coach counts."""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
import tomli_w
from pydantic import ValidationError

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.definition import Exercise, Posture, Signal, SignalMeasure
from deepfit_nb.coaching.demonstration import (
    Demonstration,
    Follower,
    coached,
    find_demonstration,
    observe,
    rise,
    trunk_travel,
)
from deepfit_nb.coaching.framing import PARTS
from deepfit_nb.errors import ExerciseError
from deepfit_nb.kinematics import TRIPLES
from deepfit_nb.kinematics.general import USED_BY
from deepfit_nb.kinematics.measures import MEASURES
from deepfit_nb.kinematics.stretch import Stretch, columns, combined
from deepfit_nb.pose import PoseRecording

#: A demonstration has at least this many reps.
_FEWEST: Final = 2
#: A measure is part of the signal when it is at least this clear, and this part as clear as the clearest.
_CLEAR: Final = 2.5
_NEARLY: Final = 0.4
_MOST_MEASURES: Final = 3
#: Arms may take turns. But where shoulders or hips move along, by this part of the trunk's length, or the feet step
#: apart so clearly, both sides make one rep.
_STILL: Final = 0.3
_STEPS: Final = 4.0
#: A posture may differ from the one shown by this much; bounds outside the range that a body can reach say nothing.
_POSTURES: Final[dict[str, tuple[float, float, float]]] = {
    "trunk_lean": (45.0, 20.0, 90.0),
    "hip_height": (0.45, 0.0, 1.0),
    "elbow_height": (0.7, -1.0, 1.0),
}
#: Where these measures of legs and trunk change by so much, they make the rep; what the arms do with it is a matter of
#: style.
_BODY: Final[dict[str, float]] = {"knee": 25.0, "hip": 25.0, "trunk_lean": 25.0, "hip_height": 0.12}


def teach(
    recording: PoseRecording,
    name: str,
    *,
    reps: int | None = None,
    title: str | None = None,
    first: Literal["eccentric", "concentric"] | None = None,
) -> Exercise:
    """An exercise that counts what the recording shows.

    Parameters
    ----------
    recording
        A few reps of one exercise, at best with a moment of standing (or lying) ready before and after them; coming and
        going may be on it too.
    name
        Name of the exercise: lower-case letters, digits and underscores.
    reps
        How many reps were done, where known: an exercise that counts another number is not accepted then.
    title
        What people read; by default made of the name.
    first
        Whether a rep begins by lowering (``eccentric``) or by lifting; by default whichever way the body's mass goes.

    Raises
    ------
    ExerciseError
        Where fewer than two reps are seen, or none of the definitions tried counts the recording.
    """
    stretch = observe(recording)
    if len(stretch.times) == 0:
        raise ExerciseError(f"{name}: nobody is seen in the recording; record it again with all of the body in view")
    shown = {together: find_demonstration(stretch, together=together) for together in (True, False)}
    for together in _order(recording, shown):
        found = shown[together]
        expected = reps if reps is not None else _done(found)
        if expected < _FEWEST:
            continue
        for most in range(_MOST_MEASURES, 0, -1):
            way = first or ("concentric" if rise(recording, found.reps) > 0 else "eccentric")
            exercise = _define(name, title, found, together=together, first=way, most=most)
            if exercise is not None and _counted(exercise, recording, found) == expected:
                return exercise
    seen = max(_done(found) for found in shown.values())
    asked = f", not {reps}" if reps not in (None, seen) else ""
    raise ExerciseError(
        f"{name}: {seen} alike reps are seen in the recording{asked}, and no rule was found that counts them. Record "
        "it again: stand ready for a moment, do four or five full reps of the same kind, stand still again; turn so "
        "that the camera sees the joint that moves from the side"
    )


def to_toml(exercise: Exercise) -> str:
    """The definition as TOML, as `deepfit_nb.coaching.read_exercise` reads it."""
    return tomli_w.dumps(exercise.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


def _order(recording: PoseRecording, shown: dict[bool, Demonstration]) -> list[bool]:
    """Whether both sides make one rep: the likelier answer first."""
    alone = shown[False]
    if not alone.reps:
        return [True, False]
    legs = alone.followers[0].measure in ("knee", "hip")
    jumps = any(one.measure == "feet_apart" and one.clarity > _STEPS for one in shown[True].followers)
    moves = trunk_travel(recording, alone.reps) > _STILL
    return [True, False] if legs or jumps or moves else [False, True]


def _done(found: Demonstration) -> int:
    """Reps shown; two sides at once make one."""
    counted = 0
    for index, rep in enumerate(sorted(found.reps, key=lambda rep: rep.start_s)):
        earlier = sorted(found.reps, key=lambda rep: rep.start_s)[:index]
        counted += not any(rep.side != other.side and rep.overlap(other) > 0.4 for other in earlier[-2:])
    return counted


def _counted(exercise: Exercise, recording: PoseRecording, found: Demonstration) -> int:
    """Full reps that the coach counts where they were shown."""
    start_s, end_s = (float(found.stretch.times[index]) for index in (0, -1))
    reps = [rep for one in coached(exercise, recording) for rep in one.reps if not rep.partial]
    return sum(start_s <= rep.peak_s <= end_s for rep in reps)


def _define(
    name: str,
    title: str | None,
    found: Demonstration,
    *,
    together: bool,
    first: Literal["eccentric", "concentric"],
    most: int,
) -> Exercise | None:
    """A definition by up to `most` measures; None where no joint angle is clear enough to report."""
    clear = [one for one in found.followers if one.clarity >= _CLEAR]
    body = [one for one in clear if abs(one.peak - one.rest) >= _BODY.get(one.measure, math.inf)]
    by_legs = bool(_joints(body))
    clear = body if by_legs else clear
    joints = _joints(clear)
    if not joints:
        return None
    picked = [one for one in clear if one.clarity >= _NEARLY * clear[0].clarity][:most]
    lengths = [rep.end_s - rep.start_s for rep in found.reps]
    try:
        return Exercise(
            name=name,
            title=title or name.replace("_", " ").capitalize(),
            description=f"Taught from {_done(found)} reps.",
            signal=Signal(
                joint=joints[0].measure,
                sides="together" if together else "each",
                first=first,
                measures=tuple(_signal_measure(one) for one in picked),
            ),
            postures=_postures(found, ["trunk_lean", "hip_height", *([] if by_legs else ["elbow_height"])]),
            needs=_needs([joints[0], *picked]),
            min_rep_s=round(float(np.clip(0.2 * min(lengths), 0.3, 0.6)), 2),
            max_rep_s=round(max(12.0, 3 * max(lengths)), 1),
            angles=tuple(one.measure for one in joints[:3]),
        )
    except ValidationError as error:
        wrong = error.errors()[0]
        fit = "use lower-case letters, digits and underscores, a letter first"
        hint = fit if "name" in wrong["loc"] else wrong["msg"]
        raise ExerciseError(f"{name!r} cannot be taught: {hint}") from error


def _joints(followers: list[Follower]) -> list[Follower]:
    return [one for one in followers if f"{one.measure}_left" in TRIPLES]


def _signal_measure(one: Follower) -> SignalMeasure:
    digits = 0 if abs(one.peak - one.rest) > 5 else 2
    return SignalMeasure(measure=one.measure, rest=round(one.rest, digits), peak=round(one.peak, digits))


def _postures(found: Demonstration, measures: list[str]) -> tuple[Posture, ...]:
    """What all reps shown have in common, with room for other bodies and cameras."""
    postures = []
    for measure in measures:
        margin, least, greatest = _POSTURES[measure]
        means, errors = zip(*(_mean(measure, found.stretch, rep) for rep in found.reps), strict=True)
        if max(errors) > margin / 2:
            continue
        above, below = min(means) - margin, max(means) + margin
        digits = 0 if margin > 5 else 2
        if above > least or below < greatest:
            postures.append(
                Posture(
                    measure=measure,
                    above=round(above, digits) if above > least else None,
                    below=round(below, digits) if below < greatest else None,
                )
            )
    return tuple(postures)


def _mean(measure: str, stretch: Stretch, rep: CountedRep) -> tuple[float, float]:
    """A measure's mean over a rep, and its expected error."""
    values, errors = combined(measure, stretch, rep.side)
    during = (stretch.times >= rep.start_s) & (stretch.times <= rep.end_s)
    return float(np.nanmean(values[during])), float(np.nanmedian(errors[during]))


def _needs(measured: list[Follower]) -> tuple[str, ...]:
    used = {landmark for one in measured for column in columns(one.measure) for landmark in USED_BY[MEASURES[column]]}
    return tuple(part for part, pair in PARTS.items() if set(pair) & used)
