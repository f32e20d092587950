"""Where the reps of a set begin and end, seen together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepfit_nb.coaching.counted import CountedRep, borders
from deepfit_nb.coaching.counter import RepCounter
from tests.factories import cosine, edges


def rep(start_s: float, end_s: float, *, late_s: float = 0.0, early_s: float = 0.0) -> CountedRep:
    """A rep that is half-way up (down) at a quarter (three quarters) of its time, and seen to be shorter than it is."""
    up_s, peak_s, down_s = (start_s + part * (end_s - start_s) for part in (0.25, 0.5, 0.75))
    return CountedRep(start_s + late_s, up_s, peak_s, down_s, end_s - early_s, 1.0, 0.05, "both", settled=True)


@pytest.mark.parametrize(
    ("out", "part"),
    [
        ((1.0, 2.0), 1.0),
        ((1.5, 2.5), 0.5),
        ((2.0, 3.0), 0.0),
        ((2.1, 3.0), 0.0),
        ((1.4, 1.4), 1.0),  # out in a single frame
        ((2.4, 2.4), 0.0),
    ],
)
def test_overlap_is_the_part_of_the_shorter_one_that_both_share(out: tuple[float, float], part: float) -> None:
    one = CountedRep(0.5, 1.0, 1.5, 2.0, 2.5, 1.0, 0.05, "left")
    other = CountedRep(out[0] - 0.5, out[0], sum(out) / 2, out[1], out[1] + 0.5, 1.0, 0.05, "right")
    assert one.overlap(other) == other.overlap(one) == pytest.approx(part, abs=0.01)


def test_reps_that_follow_one_another_meet_half_way_and_the_outer_ends_follow_them() -> None:
    seen = [rep(start, start + 2.0, late_s=0.2, early_s=0.2) for start in (1.0, 3.0, 5.0)]
    assert np.ravel(borders(seen)) == pytest.approx([1, 3, 3, 5, 5, 7])


def test_reps_of_arms_that_see_saw_meet_half_way_however_far_they_overlap() -> None:
    seen = [rep(0, 4), rep(2, 6), rep(4, 8)]
    assert np.ravel(borders(seen)) == pytest.approx([1, 3, 3, 5, 5, 7])


@given(data=st.data())
def test_reps_never_overlap_and_hold_their_far_end(data: st.DataObject) -> None:
    """However early or late their ends are seen, and wherever they turn."""
    seen, last_s = [], 0.0
    for _ in range(data.draw(st.integers(1, 6))):
        start_s = last_s + data.draw(st.floats(0, 2))
        up_s, peak_s, down_s, last_s = np.cumsum([start_s + 0.1, *data.draw(st.tuples(*[st.floats(0.1, 2)] * 3))])
        early_s, late_s = data.draw(st.floats(-1, 0)), data.draw(st.floats(0, 1))
        seen.append(CountedRep(start_s + early_s, up_s, peak_s, down_s, last_s + late_s, 1.0, 0.05, "both"))
    found = borders(seen)
    assert all(start <= rep.peak_s <= end for rep, (start, end) in zip(seen, found, strict=True))
    assert all(end <= start for (_, end), (start, _) in pairwise(found))
    # What is its own alone is a rep's: the way out and the way back are no moments.
    assert all(start < rep.peak_s < end for rep, (start, end) in zip(seen, found, strict=True))


def test_a_pause_belongs_to_neither_rep() -> None:
    seen = [rep(1, 3, late_s=0.1, early_s=0.1), rep(3, 5, late_s=0.1, early_s=0.1), rep(9, 11, late_s=0.1)]
    assert np.ravel(borders(seen)) == pytest.approx([1, 3, 3, 5, 9, 11])


@pytest.mark.parametrize("apart_s", [0.0, 1e-6])
def test_reps_that_touch_meet_where_they_touch(apart_s: float) -> None:
    """The second one comes back sooner than the others, and the third sets out later."""
    seen = [rep(1, 3), rep(3, 5), rep(5 + apart_s, 7), rep(7, 9)]
    seen[1].down_s, seen[2].up_s = 4.2, 5.8
    assert np.ravel(borders(seen)) == pytest.approx([1, 3, 3, 5, 5, 7, 7, 9], abs=1e-3)


@pytest.mark.parametrize("count", [0, 1])
def test_a_lone_rep_stays_as_it_was_seen(count: int) -> None:
    seen = [rep(1, 3, late_s=0.2)] * count
    assert borders(seen) == [(1.2, 3.0)] * count


@pytest.mark.parametrize("tempo_s", [2.0, 4.5])
def test_dead_travel_at_the_turn_does_not_shift_the_borders(tempo_s: float) -> None:
    """An elbow that is locked out reads the same for the first quarter of the way."""
    times, amounts = cosine(4, tempo_s=tempo_s)
    counter = RepCounter(0.4, 12.0)
    signal = np.maximum(amounts - 0.15, 0) / 0.85
    seen = [
        found for t, p in zip(times.tolist(), signal.tolist(), strict=True) if (found := counter.update(t, p, 0.05))
    ]
    truth = edges(4, tempo_s=tempo_s).tolist()
    late_s = max(abs(one.start_s - start_s) for one, start_s in zip(seen, truth, strict=False))
    assert late_s > 0.05 * tempo_s
    found = borders(seen)
    assert [start for start, _ in found] == pytest.approx(truth[:-1], abs=0.04 * tempo_s)
    assert [end for _, end in found] == pytest.approx(truth[1:], abs=0.04 * tempo_s)
