"""Figures of the train notebook: made-up people, learning curves, what is taken for what, what each input is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from deepfit_nb.dashboard import theme
from deepfit_nb.pose import PoseRecording
from deepfit_nb.pose.keypoints import BONES
from deepfit_nb.training.metrics import wilson_interval
from deepfit_nb.wording import words


def people_figure(recordings: Mapping[str, PoseRecording], *, moments: int = 7, cell: int = 120) -> go.Figure:
    """Each recording in a row, at some moments, as the detector sees it; the person's left and right in colour."""
    lines: dict[str, list[float]] = {f"{side} {axis}": [] for side in ("left", "right", "middle") for axis in "xy"}
    for row, recording in enumerate(recordings.values()):
        seen = np.flatnonzero(recording.ok)
        for column, frame in enumerate(seen[np.linspace(0, len(seen) - 1, moments).astype(int)]):
            # Every frame is fitted into a cell one wide and one high, whatever its shape.
            points = recording.image[frame, :, :2] / max(recording.size) + np.array([column, row])
            for first, second in BONES:
                side = "middle" if first % 2 != second % 2 else "left" if first % 2 else "right"
                for axis, letter in enumerate("xy"):
                    lines[f"{side} {letter}"] += [float(points[first, axis]), float(points[second, axis]), np.nan]
    figure = go.Figure()
    for side, colour in (("middle", theme.MIDDLE), ("left", theme.LEFT), ("right", theme.RIGHT)):
        figure.add_scatter(
            x=lines[f"{side} x"], y=lines[f"{side} y"], mode="lines", name=side, line={"color": colour, "width": 2},
            hoverinfo="skip",
        )  # fmt: skip
    theme.styled(figure, height=cell * len(recordings) + 60)
    figure.update_layout(margin={"l": 170})
    figure.update_xaxes(visible=False, range=[0, moments])
    figure.update_yaxes(
        range=[len(recordings), 0], scaleanchor="x", showgrid=False, zeroline=False,
        tickvals=[row + 0.4 for row in range(len(recordings))], ticktext=[words(name) for name in recordings],
    )  # fmt: skip
    return figure


def curves_figure(history: Mapping[str, Sequence[float]]) -> go.Figure:
    """Loss and accuracy over the epochs, in training and on strangers held out."""
    figure = make_subplots(1, 2, subplot_titles=("Loss", "Accuracy"))
    theme.styled(figure, height=340)
    epochs = list(range(1, len(history["loss"]) + 1))
    for column, name in enumerate(("loss", "accuracy"), start=1):
        for prefix, colour, label in (("", theme.ACCENT, "training"), ("val_", theme.RIGHT, "strangers")):
            figure.add_scatter(
                x=epochs, y=history[prefix + name], name=label, line={"color": colour}, legendgroup=label,
                showlegend=column == 1, row=1, col=column,
            )  # fmt: skip
    figure.update_xaxes(title_text="epoch")
    figure.update_layout(legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.3}, margin={"b": 90})
    return figure


def confusion_figure(table: Sequence[Sequence[int]], classes: Sequence[str], *, title: str = "") -> go.Figure:
    """Rows: what was done; columns: what was said; shares of the row, counts on hovering."""
    counts = np.array(table)
    rows = counts.sum(1, keepdims=True)
    shares = np.divide(counts, rows, out=np.zeros(counts.shape), where=rows > 0)
    names = [words(name) for name in classes]
    figure = go.Figure(
        go.Heatmap(
            z=shares, x=names, y=names, customdata=counts, zmin=0, zmax=1,
            colorscale=[[0, theme.SURFACE], [1, theme.ACCENT]],
            text=np.where(shares >= 0.005, np.char.mod("%.2f", shares), ""), texttemplate="%{text}", showscale=False,
            hovertemplate="%{y} called %{x}: %{customdata} (%{z:.1%})<extra></extra>",
        )
    )  # fmt: skip
    theme.styled(figure, height=560)
    figure.update_layout(title=title, margin={"l": 190, "r": 60, "b": 150})
    figure.update_yaxes(autorange="reversed")
    return figure


def accuracy_figure(table: Sequence[Sequence[int]], classes: Sequence[str]) -> go.Figure:
    """Share right of each class, with its 95 % interval, out of a table of confusion."""
    counts = np.array(table)
    totals = counts.sum(1)
    shares = np.divide(counts.diagonal(), totals, out=np.zeros(len(counts)), where=totals > 0)
    bounds = np.array(
        [wilson_interval(int(right), int(total)) for right, total in zip(counts.diagonal(), totals, strict=True)]
    )
    return _bars(dict(zip(classes, np.column_stack([shares, bounds]).tolist(), strict=True)))


def ablation_figure(figures: Mapping[str, Any]) -> go.Figure:
    """What each input is worth (`deepfit_nb.training.ablations`)."""
    return _bars(figures["inputs"])


def unseen_figure(figures: Mapping[str, Any]) -> go.Figure:
    """Styles and views with and without having been trained on them."""
    figure = go.Figure()
    groups = {**figures["styles"], **figures["views"]}
    for name, colour in (("seen", theme.ACCENT), ("never seen", theme.RIGHT)):
        values = np.array([groups[group][name] for group in groups])
        figure.add_bar(x=list(groups), y=values[:, 0], name=name, marker_color=colour, error_y=_error(values))
    theme.styled(figure, height=380)
    figure.update_yaxes(range=[0, 1], title_text="windows right")
    figure.update_layout(margin={"r": 80, "b": 120})
    return figure


def clips_figure(clips: Sequence[Mapping[str, Any]], methods: Sequence[str]) -> go.Figure:
    """Share of frames right of each real clip, by method."""
    figure = go.Figure()
    for method, colour in zip(methods, (theme.ACCENT, theme.RIGHT, theme.WARN, theme.MUTED, theme.GOOD), strict=True):
        figure.add_scatter(
            x=[clip["clip"] for clip in clips], y=[clip[method] for clip in clips], name=method, mode="markers",
            marker={"color": colour, "size": 11 if method == methods[0] else 7},
        )  # fmt: skip
    theme.styled(figure, height=460)
    figure.update_yaxes(range=[-0.03, 1.03], title_text="frames right")
    figure.update_layout(margin={"b": 190})
    return figure


def _bars(values: Mapping[str, Sequence[float]]) -> go.Figure:
    table = np.array(list(values.values()))
    figure = go.Figure(
        go.Bar(x=[words(name) for name in values], y=table[:, 0], marker_color=theme.ACCENT, error_y=_error(table))
    )
    theme.styled(figure, height=380)
    figure.update_yaxes(range=[0, 1], title_text="windows right")
    figure.update_layout(margin={"r": 80, "b": 120})
    return figure


def _error(table: np.ndarray) -> dict[str, Any]:
    """Error bars from columns share, low, high."""
    return {
        "type": "data",
        "array": table[:, 2] - table[:, 0],
        "arrayminus": table[:, 0] - table[:, 1],
        "color": theme.MUTED,
    }
