"""The two live figures: joint angles over the last seconds, and class probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import plotly.graph_objects as go

from deepfit_nb.dashboard.theme import FONT
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.recognition import CLASSES
from deepfit_nb.wording import words

#: How many seconds of angles are shown.
WINDOW_S: Final = 12

_TEXT: Final = "#eef1ec"
_DIM: Final = "#9ba5a1"
_GRID: Final = "#262c2f"
ACCENT: Final = "#c6f432"
_BAR: Final = "#4a5358"

#: A colour for each joint, clear on the dark page and told apart by colour-blind people; the right side is dotted.
JOINT_COLOURS: Final = {
    "knee": ACCENT,
    "hip": "#4cc9f0",
    "elbow": "#ffb454",
    "shoulder": "#c9a0ff",
    "trunk_lean": "#f4f5f2",
}


def joint_of(angle: str) -> str:
    """The joint of an angle's name: ``knee`` of ``knee_left``."""
    return angle.removesuffix("_left").removesuffix("_right")


def angle_figure() -> dict[str, Any]:
    """Nine lines, one an angle in the order of `ANGLES`, over "seconds ago"; without data."""
    figure = go.Figure()
    for angle in ANGLES:
        figure.add_scatter(
            name=words(angle),
            mode="lines",
            line={
                "color": JOINT_COLOURS[joint_of(angle)],
                "width": 2.5,
                "dash": "dot" if angle.endswith("_right") else "solid",
            },
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
        marker={"color": _BAR},
        hoverinfo="skip",
        width=0.62,
    )
    figure = go.Figure(bar)
    figure.update_layout(**_layout(left=168))
    figure.update_xaxes(range=[0, 1.02], tickvals=[0, 0.5, 1], tickformat=".0%", **_axis(showgrid=True))
    figure.update_yaxes(autorange="reversed", tickmode="linear", dtick=1, **_axis(showgrid=False, text=_TEXT))
    return figure.to_plotly_json()


def _layout(left: int) -> dict[str, Any]:
    return {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": _DIM},
        "margin": {"l": left, "r": 24, "t": 8, "b": 26},
        "showlegend": False,
        "dragmode": False,
    }


def _ticks(values: Iterable[int], text: str) -> dict[str, Any]:
    return {"tickvals": list(values), "ticktext": [text.format(value) for value in values]}


def _axis(*, showgrid: bool, text: str = _DIM) -> dict[str, Any]:
    return {
        "showgrid": showgrid,
        "gridcolor": _GRID,
        "zeroline": False,
        "showline": False,
        "fixedrange": True,
        "tickfont": {"color": text},
        "ticklabelstandoff": 4,
    }
