"""`LivePlots`: joint angles and class probabilities, drawn by Plotly in the page as they are measured."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
import traitlets
from numpy.typing import NDArray

from deepfit_nb.coaching import FrameReport
from deepfit_nb.dashboard import theme
from deepfit_nb.dashboard.figures import WINDOW_S, angle_figure, probability_figure
from deepfit_nb.dashboard.plotly_widget import PlotlyWidget, plotly_module
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.recognition import CLASSES
from deepfit_nb.wording import words

_HERE = Path(__file__).parent

#: What is drawn before an exercise is known.
DEFAULT_JOINTS: Final = ("knee", "hip", "elbow")

# A window of frames at 60 a second.
_KEPT_ROWS: Final = WINDOW_S * 60


class LivePlots(PlotlyWidget):
    """Rolling plot of the joint angles, bar chart of the class probabilities.

    The page asks for what it does not have yet, at its own pace: a slow browser gets larger portions and is never
    flooded, and an answer that is lost is asked for again. A portion is rows of float32: time, the angles in the order
    of `ANGLES`, the probabilities in the order of `CLASSES`.
    """

    _esm = plotly_module(_HERE / "plots.js")
    _css = _HERE / "plots.css"

    angle_figure = traitlets.Dict(default_value=angle_figure()).tag(sync=True)
    probability_figure = traitlets.Dict(default_value=probability_figure()).tag(sync=True)
    angles = traitlets.List(default_value=list(ANGLES)).tag(sync=True)
    joints = traitlets.List(
        default_value=[
            {"id": joint, "title": words(joint), "colour": colour} for joint, colour in theme.JOINT_COLOURS.items()
        ]
    ).tag(sync=True)
    accent = traitlets.Unicode(theme.DARK_ACCENT).tag(sync=True)
    window_s = traitlets.Int(WINDOW_S).tag(sync=True)

    #: Joints to draw; the user can switch others on and off in the page.
    shown = traitlets.List(default_value=list(DEFAULT_JOINTS)).tag(sync=True)
    #: Whether frames are coming, so that the page should ask for them.
    live = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._rows: deque[NDArray[np.float32]] = deque(maxlen=_KEPT_ROWS)
        self._count = 0  # rows ever, so that a row's number is unique
        self._clears = 0
        self._lock = Lock()
        self.on_message("pull", self._send_rows)

    def add(self, report: FrameReport) -> None:
        """Take in one frame."""
        row = np.concatenate([[report.time_s], report.angles, report.recognition.probabilities]).astype(np.float32)
        with self._lock:
            self._rows.append(row)
            self._count += 1

    def clear(self) -> None:
        """Begin anew: what was drawn goes away with the next portion."""
        with self._lock:
            self._rows.clear()
            self._clears += 1

    def _send_rows(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        with self._lock:
            last, clears = self._count, self._clears
            missing = min(len(self._rows), last - content["after"])
            rows = [self._rows[i] for i in range(len(self._rows) - missing, len(self._rows))]
        table = np.array(rows, np.float32).reshape(-1, 1 + len(ANGLES) + len(CLASSES))
        self.send({"kind": "rows", "last": last, "clears": clears}, [table.tobytes()])
