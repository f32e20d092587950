"""The rep counter: a state machine over one progress signal, driven by timestamps."""

from __future__ import annotations

import math
from collections import deque
from statistics import fmean
from typing import Final

from deepfit_nb.coaching.beginning import first_turns
from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.coaching.edges import crossings
from deepfit_nb.coaching.gaps import GapWatch, Rise
from deepfit_nb.coaching.habit import Habit
from deepfit_nb.coaching.jitter import Jitter
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
        self._history: deque[tuple[float, float, float]] = deque()  # time, progress, error since the last low
        self._habit = Habit() if habit is None else habit
        self._jitter = Jitter()
        self._low = (math.nan, math.nan)  # time and value of the last low turning point
        self._high: tuple[float, float] | None = None  # the same of the high one; None on the way up
        self._dip = (math.nan, math.inf)  # the same of the lowest point since the high one
        self._ended_s = -math.inf  # when the last rep was complete
        self._rose_s = -math.inf  # when the rep in progress was noticed
        self._turned = False  # the rep in progress has been on its way back at least once
        self._began = False  # the stream's first turning point has been seen
        self._gaps = GapWatch()
        self._way_back: WayBack | None = None  # of the last rep, until its end is known
        self._looked_s = -math.inf  # when a steady movement was last looked for

    @property
    def rising(self) -> bool:
        """A rep is in progress."""
        return self._high is not None

    @property
    def start_s(self) -> float:
        """When the rep in progress began, roughly; NaN between reps."""
        return self._low[0] if self._high is not None else math.nan

    @property
    def span(self) -> float:
        """Range of the rep in progress so far; 0 between reps."""
        return self._high[1] - self._low[1] if self._high is not None else 0.0

    @property
    def coming_back(self) -> bool:
        """The rep in progress is on its way back just now, however short it is: it may go out again."""
        return self._high is not None and self._high[1] - self._history[-1][1] > _COMING_BACK * self.span

    @property
    def turned(self) -> CountedRep | None:
        """The rep in progress, as far as it is known, once it has gone far enough and turned back, if only a little."""
        return self.current if self._turned else None

    @property
    def current(self) -> CountedRep | None:
        """The rep in progress, as far as it is known; None between reps."""
        if self._high is None:
            return None
        start_s, low = self._low
        errors = [error for time_s, _, error in self._history if time_s >= start_s]
        peak_s, peak = self._high
        now = self._history[-1][0]
        up_s, _ = crossings([(t, p) for t, p, _ in reversed(self._history) if t <= peak_s], low, peak)
        return CountedRep(start_s, up_s, peak_s, now, now, peak - low, fmean(errors), self._side)

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
        if self._high is not None:
            self._habit.busy(time_s)
        self._habit.rest(time_s)
        self._watch_gaps(time_s, progress)
        self._history.append((time_s, progress, error))
        if not self._began:
            self._begin()
            return None
        if self._high is None:
            self._turned = False
            self._seek_rise(time_s, progress)
            return None
        if progress > self._high[1]:
            self._high = self._dip = (time_s, progress)
        if progress < self._dip[1]:
            self._dip = (time_s, progress)
        if time_s - self._rose_s > self._max_rep_s:  # sat down, not a rep: the position held is the new rest
            self._low, self._high = (time_s, progress), None
            return None
        self._turned = self._turned or self._turns()
        if self._gaps.hid_a_turn(progress, Rise(self._low[1], self._high[1])):
            assert self._gaps.gap is not None
            return self._complete_before((sum(self._gaps.gap) / 2, self._low[1]), error)
        if self._high[1] - progress >= _FALL * (self._high[1] - self._low[1]):
            return self._complete(time_s, progress)
        if not self._habit.known and self._out_again():
            return self._complete_before(self._dip, error)
        return None

    def recount(self, since_s: float) -> list[CountedRep]:
        """Reps that the thresholds in force hid, where a steady movement shows that they are wrong.

        Then all is counted anew from its first low turning point, with nothing known of the person. Between reps it is
        looked for since that time. To be asked after a frame that completed no rep.
        """
        now_s = self._history[-1][0] if self._history else -math.inf
        if now_s - self._looked_s < _LOOK_S:
            return []
        self._looked_s = now_s
        low = self._steady_low(since_s)
        if low is None:
            return []
        frames = [frame for frame in self._history if frame[0] >= low[0]]
        before = self._complete_before(low, frames[0][2]) if self._high is not None else None
        self._settle()
        self._habit.forget()
        self._history = deque(frames[:1])
        self._low, self._high, self._turned, self._began = low, None, False, True
        after = [self._take(*frame) for frame in frames[1:]]
        return [rep for rep in (before, *after) if rep is not None]

    def _steady_low(self, since_s: float) -> tuple[float, float] | None:
        """Where a steady movement began that comes to nothing."""
        if self._high is not None:
            points = [(t, p) for t, p, _ in self._history if t >= self._low[0]]
            return steady_within(points, self._high[1] - self._low[1], self._jitter.value, self._min_rep_s)
        if self._habit.known:
            return None
        points = [(t, p) for t, p, _ in self._history if t >= max(since_s, self._ended_s)]
        return steady_between(points, self._jitter.value, self._min_rep_s)

    def lose(self, time_s: float) -> None:
        """Nothing is seen at this moment: after a while the last rep stays as it is known, one in progress is none."""
        if self._way_back is not None and self._way_back.lost(time_s):
            self._settle()
        unseen_s = time_s - self._history[-1][0] if self._history else 0.0
        if self._high is not None and (time_s - self._rose_s > self._max_rep_s or unseen_s > _UNSEEN_S):
            self._low, self._high = self._history[-1][:2], None

    def finish(self) -> CountedRep | None:
        """The stream ends: a rep whose way back is well under way counts, since its end was only cut off."""
        if self._high is None or not self._turned:
            return None
        time_s, progress, _ = self._history[-1]
        if self._high[1] - progress < _CUT_OFF * (self._high[1] - self._low[1]):
            return None
        rep = self._complete(time_s, progress)
        self._settle()
        return rep

    def _watch_gaps(self, time_s: float, progress: float) -> None:
        if self._high is None:
            self._gaps.forget()
        elif self._history:
            usual_s = self._habit.length_s or math.inf
            rise = Rise(self._low[1], self._high[1])
            self._gaps.add(self._history[-1][:2], (time_s, progress), rise, usual_s)

    def _turns(self) -> bool:
        """The rep in progress comes back from a far end that is near enough to the person's usual one."""
        assert self._high is not None
        rise = self._high[1] - self._low[1]
        return rise >= self._habit.far and self._high[1] - self._history[-1][1] > _TURN * rise

    def _begin(self) -> None:
        """Find out in what position the stream began."""
        first = first_turns(self._history, self._max_rep_s)
        if first is not None:
            self._began = True
            self._low, self._high = first
            self._rose_s, self._dip = self._history[-1][0], self._history[-1][:2]

    def _seek_rise(self, time_s: float, progress: float) -> None:
        if progress <= self._low[1]:
            self._low = (time_s, progress)
        if self._way_back is not None and self._way_back.follow(time_s, progress, self._low):
            self._settle()
        if progress - self._low[1] >= self._habit.rise(self._jitter.value):
            # Who sways or drifts while resting has an old low that says nothing of where this rep begins.
            since_s = max(time_s - _RECENT_S, self._ended_s)
            recent = ((t, p) for t, p, _ in reversed(self._history) if t >= since_s)
            self._low = min(recent, key=lambda point: point[1])
        if progress - self._low[1] >= self._habit.rise(self._jitter.value):
            self._high, self._rose_s = (time_s, progress), time_s
            self._dip = self._high
            self._settle()
        while self._history[0][0] < time_s - self._max_rep_s - 2:
            self._history.popleft()

    def _complete(self, time_s: float, progress: float) -> CountedRep | None:
        assert self._high is not None
        peak_s, peak = self._high
        low = self._low[1]
        up_s, start_s = crossings([(t, p) for t, p, _ in reversed(self._history) if t <= peak_s], low, peak)
        start_s = max(start_s, self._history[0][0])
        down_s, _ = crossings([(t, p) for t, p, _ in self._history if t >= peak_s], low, peak)
        errors = [e for t, _, e in self._history if t >= start_s]
        span = peak - min(low, progress)
        rep = CountedRep(start_s, up_s, peak_s, down_s, time_s, span, fmean(errors), self._side)
        self._high, self._low, self._ended_s = None, (time_s, progress), time_s
        shortest_s = max(self._min_rep_s, self._habit.shortest_s)
        jumped = time_s - peak_s < _WAY_BACK * self._min_rep_s
        out_s = time_out_s(reversed(self._history), (low + peak) / 2)
        if time_s - start_s < shortest_s or (jumped and out_s < _OUT * self._min_rep_s):
            return None
        self._way_back = WayBack(rep, [(t, p) for t, p, _ in self._history if t >= peak_s])
        return rep

    def _out_again(self) -> bool:
        assert self._high is not None
        return out_again(reversed(self._history), self._low, self._high, self._dip, self._jitter.value)

    def _complete_before(self, turn: tuple[float, float], error: float) -> CountedRep | None:
        """The rep ended at ``turn``, a moment before now, and the next one has begun."""
        frames = list(self._history)
        self._history = deque(frame for frame in frames if frame[0] <= turn[0])
        self._high = max(((t, p) for t, p, _ in self._history if t >= self._low[0]), key=lambda point: point[1])
        # What lies below the turn is no part of the rep: the way into its start position.
        self._low = (self._low[0], max(self._low[1], turn[1]))
        rep = self._complete(*turn)
        self._settle()
        self._history = deque([(*turn, error), *(frame for frame in frames if frame[0] > turn[0])])
        self._low, self._high = turn, max(((t, p) for t, p, _ in self._history), key=lambda point: point[1])
        self._dip, self._rose_s, self._turned = self._high, self._history[-1][0], False
        self._gaps.forget()
        return rep

    def _settle(self) -> None:
        """The last rep stays as it is known."""
        if self._way_back is not None:
            self._way_back.rep.settled = True
            self._habit.add(self._way_back.rep)
            self._way_back = None
