"""When a set begins and ends, and which reps are in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.sets import CountedSet, SetKeeper
from deepfit_nb.recognition import NON_ACTIVITY
from tests.factories import recognition


@dataclass
class Reps:
    """A tracker that has the reps it is given, each from the moment it ends."""

    planned: list[CountedRep]
    reps: list[CountedRep] = field(default_factory=list)
    start_s: float = math.nan
    ahead: tuple[CountedRep, ...] = ()
    begun_s: list[float] = field(default_factory=list)

    def begin(self, since_s: float) -> None:
        """It need not look back."""
        self.begun_s.append(since_s)

    def follow(self, time_s: float) -> None:
        """It is given its reps."""

    def finish(self) -> None:
        """Nothing waits."""


def reps_at(*starts_s: float, span: float = 1.0) -> Reps:
    """Reps of two seconds that begin at those moments."""
    return Reps([rep_at(start, span) for start in starts_s])


def rep_at(start_s: float, span: float = 1.0) -> CountedRep:
    """A rep of two seconds."""
    up_s, peak_s, down_s, end_s = (start_s + later for later in (0.5, 1.0, 1.5, 2.0))
    return CountedRep(start_s, up_s, peak_s, down_s, end_s, span, 0.05, "both", settled=True)


def keep(
    trackers: dict[str, Reps],
    script: list[tuple[float, str]],
    until_s: float,
    fixed: str | None = None,
    doubt: tuple[float, float] = (math.inf, math.inf),
) -> list[tuple[str, list[float]]]:
    """Run the keeper at ten frames a second; each set's exercise and the starts of its reps.

    During ``doubt`` the answers of the script linger, with next to no probability.
    """
    keeper = SetKeeper(trackers, fixed)  # type: ignore[arg-type]
    for frame in range(int(until_s * 10)):
        now = frame / 10
        for tracker in trackers.values():
            tracker.reps = [rep for rep in tracker.planned if rep.end_s <= now]
        label = next((label for from_s, label in reversed(script) if now >= from_s), NON_ACTIVITY)
        keeper.update(now, recognition(label, 0.05 if doubt[0] <= now < doubt[1] else 0.9))
    keeper.finish(until_s)
    return [(one.exercise, [rep.start_s for rep in one.reps]) for one in keeper.closed]


def test_one_set_from_recognition_to_rest() -> None:
    sets = keep({"squats": reps_at(2, 4, 6)}, [(2.5, "squats"), (9, NON_ACTIVITY)], 25)
    assert sets == [("squats", [2, 4, 6])]


def test_reps_done_before_the_recogniser_was_sure_are_found() -> None:
    assert keep({"squats": reps_at(2, 4, 6)}, [(4.5, "squats")], 10) == [("squats", [2, 4, 6])]


def test_reps_long_before_are_not() -> None:
    assert keep({"squats": reps_at(2, 30, 32)}, [(31, "squats")], 36) == [("squats", [30, 32])]


@pytest.mark.parametrize("rest_s", [15, 40])
def test_a_rest_parts_two_sets(rest_s: float) -> None:
    again = 8 + rest_s
    sets = keep(
        {"squats": reps_at(2, 4, again, again + 2)},
        [(2, "squats"), (7, NON_ACTIVITY), (again, "squats"), (again + 5, NON_ACTIVITY)],
        again + 20,
    )
    assert sets == [("squats", [2, 4]), ("squats", [again, again + 2])]


@pytest.mark.parametrize("pause_s", [1, 3, 5])
def test_a_pause_of_some_seconds_does_not(pause_s: float) -> None:
    again = 6 + pause_s
    script = [(2, "squats"), (6.5, NON_ACTIVITY), (again + 0.5, "squats")]
    assert keep({"squats": reps_at(2, 4, again)}, script, again + 4) == [("squats", [2, 4, again])]


@pytest.mark.parametrize("other", [NON_ACTIVITY, "lunges"])
def test_nothing_is_lost_where_recognition_wavers_for_a_moment(other: str) -> None:
    script = [(2, "squats"), (5, other), (5.8, "squats")]
    trackers = {"squats": reps_at(2, 4, 6), "lunges": reps_at(4)}
    assert keep(trackers, script, 10) == [("squats", [2, 4, 6])]


@pytest.mark.parametrize(
    ("wrong_s", "sets"), [(2.0, ["squats"]), (4.0, ["squats"]), (6.0, ["squats", "jumping_jacks", "squats"])]
)
def test_another_exercise_must_be_seen_for_longer_in_the_middle_of_a_rep(wrong_s: float, sets: list[str]) -> None:
    squats = reps_at(2, 4, 6, 8, 10)
    squats.start_s = 2.0  # busy all the time
    script = [(2, "squats"), (5, "jumping_jacks"), (5 + wrong_s, "squats")]
    kept = keep({"squats": squats, "jumping_jacks": reps_at(5, 6.5)}, script, 14)
    assert [exercise for exercise, _ in kept] == sets


@pytest.mark.parametrize("long_s", [6, 11])
def test_a_fixed_exercise_is_not_parted_by_a_slow_rep(long_s: float) -> None:
    """The reps of the stand-in come all at once, as they end."""
    slow = reps_at(2, 4)
    slow.planned.append(CountedRep(6, 7, 8, 9, 6 + long_s, 1.0, 0.05, "both", settled=True))
    slow.start_s = 6.0
    assert keep({"squats": slow}, [], 8 + long_s, fixed="squats") == [("squats", [2, 4, 6])]


def test_a_set_is_counted_from_somewhat_before_it_was_recognised_and_not_from_before_the_last_one() -> None:
    squats, curls = reps_at(2, 4, 12), reps_at(21, 23)
    keep(
        {"squats": squats, "bicep_curls": curls},
        [(6, "squats"), (10, NON_ACTIVITY), (11, "squats"), (22, "bicep_curls")],
        40,
    )
    assert squats.begun_s == [pytest.approx(1.0)]  # nor anew where the set was only lost sight of
    assert curls.begun_s == [pytest.approx(18.2, abs=0.3)]
    again = reps_at(30)
    keep({"squats": again}, [], 40, fixed="squats")
    assert again.begun_s == []


def test_another_exercise_begins_another_set() -> None:
    trackers = {"squats": reps_at(2, 4), "jumping_jacks": reps_at(7, 9)}
    sets = keep(trackers, [(2, "squats"), (7.5, "jumping_jacks"), (12, NON_ACTIVITY)], 25)
    assert sets == [("squats", [2, 4]), ("jumping_jacks", [7, 9])]


def test_movements_at_rest_are_no_reps() -> None:
    trackers = {"squats": reps_at(2, 4, 10, 13), "lunges": reps_at(3, 11)}
    assert keep(trackers, [(2, "squats"), (7, NON_ACTIVITY)], 30) == [("squats", [2, 4])]


def test_an_exercise_that_was_recognised_without_a_rep_is_no_set() -> None:
    assert keep({"squats": reps_at()}, [(2, "squats"), (6, NON_ACTIVITY)], 20) == []


def test_a_fixed_exercise_needs_no_recognition_and_is_parted_by_pauses() -> None:
    sets = keep({"squats": reps_at(2, 4, 30, 32)}, [], 45, fixed="squats")
    assert sets == [("squats", [2, 4]), ("squats", [30, 32])]


@pytest.mark.parametrize(
    ("spans", "partial"),
    [
        ([1.0, 1.0, 0.4, 1.0], [False, False, True, False]),  # a short one among long ones
        ([0.3, 0.3, 0.3, 0.3], [False] * 4),  # short reps, all of them: a fault, not partial reps
        ([0.3, 0.3], [False] * 2),
        ([0.2], [True]),
        ([0.9], [False]),
    ],
)
def test_partial_is_judged_against_what_the_person_does(spans: list[float], partial: list[bool]) -> None:
    reps = [rep_at(2 * i, span) for i, span in enumerate(spans)]
    one = CountedSet("squats", earliest_s=0.0, seen_s=0.0, reps=reps)
    assert [rep.span < one.full_span for rep in reps] == partial
    assert one.partial_reps == sum(partial)


@pytest.mark.parametrize(
    ("doubt", "reps"),
    [
        ((8.2, 20), [2, 4, 6]),  # after the set
        ((0, 4.9), [4, 6, 8]),  # before it
        ((6.2, 20), [2, 4]),  # two after it
        ((4.2, 7.0), [2, 4, 6, 8]),  # in the middle
        ((0, 20), []),
    ],
)
def test_movements_at_either_end_are_no_reps_where_hindsight_says_so(
    doubt: tuple[float, float], reps: list[float]
) -> None:
    sets = keep({"squats": reps_at(2, 4, 6, 8)}, [(2, "squats"), (13, NON_ACTIVITY)], 25, doubt=doubt)
    assert sets == ([("squats", reps)] if reps else [])


@pytest.mark.parametrize(("fixed", "starts_s", "reps"), [(None, [4], 0), (None, [2, 4], 2), ("squats", [4], 1)])
def test_a_rep_alone_in_its_set_needs_more_to_be_believed(fixed: str | None, starts_s: list[int], reps: int) -> None:
    """A weight that is picked up looks like a curl, for a moment. The answers of the second half of 4..7 s say no."""
    sets = keep({"squats": reps_at(*starts_s)}, [(3, "squats"), (13, NON_ACTIVITY)], 25, fixed, doubt=(6, 20))
    assert sum(len(found) for _, found in sets) == reps


def test_a_rep_alone_stays_where_its_set_is_opened_again() -> None:
    script = [(3, "squats"), (7, "jumping_jacks"), (9, "squats")]
    assert keep({"squats": reps_at(4, 10), "jumping_jacks": reps_at()}, script, 20, doubt=(6, 8)) == [
        ("squats", [4, 10])
    ]


def test_a_set_that_goes_on_has_its_doubtful_reps_back() -> None:
    script = [(2, "squats"), (20, NON_ACTIVITY)]
    assert keep({"squats": reps_at(2, 4, 6, 11)}, script, 30, doubt=(6, 9.5)) == [("squats", [2, 4, 6, 11])]


def test_a_doubtful_rep_of_long_ago_does_not_come_back() -> None:
    """The set stays open, since the answer lingers; the frames of that rep are forgotten."""
    assert keep({"squats": reps_at(2, 4, 6, 44)}, [(2, "squats")], 50, doubt=(6, 43)) == [("squats", [2, 4, 44])]


def test_a_rep_that_becomes_part_of_another_while_it_waits_is_not_taken() -> None:
    rep = rep_at(2)
    trackers = {"squats": Reps([])}
    keeper = SetKeeper(trackers)  # type: ignore[arg-type]
    taken: list[CountedRep] = []
    for frame in range(20, 65):
        now = frame / 10
        if now == 4.2:  # it has been waiting for a moment
            rep.merged = True
        trackers["squats"].reps = [rep] if rep.end_s <= now and not rep.merged else []
        taken += keeper.update(now, recognition("squats" if now < 2.4 or now >= 4.3 else NON_ACTIVITY))
    assert taken == []


def test_a_rep_whose_way_back_the_stream_cuts_off_is_doubted_too() -> None:
    squats = reps_at(2, 4, 6)
    squats.planned[-1].settled = False
    assert keep({"squats": squats}, [(2, "squats")], 8.5, doubt=(6.8, 9)) == [("squats", [2, 4])]


def test_an_exercise_chosen_by_the_user_is_not_doubted() -> None:
    sets = keep({"squats": reps_at(2, 4, 6)}, [], 12, fixed="squats", doubt=(0, 20))
    assert sets == [("squats", [2, 4, 6])]


def test_a_rep_that_was_not_supported_is_not_taken_up_again_much_later() -> None:
    """Its frames are forgotten by then. The evidence against it is the first to be forgotten."""
    trackers = {"squats": reps_at(2, 4, 8, 12, 14)}
    script = [(2, "squats"), (7.5, NON_ACTIVITY), (11.5, "squats")]
    ((_, starts),) = keep(trackers, script, 52)
    assert starts == sorted(starts)


def test_what_belongs_to_no_set_teaches_nothing_of_the_person() -> None:
    """Steps before the first lunge, done while the answer was another, or in the run-up to where it is looked for."""
    lunges = reps_at(0.5, 3, 8, 10, 12)
    ((_, starts),) = keep({"lunges": lunges}, [(7, "lunges")], 30)
    assert starts == [8, 10, 12]
    assert [rep.valid for rep in lunges.planned] == [False, False, True, True, True]
