"""One look for every plot, table and panel: colours, fonts, and the names that people read."""

from __future__ import annotations

from typing import Final, TypeVar

import plotly.graph_objects as go

from deepfit_nb.kinematics import ANGLES, without_side

INK: Final = "#1b2430"
MUTED: Final = "#667085"
SURFACE: Final = "#ffffff"
ACCENT: Final = "#1f6feb"
GOOD: Final = "#1a9e6b"
WARN: Final = "#d98a00"
BAD: Final = "#d4373e"

#: Figures in a notebook have no ground of their own: its page is white or nearly black, as its reader likes. A text
#: of the same contrast (more than 4 to 1) on either, lines, and what is empty.
ON_ANY_PAGE: Final = "#747a84"
LINE: Final = "rgba(116,122,132,0.28)"
BACKGROUND: Final = "rgba(116,122,132,0.12)"
#: Where a scale begins that ends in `ACCENT`; a number in it can be read on any page.
PALE: Final = "#dbe7fb"

#: The person's own left and right, wherever they are told apart; and what is in the middle.
LEFT: Final = "#0e8fb3"
RIGHT: Final = "#e0701a"
MIDDLE: Final = "#7b61c9"

#: The dark pages: text, text of less weight, lines, panels, bars, and what stands out, as in ``dashboard.css``.
DARK_TEXT: Final = "#eef1ec"
DARK_DIM: Final = "#9ba5a1"
DARK_LINE: Final = "#262c2f"
DARK_CARD: Final = "#14181a"
DARK_BAR: Final = "#4a5358"
DARK_ACCENT: Final = "#c6f432"

FONT: Final = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

#: A colour for each joint on the dark pages and, of the same hue, in notebooks; told apart by colour-blind people.
JOINT_COLOURS: Final = {
    "knee": DARK_ACCENT, "hip": "#4cc9f0", "elbow": "#ffb454", "shoulder": "#c9a0ff", "trunk_lean": "#f4f5f2",
}  # fmt: skip
JOINT_COLOURS_ON_ANY_PAGE: Final = {
    "knee": "#5f8a00", "hip": "#0a86b0", "elbow": "#d9790b", "shoulder": "#8450d0", "trunk_lean": "#6b7688",
}  # fmt: skip

F = TypeVar("F", bound=go.Figure)


def reps(count: int) -> str:
    """ "1 rep", "5 reps"."""
    return f"{count} rep" if count == 1 else f"{count} reps"


def angle_line(name: str, *, dark: bool = False) -> dict[str, str]:
    """How the line of an angle (one of `ANGLES`) is drawn: a colour for each joint, the right side dotted."""
    if name not in ANGLES:
        raise ValueError(f"{name!r} is no angle; choose one of {', '.join(ANGLES)}")
    colour = (JOINT_COLOURS if dark else JOINT_COLOURS_ON_ANY_PAGE)[without_side(name)]
    return {"color": colour, "dash": "dot" if name.endswith("_right") else "solid"}


def styled(figure: F, *, height: int = 320, dark: bool = False) -> F:
    """Give a figure the common look, in a notebook or on the dark pages, and return it."""
    text, dim, grid = (DARK_TEXT, DARK_DIM, DARK_LINE) if dark else (ON_ANY_PAGE, ON_ANY_PAGE, LINE)
    axis = {
        "gridcolor": grid, "linecolor": grid, "zeroline": False, "ticks": "outside", "tickcolor": grid,
        "tickfont": {"color": dim}, "title": {"standoff": 8, "font": {"color": dim}},
    }  # fmt: skip
    hover = {
        "bgcolor": DARK_CARD if dark else SURFACE, "bordercolor": grid,
        "font": {"family": FONT, "color": DARK_TEXT if dark else INK},
    }  # fmt: skip
    figure.update_layout(
        template="none",
        height=height,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": text},
        title={"font": {"size": 16}, "x": 0, "xref": "paper", "xanchor": "left"},
        margin={"l": 56, "r": 16, "t": 56, "b": 48},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        hoverlabel=hover,
    )
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure
