"""`Scoreboard`: the exercise, the reps, what to correct and the sets so far, large enough to read across a room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import traitlets

from deepfit_nb.capture.live_widget import LiveWidget, module_source
from deepfit_nb.coaching import Cue, FrameReport, WorkoutSet
from deepfit_nb.recognition import CLASSES, NON_ACTIVITY
from deepfit_nb.wording import words

_HERE = Path(__file__).parent


class Scoreboard(LiveWidget):
    """What the coach says, as text. Only what has changed is sent to the page."""

    _esm = module_source(_HERE / "keys.js", _HERE / "toggles.js", _HERE / "scoreboard.js")
    _css = _HERE / "scoreboard.css"

    exercise = traitlets.Unicode("").tag(sync=True)
    #: Whole percent: how sure the recogniser is of that exercise.
    confidence = traitlets.Int(0).tag(sync=True)
    #: The user has chosen the exercise, so that nothing is to be recognised.
    fixed = traitlets.Bool(False).tag(sync=True)
    reps = traitlets.Int(0).tag(sync=True)
    partial_reps = traitlets.Int(0).tag(sync=True)
    sets = traitlets.Int(0).tag(sync=True)
    phase = traitlets.Unicode("idle").tag(sync=True)
    #: What to correct, or praise: ``{"text": ..., "severity": ...}``, empty when there is nothing to say.
    cue = traitlets.Dict().tag(sync=True)
    #: Why counting is paused or unsure.
    framing = traitlets.Dict().tag(sync=True)
    #: All is well, so that a workout can begin (or goes on).
    ready = traitlets.Bool(True).tag(sync=True)
    #: One entry a set with a rep: title, reps, partial_reps, and faults with how many reps had each.
    history: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    #: What is known of the person's own range: ``text``, ``actions`` (``calibrate``, ``again``, ``cancel``,
    #: ``forget``: buttons, whose names the page sends) and ``learning``, whether it is being learned.
    range: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    #: Name of the person, as they write it; the browser remembers it.
    person = traitlets.Unicode("").tag(sync=True)
    #: Frames are coming.
    live = traitlets.Bool(False).tag(sync=True)
    #: Earlier workouts, shown between workouts: id, date, source, exercises with their reps, faults with their number.
    #: The page sends "delete" with the id as ``workout`` when the user wants one forgotten.
    past: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    #: Why workouts are not kept; empty as long as they are.
    unkept = traitlets.Unicode("").tag(sync=True)
    #: There is a session to save; the page then sends "save" when the user asks for it.
    can_save = traitlets.Bool(False).tag(sync=True)

    def show(self, report: FrameReport, sets: Sequence[WorkoutSet], *, fixed: bool, other: str | None = None) -> None:
        """Show a frame's report and the sets so far; `other` is what seems to be done in place of the chosen one."""
        recognition = report.recognition
        recognised = recognition.label if recognition.label != NON_ACTIVITY else ""
        doing = report.exercise or recognised
        with self.hold_sync():
            self.exercise = words(doing) if doing else ""
            self.fixed = fixed
            probability = recognition.probabilities[CLASSES.index(doing)] if doing in CLASSES else 0
            self.confidence = round(100 * float(probability))
            self.reps, self.partial_reps = report.reps, report.partial_reps
            self.phase = report.phase
            unsure = report.framing is not None and report.framing.severity == "major"
            # Praise or blame for what is hardly seen would contradict the hint that says so.
            self.cue = _message(report.cue) if not unsure else {}
            if other and (report.framing is None or report.framing.severity == "info"):
                self.framing = {"text": f"This looks like {words(other).lower()}: choose it above", "severity": "minor"}
            else:
                self.framing = _message(report.framing)
            self.show_history(sets)
            # A set has a number once it has a rep: one may open, come to nothing and go.
            self.sets = len(self.history) if report.reps + report.partial_reps else 0

    def show_history(self, sets: Sequence[WorkoutSet]) -> None:
        """Show the sets so far."""
        self.history = [_entry(one) for one in sets]

    def clear(self) -> None:
        """Back to an empty board."""
        with self.hold_sync():
            self.exercise, self.confidence, self.phase = "", 0, "idle"
            self.reps = self.partial_reps = self.sets = 0
            self.cue, self.framing, self.history, self.can_save = {}, {}, [], False
            self.past, self.unkept = [], ""

    def quiet(self) -> None:
        """Take back what is true of the moment only, and leave the counts."""
        with self.hold_sync():
            self.cue, self.framing, self.phase, self.confidence = {}, {}, "idle", 0

    def download(self, name: str, text: str) -> None:
        """Give the user a file through the browser."""
        self.send({"kind": "download", "name": name, "type": "application/json"}, [text.encode()])


def summed_up(sets: Sequence[WorkoutSet]) -> str:
    """What was done in a workout that is over, in a sentence."""
    done: Counter[str] = Counter()
    for one in sets:
        done[one.exercise] += one.count
    parts = [_times(words(name).lower(), count) for name, count in done.items() if count]
    return f"Done: {', '.join(parts)}." if parts else "No reps were counted."


def _times(title: str, count: int) -> str:
    return f"{count} {title}" if count > 1 else f"1 rep of {title}"


def _message(cue: Cue | None) -> dict[str, str]:
    return {"text": cue.text, "severity": cue.severity} if cue else {}


def _entry(one: WorkoutSet) -> dict[str, Any]:
    faults = Counter(fault.id for rep in one.reps for fault in rep.faults)
    return {
        "title": words(one.exercise),
        "reps": one.count,
        "partial_reps": len(one.reps) - one.count,
        "faults": [{"title": words(name), "count": count} for name, count in faults.most_common()],
    }
