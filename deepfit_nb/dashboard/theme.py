"""One look for every plot, table and panel: colours, fonts, and the names that people read."""

from __future__ import annotations

from typing import Final, TypeVar

import plotly.graph_objects as go

from deepfit_nb.kinematics import ANGLES

INK: Final = "#1b2430"
MUTED: Final = "#667085"
LINE: Final = "#e4e7ec"
SURFACE: Final = "#ffffff"
BACKGROUND: Final = "#f6f7f9"
ACCENT: Final = "#1f6feb"
GOOD: Final = "#1a9e6b"
WARN: Final = "#d98a00"
BAD: Final = "#d4373e"

#: The person's own left and right, wherever they are told apart; and what is in the middle.
LEFT: Final = "#0e8fb3"
RIGHT: Final = "#e0701a"
MIDDLE: Final = "#7b61c9"

FONT: Final = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

# Okabe and Ito's palette, which colour-blind people can tell apart, a little darker for thin lines on white.
_JOINT_COLOURS: Final = {
    "knee": "#0072b2",
    "hip": "#d55e00",
    "elbow": "#009e73",
    "shoulder": "#b3568f",
    "trunk": "#c79200",
}

F = TypeVar("F", bound=go.Figure)


def words(identifier: str) -> str:
    """An identifier as people say it: ``jumping_jacks`` is "Jumping jacks", ``knee_left`` "Left knee"."""
    parts = identifier.removesuffix("_deg").split("_")
    if parts[-1] in ("left", "right"):
        parts = [parts[-1], *parts[:-1]]
    return " ".join(parts).capitalize()


def reps(count: int) -> str:
    """ "1 rep", "5 reps"."""
    return f"{count} rep" if count == 1 else f"{count} reps"


def angle_line(name: str) -> dict[str, str]:
    """How the line of an angle (one of `ANGLES`) is drawn: a colour for each joint, the right side dotted."""
    if name not in ANGLES:
        raise ValueError(f"{name!r} is no angle; choose one of {', '.join(ANGLES)}")
    return {"color": _JOINT_COLOURS[name.split("_")[0]], "dash": "dot" if name.endswith("_right") else "solid"}


def styled(figure: F, *, height: int = 320) -> F:
    """Give a figure the common look, and return it."""
    axis = {
        "gridcolor": LINE, "linecolor": LINE, "zeroline": False, "ticks": "outside", "tickcolor": LINE,
        "title": {"standoff": 8, "font": {"color": MUTED}},
    }  # fmt: skip
    figure.update_layout(
        template="none",
        height=height,
        paper_bgcolor=SURFACE,
        plot_bgcolor=SURFACE,
        font={"family": FONT, "size": 13, "color": INK},
        title={"font": {"size": 16}, "x": 0, "xref": "paper", "xanchor": "left"},
        margin={"l": 56, "r": 16, "t": 56, "b": 48},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        hoverlabel={"bgcolor": SURFACE, "bordercolor": LINE, "font": {"family": FONT, "color": INK}},
    )
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure
