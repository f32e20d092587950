"""The rep counter: a state machine over one progress signal, driven by timestamps."""

from __future__ import annotations

import math
from collections import deque
from statistics import fmean
from typing import Final

from deepfit_nb.coaching.beginning import first_turns
from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.edges import crossings
from deepfit_nb.coaching.excursion import Excursion
from deepfit_nb.coaching.gaps import GapWatch
from deepfit_nb.coaching.habit import Habit
from deepfit_nb.coaching.jitter import Jitter
from deepfit_nb.coaching.points import Frame, Point
from deepfit_nb.coaching.rhythm import steady_between, steady_within
from deepfit_nb.coaching.turns import out_again, time_out_s
from deepfit_nb.coaching.way_back import WayBack
from deepfit_nb.kinematics.stretch import Side

#: The low that a rise is measured from is no older than this.
_RECENT_S: Final = 4.0
#: A fall of this part of the rise ends it. High, so that a bounce at the far end does not count twice.
_FALL: Final = 0.65
#: At the end of the stream a rep that has come back by this part of its rise is one.
_CUT_OFF: Final = 0.4
#: A rep that has risen far enough is known to have turned back when it has fallen by this part of its rise.
_TURN: Final = 0.1
#: What is shown as the way back is more: an arrow should not tremble at the far end.
_COMING_BACK: Final = 0.15
#: The way back takes at least the first part of the shortest rep, but for a body that was more than half-way out for
#: the second part of it without a break: that did not jump.
_WAY_BACK: Final = 0.3
_OUT: Final = 0.5
#: Who was not seen for longer in the middle of a rep did something else meanwhile, or is somebody else.
_UNSEEN_S: Final = 3.0
#: A movement hidden by the thresholds in force is looked for so often.
_LOOK_S: Final = 0.25


