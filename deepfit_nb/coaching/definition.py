"""Exercise definitions: one TOML file each, validated."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Final, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from deepfit_nb.coaching.framing import PARTS
from deepfit_nb.coaching.report import Severity
from deepfit_nb.errors import ExerciseError
from deepfit_nb.kinematics import ViewName, without_side
from deepfit_nb.kinematics.measures import DEGREES, INDEX
from deepfit_nb.kinematics.movements import MOVEMENT_OF, movement_in
from deepfit_nb.kinematics.stretch import columns


def _known_measure(name: str) -> str:
    if name not in INDEX and f"{name}_left" not in INDEX:
        known = sorted({without_side(measure) for measure in INDEX})
        raise ValueError(f"unknown measure {name!r}; choose one of {', '.join(known)}")
    return name


#: A name of `deepfit_nb.kinematics.measures.MEASURES`; without ``_left`` or ``_right`` it stands for both.
MeasureName = Annotated[str, AfterValidator(_known_measure)]


def _known_part(name: str) -> str:
    if name not in PARTS:
        raise ValueError(f"unknown part of the body {name!r}; choose one of {', '.join(PARTS)}")
    return name


#: A name of `deepfit_nb.coaching.framing.PARTS`.
BodyPart = Annotated[str, AfterValidator(_known_part)]

#: When the live count rises: as a rep returns to its start, at its far end, or at the one of the two that is higher or
#: lower. The far end of a squat is its bottom, that of a curl its top.
CountAt = Literal["return", "peak", "top", "bottom"]

#: What a fault rule looks at in a rep.
Statistic = Literal["min", "max", "peak", "rest", "excursion", "drop", "half_way"]

#: No rep lasts longer, whatever its definition says: it is judged on its frames, and `MotionMemory` keeps 30 seconds.
LONGEST_REP_S: Final = 25.0


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SignalMeasure(_Strict):
    """One measure that tells how far a rep has come: its value at the start of a rep and at the far end.

    Its expected error is taken ``doubt`` times: more than once where another of the measures tells the same better.
    """

    measure: MeasureName
    rest: float
    peak: float
    doubt: float = Field(default=1.0, ge=1)

    @model_validator(mode="after")
    def _moves(self) -> SignalMeasure:
        if self.rest == self.peak:
            raise ValueError(f"signal measure {self.measure}: rest and peak are both {self.rest}")
        return self


class Signal(_Strict):
    """How reps are seen.

    Attributes
    ----------
    joint
        The joint whose range of motion is reported.
    sides
        ``together``: both sides make one rep (squat). ``each``: a side may make a rep of its own (alternate curls).
    first
        What the way from rest to peak is: ``eccentric`` (squat, push-up) or ``concentric`` (curl, press).
    measures
        The measures whose mean, weighted by how well each is seen, is the progress of a rep.
    """

    joint: MeasureName
    sides: Literal["together", "each"]
    first: Literal["eccentric", "concentric"]
    measures: tuple[SignalMeasure, ...] = Field(min_length=1)

    def counts_at_peak(self, count_at: CountAt) -> bool:
        """Whether that moment is the far end, which is the bottom where a rep begins with its eccentric part."""
        return count_at in ("peak", "bottom" if self.first == "eccentric" else "top")


class Condition(_Strict):
    """A measure above or below some value, or both."""

    measure: MeasureName
    above: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.above is None and self.below is None:
            raise ValueError(f"{self.measure}: give 'above', 'below' or both")
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise ValueError(f"{self.measure}: nothing is above {self.above} and below {self.below}")
        return self

    def holds(self, values: ArrayLike) -> NDArray[np.bool_]:
        """Where values of the measure satisfy it; what is not known does."""
        low = -np.inf if self.above is None else self.above
        high = np.inf if self.below is None else self.below
        known = np.asarray(values, float)
        return ~((known < low) | (known > high))


class Posture(Condition):
    """A condition on the whole body without which a movement is no rep of this exercise, such as lying for a push-up.

    It is judged on the mean of the measure over the rep; ``at_peak`` on that over its far half only, for limbs that are
    hidden in the other one; or on the ``spread`` of it, between the tenth of the frames in which it is smallest and
    that in which it is largest.
    """

    judged: Literal["on_average", "at_peak", "spread"] = "on_average"


class FaultRule(_Strict):
    """A form fault: what is measured, when, and from where it can be seen.

    Several rules may share an id, for other views or other measures; a rep has a fault once, from the rule that is
    broken most clearly.

    Attributes
    ----------
    statistic
        ``min`` or ``max`` over the rep, ``peak`` or ``rest``: median over its far or near end, ``excursion``: largest
        rise above the value at the rep's start, ``drop``: largest fall below it, ``half_way``: the rise above it while
        the rep is about half done, for what cannot be seen at its far end.
    above, below
        The limit; exactly one is given. The rule breaks where the value is beyond it by more than ``tolerance``, and by
        more than the measure's expected error: half of it where the rep's start is what it is compared with and for
        ``peak`` and ``rest``, twice where ``min`` or ``max`` did not go far enough; of the worse of two sides alone,
        twice that. All of it shrinks, or grows, with what the rep looks like as a whole (`margin_factor`).
    tolerance
        What MediaPipe's own error is granted at least where the rep as a whole says nothing, in the measure's unit.
    views
        The views that can carry the claim; from others the rule keeps quiet, unless the rep as a whole looks like the
        fault and no other rule of it speaks from there.
    max_error
        The rule also keeps quiet where the measure's expected error is larger and the rep as a whole does not bear it
        out.
    where
        Only frames that satisfy this are looked at: in others the detector is known to be wrong.
    begun
        With ``excursion`` and ``above``: the measure must have risen by so much half-way, too. A limb that leaps at the
        far end alone is seen wrongly. Where nothing was seen half-way the rule keeps quiet.
    personal
        The limit was learnt from one person: what faults look like in general says nothing about it.
    """

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    measure: MeasureName
    statistic: Statistic
    above: float | None = None
    below: float | None = None
    tolerance: float = Field(ge=0)
    views: tuple[ViewName, ...] = Field(min_length=1)
    max_error: float = Field(default=20.0, gt=0)
    where: Condition | None = None
    begun: float | None = None
    personal: bool = False
    cue: str = Field(max_length=60)
    severity: Severity
    source: str

    @model_validator(mode="after")
    def _one_limit(self) -> FaultRule:
        if (self.above is None) == (self.below is None):
            raise ValueError(f"fault {self.id}: give either 'above' or 'below'")
        if self.begun is not None and (self.statistic != "excursion" or self.above is None):
            raise ValueError(f"fault {self.id}: 'begun' goes with an 'excursion' that is limited by 'above'")
        return self

    @property
    def limit(self) -> float:
        """The limit, whichever side it is on."""
        return self.above if self.above is not None else self.below  # type: ignore[return-value]

    @property
    def unit(self) -> str:
        """The unit of its value and limit: ``°``, or nothing for a ratio."""
        return "°" if DEGREES[list(columns(self.measure))].all() else ""

    @property
    def asks_for_more(self) -> bool:
        """It breaks where something was never reached, not where something was once exceeded."""
        too_small = self.statistic in ("max", "excursion", "drop") and self.below is not None
        return too_small or (self.statistic == "min" and self.above is not None)

    def excess(self, value: float) -> float:
        """By how much the value is beyond the limit; negative within it."""
        return value - self.above if self.above is not None else self.limit - value


class Exercise(_Strict):
    """An exercise: how its reps are counted and what is a fault."""

    name: str = Field(pattern=r"^[a-z][a-z_0-9]*$")
    title: str
    description: str
    signal: Signal
    postures: tuple[Posture, ...] = ()
    needs: tuple[BodyPart, ...] = Field(min_length=1)
    min_rep_s: float = Field(default=0.4, gt=0)
    max_rep_s: Annotated[float, AfterValidator(lambda given: min(given, LONGEST_REP_S))] = Field(default=12.0, gt=0)
    angles: tuple[MeasureName, ...] = Field(min_length=1)
    faults: tuple[FaultRule, ...] = ()

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.min_rep_s >= self.max_rep_s:
            raise ValueError(f"min_rep_s {self.min_rep_s} is not below max_rep_s {self.max_rep_s}")
        return self

    @property
    def movement(self) -> str | None:
        """What somebody does who does this, one of `deepfit_nb.kinematics.movements`.

        That of the exercise of this name, or else of what the signal looks at; None of a taught exercise.
        """
        looked_at = (movement_in(one.measure) for one in self.signal.measures)
        return MOVEMENT_OF.get(self.name) or next((movement for movement in looked_at if movement), None)

    def asks_for_range(self, rule: FaultRule) -> bool:
        """Whether a rule wants the movement to go further: a signal measure that is not small, or not large, enough."""
        return rule.asks_for_more and any(one.measure == rule.measure for one in self.signal.measures)

    def may_be_borne_out(self, rule: FaultRule, view: ViewName) -> bool:
        """Whether the rep as a whole may carry a rule's claim where this view, or so large an error, could not.

        It is the rule made for this view, or none of that fault is. That somebody did not go far enough is left to what
        was measured: a calibration may have learnt that they cannot.
        """
        if view == "unknown" or rule.asks_for_more:
            return False
        return view in rule.views or not any(view in other.views for other in self.faults if other.id == rule.id)

    @property
    def range_rules(self) -> dict[str, list[FaultRule]]:
        """The rules that ask to go further, by their cue: the same request, seen in several measures and views."""
        found: dict[str, list[FaultRule]] = {}
        for rule in self.faults:
            if self.asks_for_range(rule):
                found.setdefault(rule.cue, []).append(rule)
        return found

    @property
    def range_faults(self) -> set[str]:
        """Ids of the faults that ask to go further."""
        return {rule.id for rules in self.range_rules.values() for rule in rules}


def parse_exercise(text: str, origin: str) -> Exercise:
    """Read a definition from TOML text; raises `ExerciseError` that names `origin` and the field."""
    try:
        return Exercise.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ExerciseError(f"{origin}: not valid TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ExerciseError(f"{origin}: {problems}") from error


def read_exercise(path: str | Path) -> Exercise:
    """Read a definition from a file."""
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise ExerciseError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ExerciseError(f"{path}: not UTF-8, which TOML must be; save it again as UTF-8 ({error})") from error
    return parse_exercise(text, str(path))


@cache
def builtin_exercises() -> dict[str, Exercise]:
    """The exercises that come with the package, by name."""
    folder = resources.files("deepfit_nb.coaching") / "exercises"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    found = [parse_exercise(file.read_text("utf-8"), file.name) for file in files]
    return {exercise.name: exercise for exercise in found}
