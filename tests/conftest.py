"""Fixtures for all rooms, and the sorting of tests that need a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

# The cores are shared by as many processes as there are. Threads of the linear algebra, which come on top, wait for
# each other by spinning: a look-up among 600 neighbours took twenty times as long. Read when the libraries are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from numpy.typing import NDArray

from deepfit_nb.kinematics.measures import Measures, measure
from deepfit_nb.storage.folder import DATA_VARIABLE

_BROWSER_FIXTURES = {"browser", "context", "page", "chromium_path"}
#: Where `make test` looks for tests with a browser: elsewhere they would never be run.
_BROWSER_ROOMS = {"capture", "dashboard"}

#: So many bodies are remembered: those of some long clips.
_MEASURED = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            if item.path.parent.name not in _BROWSER_ROOMS:
                raise pytest.UsageError(f"{item.nodeid} needs a browser, but is not in {sorted(_BROWSER_ROOMS)}")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium. Without one a test is skipped, but in CI it fails."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        message = "no Chromium found (Debian: apt-get install chromium)"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return path


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where histories and calibrations are kept by the tests and all that they start: not with the user's."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def bodies_are_measured_once() -> Iterator[None]:
    """Measuring a body is half of a coach's work, depends on nothing else, and many coaches are shown the same body."""
    known: dict[bytes, Measures] = {}

    def measure_once(*body: NDArray[np.floating]) -> Measures:
        key = b"".join(array.tobytes() for array in body)
        if key not in known:
            if len(known) >= _MEASURED:
                known.clear()
            known[key] = measure(*body)
            for array in known[key]:
                array.setflags(write=False)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("deepfit_nb.kinematics.motion.measure", measure_once)
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared(repository: Path) -> Path:
    """Development data that lives beside the checkout, not in it; a test that asks for it skips where there is none."""
    path = repository.parent / "shared"
    if not path.is_dir():
        pytest.skip("needs ../shared, the development data beside the checkout")
    return path
