"""Pictures against projection by hand, and against the landmarks that MediaPipe finds in them."""

import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from types import ModuleType

import numpy as np
import pytest

pytest.importorskip("moderngl", reason="drawing needs moderngl")

from deepfit_nb.errors import SetupError
from deepfit_nb.pose import PoseRecording
from deepfit_nb.training.camera import Camera, Lens, View, sample_coached_view
from deepfit_nb.training.geometry import Y
from deepfit_nb.training.norms import plain_style
from deepfit_nb.training.render.character import Character
from deepfit_nb.training.render.film import Take, stage, watch
from deepfit_nb.training.render.props import Solid, box, rod
from deepfit_nb.training.render.scene import Scene, open_context
from deepfit_nb.training.script import Activity
from deepfit_nb.training.synthesis import set_script
from deepfit_nb.training.tempo import sample_tempo


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Executor]:
    """A process of its own, since other tests of this one may have loaded TensorFlow."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            pool.submit(_try_opengl).result()
        except SetupError as error:
            pytest.skip(str(error))
        yield pool


def _try_opengl() -> None:
    open_context().release()


CAMERA = Camera(np.array([0.0, 1.0, 4.0]), np.array([[1.0, 0, 0], [0, -1, 0], [0, 0, -1]]).T)
LENS = Lens(300.0, np.array([200.0, 100.0]))


def _draw_a_box() -> np.ndarray:
    target = box((0.4, 1.2, -0.1), (0.6, 1.4, 0.0), (1.0, 0.0, 0.0))
    nothing = rod(np.array([0, -9.0, -9]), np.array([0, -9.0, -8]), 0.01, (0, 0, 0))
    with Scene((320, 240), nothing, light=Y, ambient=1.0, planks=0) as scene:
        return scene.draw(CAMERA, LENS, target, np.zeros(3))


def test_a_box_is_drawn_where_the_lens_says(elsewhere: Executor) -> None:
    picture = elsewhere.submit(_draw_a_box).result()
    rows, columns = np.nonzero((picture[..., 0] > 100) & (picture[..., 1] < 30))
    low, high = (CAMERA.see(np.array([[x, y, 0.0]]))[0] for x, y in ((0.4, 1.4), (0.6, 1.2)))
    for found, axis in ((columns, 0), (rows, 1)):
        assert found.min() == pytest.approx(low[axis] / low[2] * 300 + LENS.centre[axis], abs=1.5)
        assert found.max() == pytest.approx(high[axis] / high[2] * 300 + LENS.centre[axis], abs=1.5)


def test_pictures_are_refused_where_tensorflow_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both bring an LLVM of their own, and the process would crash."""
    monkeypatch.setitem(sys.modules, "tensorflow", ModuleType("tensorflow"))
    with pytest.raises(SetupError, match="another process"):
        open_context()


def test_solids_join_without_mixing_their_triangles() -> None:
    first, second = box((0, 0, 0), (1, 1, 1), (1, 0, 0)), rod(np.zeros(3), Y, 0.1, (0, 1, 0))
    both = Solid.join([first, second])
    corners = both.vertices[both.triangles]
    np.testing.assert_array_equal(corners[: len(first.triangles)], first.vertices[first.triangles])
    np.testing.assert_array_equal(corners[len(first.triangles) :], second.vertices[second.triangles])
    assert both.vertices[len(first.vertices) :, 1].max() == pytest.approx(1.0)


def _film_a_squat() -> tuple[Take, PoseRecording]:
    style = plain_style("squats")
    tempo = sample_tempo("squats", 1, np.random.default_rng(0), steady=True)
    script = [Activity("ready:squats", duration_s=1.0, style=style), Activity("squats", tempo=tempo, style=style)]
    view = View(azimuth_deg=60, height_m=1.1, size=(480, 480), fill=0.8)
    take = stage(np.random.default_rng(3), Character.sample(np.random.default_rng(3)), script, view, fps=10)
    return take, watch(take, np.random.default_rng(4))


def test_mediapipe_finds_the_joints_where_the_rig_has_them(elsewhere: Executor) -> None:
    take, recording = elsewhere.submit(_film_a_squat).result()
    assert recording.ok.mean() > 0.9
    seen = take.camera.see(take.skeleton.joints())
    pixels = seen[..., :2] / seen[..., 2:] * take.lens.zoom + take.lens.centre
    tall = np.ptp(pixels[0, ..., 1])
    shoulders_hips_knees = recording.image[:, [[11, 12], [23, 24], [25, 26]], :2]
    off = np.linalg.norm(shoulders_hips_knees - pixels[:, [0, 3, 4]], axis=-1)[recording.ok] / tall
    assert np.median(off) < 0.06
    # A camera at the person's left sees the left knee bend and straighten as the truth says.
    knee = take.truth.angles[:, 0]
    assert knee.max() - knee.min() > 50


def _lunges(rng: np.random.Generator) -> Take:
    return stage(
        rng, Character.sample(rng), set_script(rng, "lunges", None), sample_coached_view(rng, "lunges"), fps=10
    )


def test_a_take_is_seeded() -> None:
    first, second = (_lunges(np.random.default_rng(9)) for _ in range(2))
    np.testing.assert_array_equal(first.skeleton.heads, second.skeleton.heads)
    assert first.view == second.view
