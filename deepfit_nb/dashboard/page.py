"""`Page`: the controls and panels of the dashboard and where they stand; it decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final, Literal

import ipywidgets as widgets

from deepfit_nb.capture.pump import FramePump
from deepfit_nb.dashboard.plots import LivePlots
from deepfit_nb.dashboard.scoreboard import Scoreboard
from deepfit_nb.resources import resource
from deepfit_nb.wording import words

_STYLE: Final = Path(__file__).with_name("dashboard.css")
_RECOGNISED: Final = ("Recognise it for me", "")  # not None, which ipywidgets takes for "nothing chosen"
_INVITATIONS: Final = {
    "webcam": "Stand so that the camera sees all of you, then press Start.",
    "clip": "Press Start to see the trainer at work on a clip.",
    "file": "Your video stays on this machine: its frames go only to the trainer that runs here.",
}


class Page:
    """Everything that is seen. Its classes named ``df-…`` are given their looks and places by ``dashboard.css``.

    Attributes
    ----------
    widget
        The whole, to display.
    source, clip, exercise, count_at, button
        The controls. ``source.value`` is ``webcam``, ``clip`` or ``file``; ``exercise.value`` is a name or empty,
        see `exercise_name`; ``count_at.value`` is what `Coach` takes.
    """

    def __init__(self, pump: FramePump, exercises: Sequence[tuple[str, str]]) -> None:
        self.pump = pump
        self.scoreboard = Scoreboard()
        self.plots = LivePlots()
        self._closed = False
        self.source = widgets.ToggleButtons(
            options=[("Webcam", "webcam"), ("Demo clip", "clip"), ("My video", "file")], tooltips=["", "", ""]
        )
        clips = sorted(resource("assets").glob("*.mp4"))
        self.clip = widgets.Dropdown(options=[(words(clip.stem), clip) for clip in clips], description="Clip")
        self.exercise = widgets.Dropdown(options=[_RECOGNISED, *exercises], description="Exercise")
        self.count_at = widgets.Dropdown(
            options=[("end of rep", "return"), ("top", "top"), ("bottom", "bottom")], description="Count at"
        )
        _named("df-narrow", self.count_at)
        self.button = _named("df-start", widgets.Button())
        self._state = _named("df-state", widgets.HTML())
        self.widget = self._laid_out()
        self.show_source()
        self.show_running(False)

    @property
    def exercise_name(self) -> str | None:
        """The exercise that is chosen; None where it is to be recognised."""
        return self.exercise.value or None

    def show_source(self) -> None:
        """Show what belongs to the chosen source, and no longer what was done with another."""
        source = self.source.value
        self.clip.layout.display = None if source == "clip" else "none"
        with self.pump.hold_sync():
            self.pump.choosing = source == "file"
            self.pump.invitation, self.pump.done = _INVITATIONS[source], ""

    def ask_for_file(self) -> None:
        """Say what is missing where the user wants to begin with a video of their own, and has chosen none."""
        self.pump.invitation = "Choose a video first."

    def offer(self, exercises: Sequence[tuple[str, str]]) -> None:
        """Let the user choose among these exercises, titles and names; what is chosen stays if it is among them."""
        options = (_RECOGNISED, *exercises)
        if tuple(self.exercise.options) != options:
            chosen = self.exercise.value
            self.exercise.options = options
            self.exercise.value = chosen if chosen in [name for _, name in options] else ""

    def show_running(self, running: bool) -> None:
        """Make the button say what it does next."""
        self.button.description = "Stop" if running else "Start"
        (self.button.add_class if running else self.button.remove_class)("df-stop")
        (self.widget.add_class if running else self.widget.remove_class)("df-running")

    def close(self) -> None:
        """Say that it is closed, and nothing else any more; nothing can be begun."""
        self.show_state("Closed")
        self._closed = self.button.disabled = True

    def show_state(self, text: str, kind: Literal["", "busy", "live"] = "") -> None:
        """Say in a few words what the trainer is at."""
        if self._closed:
            return
        self._state.value = f"<span role='status'><span class='df-dot df-{kind}'></span>{escape(text)}</span>"

    def _laid_out(self) -> widgets.Box:
        brand = _named("df-brand", widgets.HTML("<span role='heading' aria-level='1'>Deep<em>Fit</em></span>"))
        chosen = [self.source, self.clip, self.exercise, self.count_at]
        controls = _named("df-controls", widgets.Box([brand, *chosen, self.button]))
        main = _named("df-main", widgets.Box([self.pump, self._state, self.scoreboard, self.plots]))
        style = _named("df-style", widgets.HTML(f"<style>{_STYLE.read_text('utf-8')}</style>"))
        return _named("df-app", widgets.Box([style, controls, main]))


def _named(name: str, widget: widgets.DOMWidget) -> widgets.DOMWidget:
    """The widget, with a class for the style sheet."""
    widget.add_class(name)
    return widget
