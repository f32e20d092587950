"""Figures of the train notebook: made-up people, learning curves, what is taken for what, what each input is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from deepfit_nb.dashboard import theme
from deepfit_nb.pose import PoseRecording
from deepfit_nb.pose.keypoints import BONES
from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.training.metrics import wilson_interval
from deepfit_nb.wording import words


def people_figure(recordings: Mapping[str, PoseRecording], *, moments: int = 7, cell: int = 110) -> go.Figure:
    """Each recording in a row, at some moments, as the detector sees it; the person's left and right in colour.

    Of the picture as much is shown as the person needs in all of them.
    """
    lines: dict[str, list[float]] = {f"{side} {axis}": [] for side in ("left", "right", "middle") for axis in "xy"}
    for row, recording in enumerate(recordings.values()):
        seen = np.flatnonzero(recording.ok)
        for column, points in enumerate(_in_cells(recording, seen[np.linspace(0, len(seen) - 1, moments).astype(int)])):
            for first, second in BONES:
                side = "middle" if first % 2 != second % 2 else "left" if first % 2 else "right"
                for axis, (letter, start) in enumerate((("x", column), ("y", row))):
                    lines[f"{side} {letter}"] += [
                        start + float(points[first, axis]), start + float(points[second, axis]), np.nan,
                    ]  # fmt: skip
    figure = go.Figure()
    for side, colour in (("middle", theme.MIDDLE), ("left", theme.LEFT), ("right", theme.RIGHT)):
        figure.add_scatter(
            x=lines[f"{side} x"], y=lines[f"{side} y"], mode="lines", name=side, line={"color": colour, "width": 2},
            hoverinfo="skip",
        )  # fmt: skip
    margin = {"l": 190, "r": 16, "t": 48, "b": 12}
    theme.styled(figure, height=cell * len(recordings) + margin["t"] + margin["b"])
    # No wider than its cells: on a broad page they would stand far apart.
    figure.update_layout(width=cell * moments + margin["l"] + margin["r"], margin=margin)
    figure.update_xaxes(visible=False, range=[0, moments])
    figure.update_yaxes(
        range=[len(recordings), 0], showgrid=False, zeroline=False, ticks="",
        tickvals=[row + 0.5 for row in range(len(recordings))], ticktext=[words(name) for name in recordings],
    )  # fmt: skip
    return figure


def _in_cells(recording: PoseRecording, frames: NDArray[np.intp]) -> NDArray[np.float64]:
    """(frames, landmarks, 2) in squares one wide and one high, alike for all the frames."""
    points = recording.image[frames, :, :2].astype(np.float64)
    drawn = points[:, np.unique(BONES)]
    low, high = drawn.min((0, 1)), drawn.max((0, 1))
    return 0.5 + 0.92 * (points - (low + high) / 2) / (high - low).max()


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
    # From the bottom of the figure: JupyterLab puts one that is placed below an axis onto it.
    legend = {"x": 0.5, "xanchor": "center", "y": 0, "yref": "container", "yanchor": "bottom"}
    figure.update_layout(legend=legend, margin={"b": 90})
    return figure


def confusion_figure(
    table: Sequence[Sequence[int]], classes: Sequence[str], *, title: str = "", missing: str = "no clips"
) -> go.Figure:
    """Rows: what was done; columns: what was said; shares of the row, counts on hovering.

    A row in which nothing was tested says so: it is ``missing``.
    """
    counts = np.array(table)
    rows = counts.sum(1, keepdims=True)
    shares = np.divide(counts, rows, out=np.full(counts.shape, np.nan), where=counts > 0)
    names = [words(name) for name in classes]
    done = [name if total else f"{name} ({missing})" for name, total in zip(names, rows[:, 0], strict=True)]
    figure = _tiles(
        shares, names, done, customdata=counts,
        hovertemplate="%{y} called %{x}: %{customdata} (%{z:.1%})<extra></extra>",
    )  # fmt: skip
    theme.styled(figure, height=600)
    figure.update_layout(title_text=title, width=980, margin={"l": 290, "r": 60, "b": 170})
    figure.update_xaxes(title_text="what the classifier said", showgrid=False)
    figure.update_yaxes(title_text="what was done", autorange="reversed", showgrid=False)
    return figure


def _tiles(shares: NDArray[np.float64], columns: Sequence[str], rows: Sequence[str], **options: Any) -> go.Figure:
    """Shares as coloured tiles with their number: no tile where a share is NaN, no number where it is almost none."""
    return go.Figure(
        go.Heatmap(
            z=shares, x=columns, y=rows, zmin=0, zmax=1, xgap=2, ygap=2, showscale=False, hoverongaps=False,
            colorscale=[[0, theme.PALE], [1, theme.ACCENT]],
            text=np.where(shares == 0, "0", np.where(shares >= 0.005, np.char.mod("%.2f", shares), "")),
            texttemplate="%{text}", **options,
        )
    )  # fmt: skip


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


def clips_figure(clips: Sequence[Mapping[str, Any]], methods: Mapping[str, str]) -> go.Figure:
    """Share of frames right of each clip, by what was done, and by each method: its name in a clip, and its title."""
    ordered = sorted(clips, key=lambda clip: (CLASSES.index(clip["activity"]), clip["clip"]))
    shares = np.array([[clip[method] for method in methods] for clip in ordered])
    names = [f"{words(clip['activity'])}, {clip['clip'].split('__')[-1]}" for clip in ordered]
    figure = _tiles(
        shares, list(methods.values()), names, customdata=[[clip["frames"]] * len(methods) for clip in ordered],
        hovertemplate="%{y}: %{x} right on %{z:.1%} of %{customdata} frames<extra></extra>",
    )  # fmt: skip
    theme.styled(figure, height=22 * len(ordered) + 90)
    figure.update_layout(width=980, margin={"l": 260, "r": 16, "t": 64, "b": 16})
    figure.update_xaxes(side="top", showgrid=False, ticks="")
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", dtick=1)
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
