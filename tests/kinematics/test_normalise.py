import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepfit_nb.kinematics.normalise import body_length, centre_of_gravity, from_vector, normalise, to_vector
from deepfit_nb.pose.keypoints import MMFIT_KEYPOINTS, to_mmfit
from deepfit_nb.training.synthesis import EXACT, make_recording


@pytest.fixture(scope="module")
def people() -> np.ndarray:
    """(T, 18, 2) pixels of a squat."""
    recording, _ = make_recording("squats", reps=1, detector=EXACT)
    return to_mmfit(recording.image[..., :2]).astype(float)


numbers = st.floats(-5000, 5000)


@settings(deadline=None)
@given(dx=numbers, dy=numbers, scale=st.floats(0.05, 40))
def test_shift_scale_and_resolution_do_not_matter(people: np.ndarray, dx: float, dy: float, scale: float) -> None:
    moved = people[::9] * scale + np.array([dx, dy])
    np.testing.assert_allclose(normalise(moved), normalise(people[::9]), atol=1e-6)


@settings(deadline=None)
@given(missing=st.sets(st.sampled_from(range(18)), max_size=6), dx=numbers, scale=st.floats(0.05, 40))
def test_also_with_keypoints_absent(people: np.ndarray, missing: set[int], dx: float, scale: float) -> None:
    cut = people[5].copy()
    cut[list(missing)] = np.nan
    result = normalise(cut)
    assert np.isfinite(result).all()
    assert (result[list(missing)] == 0).all()
    np.testing.assert_allclose(normalise(cut * scale + dx), result, atol=1e-6)


def test_the_centre_of_gravity_comes_to_the_origin(people: np.ndarray) -> None:
    np.testing.assert_allclose(normalise(people).mean(-2), 0, atol=1e-9)


def test_a_standing_body_is_as_long_as_it_is_tall() -> None:
    points = np.zeros((18, 2))
    height = {"nose": 0, "neck": 12, "hip": 46, "knee": 73, "ankle": 100}
    for index, name in enumerate(MMFIT_KEYPOINTS):
        points[index, 1] = next((y for part, y in height.items() if part in name), 0)
    assert body_length(points) == pytest.approx(100)
    assert np.ptp(normalise(points)[:, 1]) == pytest.approx(1)


def test_a_hidden_shin_is_filled_in_by_proportion(people: np.ndarray) -> None:
    cut = people[0].copy()
    cut[[10, 13]] = np.nan
    assert body_length(cut) == pytest.approx(body_length(people[0]), rel=0.08)


def test_nothing_present_gives_zeros_and_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    nobody = np.full((2, 18, 2), np.nan)
    assert (normalise(nobody) == 0).all()
    assert np.isnan(centre_of_gravity(nobody)).all()
    assert not recwarn.list


def test_the_vector_holds_all_x_and_then_all_y(people: np.ndarray) -> None:
    vector = to_vector(people[0])
    np.testing.assert_array_equal(vector[:18], people[0, :, 0])
    np.testing.assert_array_equal(from_vector(vector), people[0])


def test_a_wrong_shape_is_named() -> None:
    with pytest.raises(ValueError, match="18, 2"):
        normalise(np.zeros((33, 2)))
