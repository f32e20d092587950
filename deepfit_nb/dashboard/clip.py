"""`ReviewClip`: an analysed clip, frame by frame, in the form that the review page asks for."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import numpy as np

from deepfit_nb.capture.analyze import Analysis
from deepfit_nb.capture.seek import FrameReader
from deepfit_nb.capture.sources import is_recording
from deepfit_nb.coaching import Rep, WorkoutSet
from deepfit_nb.coaching.definition import FaultRule
from deepfit_nb.coaching.hindsight import reps_in_hindsight
from deepfit_nb.dashboard.drawing import draw_skeleton, jpeg
from deepfit_nb.dashboard.measured import measured
from deepfit_nb.dashboard.timeline import timeline
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.recognition import CLASSES
from deepfit_nb.wording import words

_KEPT_FRAMES: Final = 400
_MAX_SIDE: Final = 960
_BLANK: Final = (24, 29, 32)

#: Phases by their index in `ReviewClip.table`.
_PHASES: Final = ("idle", "eccentric", "concentric")


class ReviewClip:
    """Frames with their skeleton, a table of numbers, and the timeline of one analysed source."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._lock = Lock()
        self._frames: OrderedDict[tuple[int, bool], bytes] = OrderedDict()
        times, pictures = analysis.recording.time_s.tolist(), not is_recording(analysis.source)
        self._reader = FrameReader(analysis.source, times, max_side=_MAX_SIDE) if pictures else None

    def frame(self, index: int, *, skeleton: bool = True) -> bytes:
        """A frame as JPEG; of a recording, which has no pictures, the skeleton on a plain ground."""
        with self._lock:
            key = (index, skeleton)
            if key not in self._frames:
                picture = self._reader.read(index) if self._reader else self._blank()
                pose = self.analysis.reports[index].pose if skeleton else None
                self._frames[key] = jpeg(draw_skeleton(picture, pose))
                if len(self._frames) > _KEPT_FRAMES:
                    self._frames.popitem(last=False)
            self._frames.move_to_end(key)
            return self._frames[key]

    def table(self) -> bytes:
        """Rows of float32, one a frame: time, angles and their expected errors (NaN: unknown), index of the live label
        in `CLASSES`, its confidence, number of the rep (0: none), index of the phase, and whether somebody is seen."""
        reports = self.analysis.reports
        reps = reps_in_hindsight(reports, self.analysis.sets)
        rows = [
            [
                report.time_s,
                *angles,
                *report.angle_errors,
                CLASSES.index(report.recognition.label),
                report.recognition.confidence,
                rep,
                _PHASES.index(report.phase),
                report.pose is not None,
            ]
            for report, angles, rep in zip(reports, self.analysis.angles, reps, strict=True)
        ]
        return np.array(rows, np.float32).tobytes()

    def summary(self) -> dict[str, Any]:
        """What the page needs beside frames and table, fit for JSON."""
        recording = self.analysis.recording
        return {
            "name": self.analysis.source.name,
            "frames": len(recording),
            "detected": self.analysis.detected,
            "fps": recording.fps,
            "size": list(recording.size),
            "angles": [{"name": name, "title": words(name)} for name in ANGLES],
            "classes": [words(name) for name in CLASSES],
            "phases": list(_PHASES),
            "sets": [_set(one, self.analysis.exercises[one.exercise].faults) for one in self.analysis.sets],
            "warnings": list(self.analysis.warnings),
            # Through JSON, so that arrays are in the form that Plotly's script decodes.
            "figure": json.loads(timeline(self.analysis, dark=True, height=320).to_json()),
        }

    def close(self) -> None:
        if self._reader:
            self._reader.close()

    def _blank(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        width, height = self.analysis.recording.size
        scale = _MAX_SIDE / max(width, height)
        return np.full((round(height * scale), round(width * scale), 3), _BLANK, np.uint8)


def _set(workout_set: WorkoutSet, rules: Sequence[FaultRule]) -> dict[str, Any]:
    return {
        "title": words(workout_set.exercise),
        "count": workout_set.count,
        "view": workout_set.view,
        "reps": [_rep(rep, rules) for rep in workout_set.reps],
    }


def _rep(rep: Rep, rules: Sequence[FaultRule]) -> dict[str, Any]:
    return {
        "number": rep.number,
        "start_s": rep.start_s,
        "peak_s": rep.peak_s,
        "end_s": rep.end_s,
        "rom_deg": rep.rom_deg if math.isfinite(rep.rom_deg) else None,
        "partial": rep.partial,
        "faults": [
            {"title": words(fault.id), "measured": measured(fault, rules), "at_s": fault.at_s} for fault in rep.faults
        ],
    }
