from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from deepfit_nb.dashboard.figures import angle_figure, probability_figure
from deepfit_nb.dashboard.plots import LivePlots
from deepfit_nb.kinematics import ANGLES
from deepfit_nb.recognition import CLASSES
from deepfit_nb.wording import words
from tests.storage.workouts import report

WIDTH = 1 + len(ANGLES) + len(CLASSES)


class Page:
    """Pulls as the front end does; ``rows`` are all it has got."""

    def __init__(self, plots: LivePlots) -> None:
        self.plots = plots
        self.last = 0
        self.clears = 0
        self.rows: list[NDArray[np.float32]] = []
        plots.send = self._receive  # type: ignore[method-assign]

    def pull(self) -> None:
        self.plots._handle_custom_msg({"kind": "pull", "after": self.last}, [])

    def _receive(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        assert content["kind"] == "rows"
        if content["clears"] != self.clears:
            self.rows.clear()
        self.rows += list(np.frombuffer(buffers[0], np.float32).reshape(-1, WIDTH))
        self.last, self.clears = content["last"], content["clears"]


@settings(deadline=None)  # making a widget takes its time
@given(st.lists(st.integers(0, 30), max_size=8))
def test_every_row_arrives_once_and_in_order_in_whatever_portions(portions: list[int]) -> None:
    plots = LivePlots()
    page = Page(plots)
    time_s = 0
    for portion in portions:
        for _ in range(portion):
            plots.add(report(time_s))
            time_s += 1
        page.pull()
    assert [row[0] for row in page.rows] == list(range(time_s))


def test_row_holds_time_angles_and_probabilities() -> None:
    plots = LivePlots()
    page = Page(plots)
    plots.add(report(1.5, "squats"))
    page.pull()
    (row,) = page.rows
    assert row[0] == 1.5
    assert (row[1 : 1 + len(ANGLES)] == 90).all()
    assert row[1 + len(ANGLES) + CLASSES.index("squats")] == row[1 + len(ANGLES) :].sum() == 1


def test_late_page_gets_the_window_and_not_all_that_ever_was() -> None:
    plots = LivePlots()
    for time_s in range(2000):
        plots.add(report(time_s))
    page = Page(plots)
    page.pull()
    assert 0 < len(page.rows) < 2000
    assert page.rows[-1][0] == 1999
    page.pull()
    assert page.rows[-1][0] == 1999


def test_clear_begins_anew() -> None:
    plots = LivePlots()
    page = Page(plots)
    plots.add(report(1))
    page.pull()
    plots.clear()
    plots.add(report(0))
    page.pull()
    assert [row[0] for row in page.rows] == [0]


@pytest.mark.parametrize(
    ("figure", "names"),
    [
        ([trace["name"] for trace in angle_figure()["data"]], ANGLES),
        (probability_figure()["data"][0]["y"], CLASSES),
    ],
)
def test_figures_have_the_order_of_the_rows(figure: list[str], names: tuple[str, ...]) -> None:
    assert list(figure) == [words(name) for name in names]
