from __future__ import annotations

import threading
from concurrent.futures import Future

from deepfit_nb.capture.worker import LatestOnly


class Gate:
    """A handler that waits at each item until it is let on."""

    def __init__(self) -> None:
        self.handled: list[int] = []
        self.entered = threading.Semaphore(0)
        self.pass_on = threading.Semaphore(0)

    def __call__(self, item: int) -> None:
        self.handled.append(item)
        self.entered.release()
        assert self.pass_on.acquire(timeout=5)


def test_only_the_latest_of_those_that_wait_is_handled() -> None:
    gate = Gate()
    dropped: list[int] = []
    worker = LatestOnly(gate, dropped.append)
    worker.put(1)
    assert gate.entered.acquire(timeout=5)
    for item in (2, 3, 4):
        worker.put(item)
    assert dropped == [2, 3]
    gate.pass_on.release(2)
    assert gate.entered.acquire(timeout=5)
    worker.call(lambda: None).result(timeout=5)
    assert gate.handled == [1, 4]
    worker.put(5)
    gate.pass_on.release()
    worker.call(lambda: None).result(timeout=5)
    assert gate.handled == [1, 4, 5]
    worker.close()


def test_calls_run_on_the_thread_of_the_items_and_in_turn() -> None:
    threads: list[str] = []
    worker: LatestOnly[int] = LatestOnly(
        lambda item: threads.append(threading.current_thread().name), lambda item: None
    )
    worker.put(1)
    done: Future[str] = worker.call(lambda: threading.current_thread().name)
    assert done.result(timeout=5) == threads[0] != threading.current_thread().name
    worker.close()


def test_close_ends_the_thread() -> None:
    worker: LatestOnly[int] = LatestOnly(lambda item: None, lambda item: None)
    thread = worker.call(threading.current_thread).result(timeout=5)
    worker.close()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_close_does_what_was_asked_for_and_forgets_the_item_that_waits() -> None:
    gate = Gate()
    worker = LatestOnly(gate, lambda item: None)
    worker.put(1)
    assert gate.entered.acquire(timeout=5)
    worker.put(2)
    asked: Future[str] = worker.call(lambda: "done")
    worker.close()
    gate.pass_on.release(2)
    assert asked.result(timeout=5) == "done"
    assert gate.handled == [1]


def test_what_comes_after_close_is_dropped_each_time() -> None:
    handled: list[int] = []
    dropped: list[int] = []
    worker = LatestOnly(handled.append, dropped.append)
    worker.close()
    for item in (1, 2, 3):
        worker.put(item)
    never = worker.call(lambda: handled.append(4))
    assert never.cancelled()
    worker.close()
    assert (handled, dropped) == ([], [1, 2, 3])
