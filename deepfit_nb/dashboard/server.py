"""What the voila server needs beyond its defaults. All of it is named in ``notebooks/voila.json``."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any
from weakref import WeakSet

from jupyter_client.manager import KernelManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A kernel's websocket that sends small packets at once, and a page that takes its kernel with it.

    Nagle's algorithm would hold back the acknowledgements of frames: the round trip takes 43 instead of 14 ms.

    When a tab is closed voila's page asks for the end of its kernel, with the server's XSRF cookie; but voila sets
    none, and its server refuses. Here the answer to the websocket's handshake sets it.
    """

    async def prepare(self) -> None:
        await super().prepare()  # type: ignore[no-untyped-call]
        _ = self.websocket_handler.xsrf_token  # tornado sets the cookie when the token is looked at

    def connect(self) -> Any:
        self.websocket_handler.set_nodelay(True)
        return super().connect()


class PatientKernelManager(AsyncMappingKernelManager):
    """Ends a kernel only when it has been without a page for the whole of ``cull_idle_timeout``.

    By default a kernel's idleness counts from its last message. One that has waited in voila's pool for longer than the
    time-out, or whose page lay idle, would be ended in the moment between its leaving the pool, or losing its
    connection, and the page's (next) connection: the page would wait for it for ever.
    """

    def __init__(self, **kwargs: Any) -> None:
        self._met: WeakSet[KernelManager] = WeakSet()
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        # Each kernel would warn the terminal that what it sends to this very machine is not encrypted. Errors are told.
        kwargs.setdefault("extra_arguments", ["--IPKernelApp.log_level=ERROR"])
        kernel_id: str = await super()._async_start_kernel(**kwargs)
        return kernel_id

    start_kernel = _async_start_kernel  # type: ignore[assignment]

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that is not in the pool (voila does not ask for one that is) if it has been idle for long."""
        kernel = self._kernels[kernel_id]
        if kernel not in self._met:  # it may have left the pool just now
            self._met.add(kernel)
            self._touch(kernel)
        await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    def notify_disconnect(self, kernel_id: str) -> None:
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        if kernel_id in self._kernels:
            self._touch(self._kernels[kernel_id])

    def _touch(self, kernel: KernelManager) -> None:
        kernel.last_activity = datetime.now(UTC)  # type: ignore[attr-defined]


class WorthTelling(logging.Filter):
    """Keeps from the terminal two warnings at each start that read like an alarm and are none.

    That a notebook "is not trusted" means that JupyterLab would not run its saved outputs; voila makes them anew. And
    the ping's time-out that is "too long" is one that Jupyter's server has set itself; tornado shortens it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        harmless = message.endswith("is not trusted") or message.startswith("The websocket_ping_timeout")
        return record.levelno >= logging.ERROR or not harmless
