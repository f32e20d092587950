"""Detectors of the dashboard: each session has its own, and none is left behind."""

from __future__ import annotations

import pytest

from deepfit_nb.coaching import builtin_exercises
from deepfit_nb.dashboard import backend as module
from deepfit_nb.dashboard.backend import Backend


class StandInDetector:
    def __init__(self, variant: str, mode: str) -> None:
        self.open = True

    def close(self) -> None:
        self.open = False


@pytest.fixture
def detectors(monkeypatch: pytest.MonkeyPatch) -> list[StandInDetector]:
    """All that were made."""
    made: list[StandInDetector] = []

    def make(variant: str, mode: str) -> StandInDetector:
        made.append(StandInDetector(variant, mode))
        return made[-1]

    monkeypatch.setattr(module, "PoseDetector", make)
    return made


def begin(backend: Backend) -> None:
    backend.new_session("squats", "return", lambda exercise: builtin_exercises())


def test_a_session_takes_the_detector_that_is_ready_and_leaves_none_open(detectors: list[StandInDetector]) -> None:
    backend = Backend()
    backend.warm_up()
    backend.warm_up()
    begin(backend)
    assert [one.open for one in detectors] == [True]
    backend.warm_up()
    begin(backend)
    assert [one.open for one in detectors] == [False, True]
    backend.close()
    assert not any(one.open for one in detectors)


def test_a_detector_that_no_session_took_is_closed_as_well(detectors: list[StandInDetector]) -> None:
    backend = Backend()
    backend.warm_up()
    backend.close()
    assert [one.open for one in detectors] == [False]
    begin(backend)
    assert [one.open for one in detectors] == [False, True]
    backend.close()
