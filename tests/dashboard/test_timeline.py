"""Which angles the timeline shows."""

from __future__ import annotations

import pytest

from deepfit_nb.capture.analyze import Analysis, analyze
from deepfit_nb.dashboard.timeline import timeline
from tests.factories import cosine, film, squat


@pytest.fixture(scope="module")
def squats(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    path = tmp_path_factory.mktemp("timeline") / "squats.npz"
    film(squat, *cosine(2)).save(path)
    return analyze(path, exercise="squats")


@pytest.mark.parametrize(
    ("angles", "shown"),
    [
        ((), []),
        (("knee",), ["Left knee", "Right knee"]),
        (("trunk_lean", "knee_left"), ["Left knee", "Trunk lean"]),
    ],
)
def test_the_angles_asked_for_are_shown_both_sides_where_none_is_named(
    squats: Analysis, angles: tuple[str, ...], shown: list[str]
) -> None:
    assert [trace.name for trace in timeline(squats, angles=angles).data if trace.visible is True] == shown


def test_what_is_no_angle_is_refused(squats: Analysis) -> None:
    with pytest.raises(ValueError, match="'kne' is no angle; choose among knee_left"):
        timeline(squats, angles=("kne",))