class RepCounter:
    """Counts reps in a progress signal.

    A rep is a rise from a low turning point to a high one and the way back. What counts as a turning point is decided
    by how far the signal has come back from it, so jitter smaller than that can never add a rep, and offsets in the
    angles (another body, another camera) do not matter. The thresholds follow the person's usual range and tempo, which
    are shared with the counter of the other arm (``habit``): one that only sways while the other works makes no reps.
    """

    def __init__(self, min_rep_s: float, max_rep_s: float, side: Side = "both", habit: Habit | None = None) -> None:
        self._min_rep_s = min_rep_s
        self._max_rep_s = max_rep_s
        self._side: Side = side
        self._history: deque[Frame] = deque()  # since the last low
        self._habit = Habit() if habit is None else habit
        self._jitter = Jitter()
        self._low = Point(math.nan, math.nan)  # the last low turning point
        self._out: Excursion | None = None  # the rep in progress
        self._ended_s = -math.inf  # when the last rep was complete
        self._began = False  # the stream's first turning point has been seen
        self._gaps = GapWatch()
        self._way_back: WayBack | None = None  # of the last rep, until its end is known
        self._looked_s = -math.inf  # when a steady movement was last looked for

    @property
    def rising(self) -> bool:
        """A rep is in progress."""
        return self._out is not None

    @property
    def start_s(self) -> float:
        """When the rep in progress began, roughly; NaN between reps."""
        return self._out.low.time_s if self._out is not None else math.nan

    @property
    def coming_back(self) -> bool:
        """The rep in progress is on its way back just now, however short it is: it may go out again."""
        return self._out is not None and self._out.fall(self._history[-1].progress) > _COMING_BACK * self._out.rise

    @property
    def turned(self) -> CountedRep | None:
        """The rep in progress, as far as it is known, once it has gone far enough and turned back, if only a little."""
        return self.current if self._out is not None and self._out.turned else None

    @property
    def current(self) -> CountedRep | None:
        """The rep in progress, as far as it is known; None between reps."""
        if self._out is None:
            return None
        low, high = self._out.low, self._out.high
        errors = [frame.error for frame in self._history if frame.time_s >= low.time_s]
        now_s = self._history[-1].time_s
        up_s, _ = crossings(self._way_out(high), low.progress, high.progress)
        return CountedRep(low.time_s, up_s, high.time_s, now_s, now_s, self._out.rise, fmean(errors), self._side)

    def update(self, time_s: float, progress: float, error: float) -> CountedRep | None:
        """Take in one frame; returns the rep that it completes."""
        if not math.isfinite(progress):
            self.lose(time_s)
            return None
        self._jitter.add(time_s, progress)
        return self._take(time_s, progress, error)

    def _take(self, time_s: float, progress: float, error: float) -> CountedRep | None:
        if self._history:
            self.lose(time_s)
        if self._out is not None:
            self._habit.busy(time_s)
        self._habit.rest(time_s)
        now = Point(time_s, progress)
        self._watch_gaps(now)
        self._history.append(Frame(time_s, progress, error))
        if not self._began:
            self._begin()
        elif self._out is None:
            self._seek_rise(now)
        else:
            return self._go_on(self._out, now, error)
        return None

    def _go_on(self, out: Excursion, now: Point, error: float) -> CountedRep | None:
        """Follow the rep in progress; returns it where it ends."""
        out.follow(now)
        if now.time_s - out.noticed_s > self._max_rep_s:  # sat down, not a rep: the position held is the new rest
            self._low, self._out = now, None
            return None
        out.turned = out.turned or (out.rise >= self._habit.far and out.fall(now.progress) > _TURN * out.rise)
        if self._gaps.hid_a_turn(now.progress, out):
            assert self._gaps.gap is not None
            return self._complete_before(Point(sum(self._gaps.gap) / 2, out.low.progress), error)
        if out.fall(now.progress) >= _FALL * out.rise:
            return self._complete(out, now)
        if not self._habit.known and out_again(reversed(self._history), out.low, out.high, out.dip, self._jitter.value):
            return self._complete_before(out.dip, error)
        return None

    def recount(self, since_s: float) -> list[CountedRep]:
        """Reps that the thresholds in force hid, where a steady movement shows that they are wrong.

        Then all is counted anew from its first low turning point, with nothing known of the person. Between reps it is
        looked for since that time. To be asked after a frame that completed no rep.
        """
        now_s = self._history[-1].time_s if self._history else -math.inf
        if now_s - self._looked_s < _LOOK_S:
            return []
        self._looked_s = now_s
        low = self._steady_low(since_s)
        if low is None:
            return []
        frames = [frame for frame in self._history if frame.time_s >= low.time_s]
        before = self._complete_before(low, frames[0].error) if self._out is not None else None
        self._settle()
        self._habit.forget()
        self._history = deque(frames[:1])
        self._low, self._out, self._began = low, None, True
        after = [self._take(*frame) for frame in frames[1:]]
        return [rep for rep in (before, *after) if rep is not None]

    def _steady_low(self, since_s: float) -> Point | None:
        """Where a steady movement began that comes to nothing."""
        if self._out is not None:
            points = self._points(self._out.low.time_s)
            return steady_within(points, self._out.rise, self._jitter.value, self._min_rep_s)
        if self._habit.known:
            return None
        return steady_between(self._points(max(since_s, self._ended_s)), self._jitter.value, self._min_rep_s)

    def _points(self, since_s: float) -> list[Point]:
        """The signal from that moment on."""
        return [frame.point for frame in self._history if frame.time_s >= since_s]

    def _way_out(self, high: Point) -> list[Point]:
        """The signal up to its far end, the latest first."""
        return [frame.point for frame in reversed(self._history) if frame.time_s <= high.time_s]

    def lose(self, time_s: float) -> None:
        """Nothing is seen at this moment: after a while the last rep stays as it is known, one in progress is none."""
        if self._way_back is not None and self._way_back.lost(time_s):
            self._settle()
        unseen_s = time_s - self._history[-1].time_s if self._history else 0.0
        out = self._out
        if out is not None and (time_s - out.noticed_s > self._max_rep_s or unseen_s > _UNSEEN_S):
            self._low, self._out = self._history[-1].point, None

    def finish(self) -> CountedRep | None:
        """The stream ends: a rep whose way back is well under way counts, since its end was only cut off."""
        if self._out is None or not self._out.turned:
            return None
        now = self._history[-1].point
        if self._out.fall(now.progress) < _CUT_OFF * self._out.rise:
            return None
        rep = self._complete(self._out, now)
        self._settle()
        return rep

    def _watch_gaps(self, now: Point) -> None:
        if self._out is None:
            self._gaps.forget()
        elif self._history:
            self._gaps.add(self._history[-1].point, now, self._out, self._habit.length_s or math.inf)

    def _begin(self) -> None:
        """Find out in what position the stream began."""
        first = first_turns(self._history, self._max_rep_s)
        if first is None:
            return
        self._began = True
        self._low, high = first
        if high is not None:
            now = self._history[-1].point
            self._out = Excursion(self._low, high, dip=now, noticed_s=now.time_s)

    def _seek_rise(self, now: Point) -> None:
        """Between reps: whether the next one has begun."""
        if now.progress <= self._low.progress:
            self._low = now
        if self._way_back is not None and self._way_back.follow(now, self._low):
            self._settle()
        least = self._habit.rise(self._jitter.value)
        if now.progress - self._low.progress >= least:
            # Who sways or drifts while resting has an old low that says nothing of where this rep begins.
            since_s = max(now.time_s - _RECENT_S, self._ended_s)
            self._low = min(reversed(self._points(since_s)), key=lambda point: point.progress)
        if now.progress - self._low.progress >= least:
            self._out = Excursion(self._low, now, dip=now, noticed_s=now.time_s)
            self._settle()
        while self._history[0].time_s < now.time_s - self._max_rep_s - 2:
            self._history.popleft()

    def _complete(self, out: Excursion, end: Point) -> CountedRep | None:
        """The rep in progress is over; None where it was none."""
        low, peak_s, peak = out.low.progress, *out.high
        back = self._points(peak_s)
        up_s, start_s = crossings(self._way_out(out.high), low, peak)
        start_s = max(start_s, self._history[0].time_s)
        down_s, _ = crossings(back, low, peak)
        errors = [frame.error for frame in self._history if frame.time_s >= start_s]
        span = peak - min(low, end.progress)
        rep = CountedRep(start_s, up_s, peak_s, down_s, end.time_s, span, fmean(errors), self._side)
        self._out, self._low, self._ended_s = None, end, end.time_s
        shortest_s = max(self._min_rep_s, self._habit.shortest_s)
        jumped = end.time_s - peak_s < _WAY_BACK * self._min_rep_s
        out_s = time_out_s(reversed(self._history), (low + peak) / 2)
        if end.time_s - start_s < shortest_s or (jumped and out_s < _OUT * self._min_rep_s):
            return None
        self._way_back = WayBack(rep, back)
        return rep

    def _complete_before(self, turn: Point, error: float) -> CountedRep | None:
        """The rep in progress ended at ``turn``, a moment before now, and the next one has begun."""
        assert self._out is not None
        frames, low = list(self._history), self._out.low
        self._history = deque(frame for frame in frames if frame.time_s <= turn.time_s)
        # What lies below the turn is no part of the rep: the way into its start position.
        start = Point(low.time_s, max(low.progress, turn.progress))
        ended = Excursion(start, _highest(self._points(low.time_s)), dip=turn, noticed_s=turn.time_s)
        rep = self._complete(ended, turn)
        self._settle()
        self._history = deque([Frame(*turn, error), *(frame for frame in frames if frame.time_s > turn.time_s)])
        high = _highest(self._points(turn.time_s))
        self._low = turn
        self._out = Excursion(turn, high, dip=high, noticed_s=self._history[-1].time_s)
        self._gaps.forget()
        return rep

    def _settle(self) -> None:
        """The last rep stays as it is known."""
        if self._way_back is not None:
            self._way_back.rep.settled = True
            self._habit.add(self._way_back.rep)
            self._way_back = None


def _highest(points: list[Point]) -> Point:
    return max(points, key=lambda point: point.progress)
