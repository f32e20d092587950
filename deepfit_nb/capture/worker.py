"""`LatestOnly`: work on the newest item, let the others go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class LatestOnly(Generic[T]):
    """One thread that handles items; of those that arrive while it is busy only the last is kept.

    Parameters
    ----------
    handle
        Called with each item that is worked on, always on the same thread. It must not raise.
    drop
        Called with each item that is not worked on because a newer one took its place, or because it came after
        `close`; on the thread that brought the newer or the late one.
    """

    def __init__(self, handle: Callable[[T], None], drop: Callable[[T], None]) -> None:
        self._handle = handle
        self._drop = drop
        self._waiting: list[T] = []
        self._closed = False
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="deepfit-live")

    def put(self, item: T) -> None:
        """Hand over an item; returns at once, from whatever thread."""
        with self._lock:
            if self._closed:
                dropped = [item]
            else:
                dropped, self._waiting = self._waiting, [item]
                if not dropped:
                    self._executor.submit(self._work)
        for one in dropped:
            self._drop(one)

    def call(self, function: Callable[[], R]) -> Future[R]:
        """Run something else on the same thread, after the item in hand. What comes after `close` is cancelled."""
        with self._lock:
            if not self._closed:
                return self._executor.submit(function)
        never: Future[R] = Future()
        never.cancel()
        return never

    def close(self) -> None:
        """End the thread after the item in hand and the calls that wait; an item that waits is forgotten.

        Items may still come, as frames that were on their way: they are dropped.
        """
        with self._lock:
            self._closed = True
            self._waiting.clear()
        self._executor.shutdown(wait=False)

    def _work(self) -> None:
        with self._lock:
            items, self._waiting = self._waiting, []
        for item in items:  # none after `close`
            self._handle(item)
