import numpy as np

from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.training import plots
from deepfit_nb.training.synthesis import make_recording


def test_people_are_drawn_in_their_cells() -> None:
    recordings = {name: make_recording(name, reps=1)[0] for name in ("squats", "lunges")}
    figure = plots.people_figure(recordings, moments=4)
    x = np.concatenate([np.array(trace.x, float) for trace in figure.data])
    y = np.concatenate([np.array(trace.y, float) for trace in figure.data])
    assert 0 < np.nanmin(x) < 1
    assert 3 < np.nanmax(x) < 4
    assert 0 < np.nanmin(y) < 1 < np.nanmax(y) < 2


def test_confusion_shows_shares_of_rows() -> None:
    figure = plots.confusion_figure([[3, 1], [0, 0]], ["squats", "lunges"])
    np.testing.assert_allclose(figure.data[0].z, [[0.75, 0.25], [0, 0]])


def test_accuracy_has_its_interval() -> None:
    (bars,) = plots.accuracy_figure(np.diag([50] * 11).tolist(), CLASSES).data
    np.testing.assert_allclose(bars.y, 1)
    np.testing.assert_allclose(bars.error_y.arrayminus, 0.0713, atol=1e-3)
