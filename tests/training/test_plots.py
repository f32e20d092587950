import numpy as np

from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.training import plots
from deepfit_nb.training.synthesis import make_recording


def test_people_fill_their_cells_and_stay_within() -> None:
    recordings = {name: make_recording(name, reps=1)[0] for name in ("squats", "pushups")}
    figure = plots.people_figure(recordings, moments=4)
    x = np.concatenate([np.array(trace.x, float) for trace in figure.data])
    y = np.concatenate([np.array(trace.y, float) for trace in figure.data])
    across, down = np.divmod(np.column_stack([x, y])[~np.isnan(x)], 1)
    assert np.unique(across[:, 0]).tolist() == [0, 1, 2, 3]
    assert np.unique(across[:, 1]).tolist() == [0, 1]
    for row in (0, 1):
        assert np.ptp(down[across[:, 1] == row], axis=0).max() > 0.85


def test_confusion_shows_shares_of_rows_and_says_where_nothing_was_tested() -> None:
    figure = plots.confusion_figure([[3, 1], [0, 0]], ["squats", "lunges"])
    np.testing.assert_allclose(figure.data[0].z, [[0.75, 0.25], [np.nan, np.nan]])
    assert list(figure.data[0].y) == ["Squats", "Lunges (no clips)"]
    assert figure.layout.yaxis.title.text == "what was done"


def test_each_clip_has_a_row_beside_those_of_its_exercise() -> None:
    clips = [
        {"clip": clip, "activity": clip.split("__")[0], "frames": 10, "sequence": share, "frame": 0.0}
        for clip, share in (("pushups__a", 0.5), ("squats__b", 1.0), ("pushups__c", 0.25))
    ]
    (tiles,) = plots.clips_figure(clips, {"sequence": "sequence classifier", "frame": "frame by frame"}).data
    assert list(tiles.y) == ["Squats, b", "Push-ups, a", "Push-ups, c"]
    assert list(tiles.x) == ["sequence classifier", "frame by frame"]
    np.testing.assert_allclose(tiles.z, [[1, 0], [0.5, 0], [0.25, 0]])


def test_accuracy_has_its_interval() -> None:
    (bars,) = plots.accuracy_figure(np.diag([50] * 11).tolist(), CLASSES).data
    np.testing.assert_allclose(bars.y, 1)
    np.testing.assert_allclose(bars.error_y.arrayminus, 0.0713, atol=1e-3)
