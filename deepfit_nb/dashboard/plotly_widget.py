"""`PlotlyWidget`: the base of the widgets that draw with Plotly in the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from plotly.offline import get_plotlyjs

from deepfit_nb.capture.live_widget import LiveWidget, module_source

_SHARED_JS: Final = Path(__file__).with_name("plotly.js")


def plotly_module(*parts: Path) -> str:
    """The front end of a `PlotlyWidget`: the shared JavaScript, then the widget's own (see `module_source`)."""
    return module_source(_SHARED_JS, *parts)


class PlotlyWidget(LiveWidget):
    """A widget whose front end calls ``plotly(model)`` to get Plotly.

    It is not a `plotly.graph_objects.FigureWidget`, which sends 5 MB for each figure and is deaf in one of ten page
    loads (see `LiveWidget`). Plotly's own script, from the Python package, is sent once a page.
    """

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_message("library", lambda content, buffers: self.send({"kind": "library"}, [get_plotlyjs().encode()]))
