"""Angles over time, with sets, reps and faults marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from deepfit_nb.capture.analyze import Analysis
from deepfit_nb.coaching import WorkoutSet
from deepfit_nb.dashboard import theme
from deepfit_nb.dashboard.measured import measured
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.recognition import CLASSES
from deepfit_nb.wording import words

_BAND: Final = ("rgba(120,140,160,0.20)", "rgba(120,140,160,0.10)")
_PARTIAL: Final = "rgba(217,138,0,0.16)"


def timeline(
    analysis: Analysis, *, angles: Sequence[str] | None = None, title: str = "", height: int = 360, dark: bool = False
) -> go.Figure:
    """The angles of a clip over time.

    Reps are shaded and numbered, partial ones amber; each set is named above its reps; a fault is a marker at the
    moment when it was worst, with value and limit when pointed at.

    Parameters
    ----------
    angles
        Those that are shown at first, ``knee`` for both knees; None: those that matter in the exercises found. The
        others can be switched on in the legend.
    dark
        For the dark pages.
    """
    times = np.array([report.time_s for report in analysis.reports])
    values = analysis.angles
    shown = _asked_for(angles) if angles is not None else _angles_found(analysis)
    figure = go.Figure()
    for column, name in enumerate(ANGLES):
        line = {"width": 2, **theme.angle_line(name, dark=dark)}
        figure.add_scatter(
            x=times, y=values[:, column], name=words(name), line=line,
            visible=True if name in shown else "legendonly", hovertemplate="%{y:.0f}°",
        )  # fmt: skip
    theme.styled(figure, height=height, dark=dark)
    for workout_set in analysis.sets:
        _mark_set(figure, workout_set)
    marked = (shown or _angles_found(analysis))[0]
    _mark_faults(figure, analysis, times, values[:, ANGLES.index(marked)])
    figure.update_layout(
        title_text=title, hovermode="x unified", dragmode="pan",
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "x": 0, "xanchor": "left"},
        margin={"l": 48, "b": 84, "t": 100 if title else 52},
    )  # fmt: skip
    figure.update_xaxes(ticksuffix=" s", range=[times[0], times[-1]], hoverformat=".2f", showgrid=False)
    figure.update_yaxes(ticksuffix="°", range=[0, 185], dtick=45, fixedrange=True)
    return figure


def _asked_for(angles: Sequence[str]) -> tuple[str, ...]:
    for name in angles:
        if not _both_sides([name]):
            raise ValueError(f"{name!r} is no angle; choose among {', '.join(ANGLES)}")
    return _both_sides(angles)


def _both_sides(measures: Sequence[str]) -> tuple[str, ...]:
    """The angles (of `ANGLES`, in their order) that the names stand for: ``knee`` for both knees."""
    return tuple(name for name in ANGLES if any(name == m or name.startswith(f"{m}_") for m in measures))


def _angles_found(analysis: Analysis) -> tuple[str, ...]:
    matter = {name for one in analysis.sets for name in analysis.exercises[one.exercise].angles}
    return _both_sides(sorted(matter)) or ("knee_left", "knee_right", "elbow_left", "elbow_right")


def _mark_set(figure: go.Figure, workout_set: WorkoutSet) -> None:
    for rep in workout_set.reps:
        figure.add_shape(
            type="rect", x0=rep.start_s, x1=rep.end_s, y0=0, y1=1, yref="paper", layer="below", line_width=0,
            fillcolor=_PARTIAL if rep.partial else _BAND[rep.number % 2],
        )  # fmt: skip
        figure.add_annotation(
            x=(rep.start_s + rep.end_s) / 2, y=1, yref="paper", yanchor="bottom", showarrow=False,
            text="partial" if rep.partial else f"{rep.number}", font={"size": 12},
        )  # fmt: skip
    figure.add_annotation(
        x=workout_set.start_s, xanchor="left", y=1, yref="paper", yanchor="bottom", yshift=18, showarrow=False,
        text=f"<b>{words(workout_set.exercise)}</b>  {theme.reps(workout_set.count)}",
    )  # fmt: skip


def _mark_faults(figure: go.Figure, analysis: Analysis, times: NDArray[np.float64], line: NDArray[np.float64]) -> None:
    """Diamonds on one of the lines, so that they do not hang in the air."""
    at, texts = [], []
    for one in analysis.sets:
        rules = analysis.exercises[one.exercise].faults
        for fault in (fault for rep in one.reps for fault in rep.faults):
            at.append(int(np.argmin(np.abs(times - fault.at_s))))
            texts.append(f"{words(fault.id)}: {measured(fault, rules)}")
    if not at:
        return
    figure.add_scatter(
        x=times[at], y=line[at], name="Fault", mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": theme.BAD, "line": {"color": theme.SURFACE, "width": 1.5}},
        text=texts, hovertemplate="%{text}",
    )  # fmt: skip


def recognition_timeline(analysis: Analysis, *, height: int = 320) -> go.Figure:
    """The probability of each class over time, as a heat map; classes that never reach 2 % are left out."""
    times = [report.time_s for report in analysis.reports]
    probabilities = np.array([report.recognition.probabilities for report in analysis.reports])
    likely = [column for column in np.argsort(-probabilities.mean(0)) if probabilities[:, column].max() >= 0.02]
    figure = go.Figure()
    figure.add_heatmap(
        x=times, y=[words(CLASSES[column]) for column in likely], z=probabilities[:, likely].T,
        zmin=0, zmax=1, ygap=3, colorscale=[[0, theme.BACKGROUND], [1, theme.ACCENT]],
        colorbar={"tickformat": ".0%", "thickness": 10, "outlinewidth": 0},
        hovertemplate="%{y}: %{z:.0%} at %{x:.1f} s<extra></extra>",
    )  # fmt: skip
    theme.styled(figure, height=height)
    figure.update_xaxes(ticksuffix=" s", showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    figure.update_layout(margin={"t": 24})
    return figure
