"""`LiveWidget`: the base of the widgets that talk to the page many times a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import traitlets

_SHARED_JS = Path(__file__).with_suffix(".js")


def module_source(*parts: Path) -> str:
    """The front end of a `LiveWidget`: the shared JavaScript, then the widget's own, as one module.

    A page without a bundler cannot import one part into another: they share one scope, and the last one exports.
    """
    return "\n".join(part.read_text("utf-8") for part in (_SHARED_JS, *parts))


class LiveWidget(anywidget.AnyWidget):
    """An anywidget that does not go deaf when the page is slow to load.

    anywidget 0.11 gives a model's module two seconds to load. On a busy page that is not always enough, and from then
    on each message to the model is thrown away, in silence. (Plotly's `FigureWidget`, whose module has 5 MB, is hit in
    one of ten page loads on two cores.) The shared JavaScript takes over the channel as soon as the module does run and
    says hello; the state is then sent once more, since changes may have been lost until then.
    """

    _reference = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        # The model's own name must be part of its first state: what comes later may not arrive.
        name = uuid4().hex
        super().__init__(model_id=name, _reference=name, **traits)
        self._handlers: dict[str, Callable[[dict[str, Any], Sequence[memoryview]], object]] = {}
        self.on_message("hello", lambda content, buffers: self.send_state())
        self.on_msg(self._dispatch)

    def on_message(self, kind: str, handler: Callable[[dict[str, Any], Sequence[memoryview]], object]) -> None:
        """Call ``handler(content, buffers)`` for messages of that kind from the page.

        It is called on the kernel's main thread by voila and on a subshell's thread by JupyterLab.
        """
        self._handlers[kind] = handler

    def _dispatch(self, widget: Any, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        handler = self._handlers.get(content.get("kind", ""))
        if handler is not None:
            handler(content, buffers)
