"""Keypoints as the frame classifier sees them: MM-Fit's 18, in the picture and normalised."""

from __future__ import annotations

from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from deepfit_nb.dashboard import theme
from deepfit_nb.kinematics.normalise import normalise
from deepfit_nb.pose import Pose
from deepfit_nb.pose.keypoints import MMFIT_BONES, MMFIT_KEYPOINTS, to_mmfit
from deepfit_nb.wording import words

_SIDES: Final = (("right", theme.RIGHT), ("left", theme.LEFT), ("", theme.MIDDLE))


def normalisation_figure(pose: Pose, *, height: int = 460) -> go.Figure:
    """The 18 keypoints twice: in pixels of the frame, and about their centre of gravity in body lengths."""
    keypoints = to_mmfit(pose.xy)
    figure = make_subplots(1, 2, subplot_titles=("In the picture (pixels)", "Normalised (body lengths)"))
    theme.styled(figure, height=height)
    for column, points in enumerate((keypoints, normalise(keypoints)), start=1):
        _add_skeleton(figure, points, column)
    width, tall = pose.size
    figure.update_xaxes(range=[0, width], constrain="domain", row=1, col=1)
    figure.update_yaxes(range=[tall, 0], scaleanchor="x", constrain="domain", row=1, col=1)
    figure.update_xaxes(range=[-0.8, 0.8], constrain="domain", row=1, col=2)
    figure.update_yaxes(range=[0.8, -0.8], scaleanchor="x2", constrain="domain", row=1, col=2)
    figure.update_layout(showlegend=False, margin={"t": 48})
    return figure


def _add_skeleton(figure: go.Figure, points: NDArray[np.floating], column: int) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for a, b in MMFIT_BONES:
        x += [points[a, 0], points[b, 0], None]
        y += [points[a, 1], points[b, 1], None]
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": theme.MUTED, "width": 3}, hoverinfo="skip", row=1, col=column
    )
    names = np.array([words(name) for name in MMFIT_KEYPOINTS])
    sides = np.array([name.split("_")[0] if "_" in name else "" for name in MMFIT_KEYPOINTS])
    for side, colour in _SIDES:
        of_side = sides == side
        figure.add_scatter(
            x=points[of_side, 0], y=points[of_side, 1], mode="markers", text=names[of_side],
            marker={"color": colour, "size": 10, "line": {"color": theme.SURFACE, "width": 1.5}},
            hovertemplate="%{text}: %{x:.3~g}, %{y:.3~g}<extra></extra>", row=1, col=column,
        )  # fmt: skip
