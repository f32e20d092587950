"""What is said, and when."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching import Fault, Rep, builtin_exercises
from deepfit_nb.coaching.cues import CueKeeper

SQUATS = builtin_exercises()["squats"]
CURLS = builtin_exercises()["bicep_curls"]
CLEAR, SLIGHT = 3.0, 1.2
#: The words of each fault that wants but one thing.
WORDS = {rule.id: rule.cue for exercise in (SQUATS, CURLS) for rule in exercise.faults}
UP, DOWN = "Curl all the way up", "Lower all the way down"


def rep(number: int, *, partial: bool = False, **faults: float) -> Rep:
    """A rep of two seconds with faults that exceed their limit by so many tolerances."""
    found = tuple(Fault(name, 0.0, 0.0, 2.0 * number, excess, WORDS[name]) for name, excess in faults.items())
    return Rep(number, 2.0 * number, 2.0 * number + 1, 2.0 * number + 2, 90.0, partial, found)


def said(reps: list[Rep], exercise: object = SQUATS) -> list[str | None]:
    """The id of the cue right after each rep."""
    keeper, cues = CueKeeper(exercise), []  # type: ignore[arg-type]
    for one in reps:
        keeper.add(one)
        cue = keeper.current(one.end_s)
        cues.append(cue and cue.id)
    return cues


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ([{"trunk_lean": CLEAR}], ["trunk_lean"]),
        ([{"trunk_lean": SLIGHT}], [None]),
        ([{"trunk_lean": SLIGHT}, {"trunk_lean": SLIGHT}], [None, "trunk_lean"]),
        ([{"trunk_lean": SLIGHT}, {}, {"trunk_lean": SLIGHT}], [None, "praise", "trunk_lean"]),
        ([{"trunk_lean": SLIGHT}, {}, {}, {"trunk_lean": SLIGHT}], [None, "praise", "praise", None]),
        ([{"trunk_lean": SLIGHT}, {"shallow_depth": SLIGHT}], [None, None]),
    ],
)
def test_one_clear_or_two_slight_occurrences_make_a_cue(
    faults: list[dict[str, float]], expected: list[str | None]
) -> None:
    assert said([rep(i, **each) for i, each in enumerate(faults)]) == expected


def test_of_two_faults_only_the_worse_is_named() -> None:
    assert said([rep(0, trunk_lean=3.0, shallow_depth=5.0)]) == ["shallow_depth"]
    assert said([rep(0, trunk_lean=5.0, shallow_depth=3.0)]) == ["trunk_lean"]


def test_a_major_fault_goes_before_a_minor_one() -> None:
    severity = {rule.id: rule.severity for rule in CURLS.faults}
    assert (severity["back_swing"], severity["elbow_drift"]) == ("major", "minor")
    assert said([rep(0, elbow_drift=9.0, back_swing=2.5)], CURLS) == ["back_swing"]


def test_a_cue_stays_until_the_rep_that_mends_it() -> None:
    keeper = CueKeeper(SQUATS)
    keeper.add(rep(0, trunk_lean=CLEAR))
    for time_s in (2.0, 5.0, 20.0):
        cue = keeper.current(time_s)
        assert cue is not None
        assert cue.id == "trunk_lean"
    keeper.add(rep(1, shallow_depth=SLIGHT))
    assert keeper.current(4.0) is None


def test_its_words_are_those_of_the_definition() -> None:
    keeper = CueKeeper(SQUATS)
    keeper.add(rep(0, trunk_lean=CLEAR))
    rule = next(rule for rule in SQUATS.faults if rule.id == "trunk_lean")
    cue = keeper.current(2.0)
    assert cue is not None
    assert (cue.text, cue.severity) == (rule.cue, rule.severity)


def short_curl(number: int, excess: float, cue: str) -> Rep:
    fault = Fault("short_range", 0.0, 0.0, 2.0 * number, excess, cue)
    return Rep(number, 2.0 * number, 2.0 * number + 1, 2.0 * number + 2, 90.0, False, (fault,))


@pytest.mark.parametrize("cue", [UP, DOWN])
def test_of_one_fault_that_may_want_two_things_the_one_is_said_that_was_wanted(cue: str) -> None:
    assert {rule.cue for rule in CURLS.faults if rule.id == "short_range"} == {UP, DOWN}
    keeper = CueKeeper(CURLS)
    keeper.add(short_curl(0, CLEAR, cue))
    said = keeper.current(2.0)
    assert said is not None
    assert said.text == cue


def test_two_slight_ones_that_want_different_things_are_not_yet_two() -> None:
    keeper = CueKeeper(CURLS)
    keeper.add(short_curl(0, SLIGHT, UP))
    keeper.add(short_curl(1, SLIGHT, DOWN))
    assert keeper.current(4.0) is None


def test_a_correction_outlasts_a_partial_rep_whose_form_is_not_judged() -> None:
    assert said([rep(0, trunk_lean=CLEAR), rep(1, partial=True)]) == ["trunk_lean", "trunk_lean"]


def test_praise_passes_by_itself_and_varies() -> None:
    keeper, texts = CueKeeper(SQUATS), set()
    for i in range(3):
        keeper.add(rep(i))
        praise = keeper.current(2.0 * i + 2)
        assert praise is not None
        assert (praise.id, praise.severity) == ("praise", "info")
        texts.add(praise.text)
    assert len(texts) > 1
    assert keeper.current(30.0) is None


def test_a_partial_rep_is_not_praised() -> None:
    assert said([rep(0, partial=True)]) == [None]
