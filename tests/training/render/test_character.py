import numpy as np
import pytest

from deepfit_nb.training.render.character import BUILDS, GENDERS, ORIGINS, Character, make_character


@pytest.mark.parametrize("gender", GENDERS)
@pytest.mark.parametrize("origin", ORIGINS)
def test_everybody_stands_on_the_floor_as_tall_as_asked(gender: str, origin: str) -> None:
    who = make_character(gender, {origin: 1.0}, {BUILDS[0]: 1.0}, 1.80)
    skin = who.vertices[~who.eyes]
    assert skin[:, 1].min() == pytest.approx(0, abs=1e-5)
    assert skin[:, 1].max() == pytest.approx(1.80, abs=1e-5)
    assert who.head("thigh_l")[0] > 0 > who.head("thigh_r")[0]
    assert who.head("ball_l")[2] > who.head("foot_l")[2], "faces +z"


def test_proportions_are_the_rigs() -> None:
    who = make_character("male", {"asian": 0.5, "african": 0.5}, {BUILDS[0]: 1.0}, 1.70)
    body = who.body()
    assert body.thigh == pytest.approx(np.linalg.norm(who.head("thigh_l") - who.head("calf_l")))
    assert body.shoulders == pytest.approx(2 * who.head("upperarm_l")[0], rel=1e-3)
    # Drillis and Contini: leg (hip to ankle) 0.49, arm (shoulder to wrist) 0.33 of stature, give or take a tenth.
    assert body.leg == pytest.approx(0.49 * 1.70, rel=0.1)
    assert body.arm == pytest.approx(0.33 * 1.70, rel=0.1)


def test_skin_weights_and_triangles_are_whole() -> None:
    who = Character.sample(np.random.default_rng(0))
    np.testing.assert_allclose(who.weights.sum(1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(who.normals, axis=1), 1, atol=1e-4)
    assert set(np.unique(who.triangles).tolist()) == set(range(len(who.vertices)))
    assert all(parent < index for index, parent in enumerate(who.parents))


def test_heavier_is_wider() -> None:
    slim, heavy = (make_character("female", {"caucasian": 1.0}, {build: 1.0}, 1.65) for build in (BUILDS[0], BUILDS[1]))
    depth = []
    for who in (slim, heavy):
        belly = (np.abs(who.vertices[:, 1] - 1.0) < 0.02) & (np.abs(who.vertices[:, 0]) < 0.12)
        depth.append(np.ptp(who.vertices[belly, 2]))
    assert depth[1] > 1.1 * depth[0]
