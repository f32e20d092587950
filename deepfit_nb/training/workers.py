"""Work spread over processes, with a progress bar; the processes end with the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.connection import wait
from typing import TypeVar

from tqdm import tqdm

Job = TypeVar("Job")


def run_all(work: Callable[[Job], None], jobs: Sequence[Job], *, workers: int, desc: str, unit: str) -> None:
    """Call ``work`` with each of the jobs in ``workers`` new processes (1: in this one); both must be picklable.

    The first error that a job raises is raised here, and what has not begun is not done. The processes are new ones,
    since MediaPipe, OpenGL and TensorFlow do not survive a fork.
    """
    with tqdm(total=len(jobs), desc=desc, unit=unit, disable=None) as progress:
        if workers < 2 or not jobs:
            for job in jobs:
                work(job)
                progress.update()
            return
        with ProcessPoolExecutor(
            min(workers, len(jobs)), mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
        ) as pool:
            try:
                for done in as_completed([pool.submit(work, job) for job in jobs]):
                    done.result()
                    progress.update()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _end_with_parent() -> None:
    """A parent that is killed cannot tell its workers, and they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
