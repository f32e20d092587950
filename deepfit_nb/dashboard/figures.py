"""The two live figures: joint angles over the last seconds, and class probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import plotly.graph_objects as go

from deepfit_nb.dashboard import theme
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.recognition import CLASSES
from deepfit_nb.wording import words

#: How many seconds of angles are shown.
WINDOW_S: Final = 12


def angle_figure() -> dict[str, Any]:
    """Nine lines, one an angle in the order of `ANGLES`, over "seconds ago"; without data."""
    figure = go.Figure()
    for angle in ANGLES:
        figure.add_scatter(
            name=words(angle),
            mode="lines",
            line={"width": 2.5, **theme.angle_line(angle, dark=True)},
            visible=False,
            hoverinfo="skip",
        )
    figure.update_layout(**_layout(left=44))
    figure.update_xaxes(range=[-WINDOW_S, 0], **_ticks(range(-WINDOW_S, 1, 3), "{} s"), **_axis(showgrid=False))
    figure.update_yaxes(range=[-6, 190], **_ticks(range(0, 181, 45), "{}°"), **_axis(showgrid=True))
    return figure.to_plotly_json()


def probability_figure() -> dict[str, Any]:
    """One horizontal bar a class in the order of `CLASSES`, from the top; all zero."""
    bar = go.Bar(
        x=[0.0] * len(CLASSES),
        y=[words(name) for name in CLASSES],
        orientation="h",
        marker={"color": theme.DARK_BAR},
        hoverinfo="skip",
        width=0.62,
    )
    figure = go.Figure(bar)
    figure.update_layout(**_layout(left=168))
    figure.update_xaxes(range=[0, 1.02], tickvals=[0, 0.5, 1], tickformat=".0%", **_axis(showgrid=True))
    figure.update_yaxes(autorange="reversed", tickmode="linear", dtick=1, **_axis(showgrid=False, text=theme.DARK_TEXT))
    return figure.to_plotly_json()


def _layout(left: int) -> dict[str, Any]:
    return {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": theme.FONT, "size": 12, "color": theme.DARK_DIM},
        "margin": {"l": left, "r": 24, "t": 8, "b": 26},
        "showlegend": False,
        "dragmode": False,
    }


def _ticks(values: Iterable[int], text: str) -> dict[str, Any]:
    return {"tickvals": list(values), "ticktext": [text.format(value) for value in values]}


def _axis(*, showgrid: bool, text: str = theme.DARK_DIM) -> dict[str, Any]:
    return {
        "showgrid": showgrid,
        "gridcolor": theme.DARK_LINE,
        "zeroline": False,
        "showline": False,
        "fixedrange": True,
        "tickfont": {"color": text},
        "ticklabelstandoff": 4,
    }
