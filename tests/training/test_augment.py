import numpy as np
import pytest

from deepfit_nb.recognition.window import CHANNELS, FRAMES, JOINTS
from deepfit_nb.training.augment import augment

PRESENT = CHANNELS.index("present")
WORLD = slice(CHANNELS.index("world_x"), CHANNELS.index("world_z") + 1)


def some_windows(count: int = 64) -> np.ndarray:
    x = np.random.default_rng(0).normal(0, 0.4, (count, FRAMES, len(JOINTS), len(CHANNELS))).astype(np.float32)
    x[..., PRESENT] = 1
    return x


def test_the_input_is_left_alone_and_the_same_seed_gives_the_same() -> None:
    x = some_windows()
    before = x.copy()
    first, second = (augment(x, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, x)


def test_what_is_lost_is_zero_and_some_is_lost() -> None:
    varied = augment(some_windows(256), np.random.default_rng(2))
    lost = varied[..., PRESENT] == 0
    assert (varied[lost] == 0).all()
    assert 0.02 < lost.mean() < 0.2
    # An instant is known of all joints or of none.
    assert (lost.all(2) == lost.any(2)).all()


def test_bodies_keep_their_shape() -> None:
    """Turning and scaling change no angle: distances between joints all change by one factor, but for some noise."""
    x = some_windows(32)
    varied = augment(x, np.random.default_rng(3))
    for before, after in zip(x, varied, strict=True):
        known = after[:, 0, PRESENT] > 0
        # Joint 0 is its own twin, so it can be compared whether the window was mirrored or not.
        span = [np.linalg.norm(w[known][..., WORLD] - w[known][:, :1, WORLD], axis=-1).sum(1) for w in (before, after)]
        ratio = span[1] / span[0]
        assert ratio.std() < 0.02
        assert ratio.mean() == pytest.approx(1, abs=0.35)
