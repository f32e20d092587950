from pathlib import Path

from platformdirs import user_data_path

from deepfit_nb.storage import History
from deepfit_nb.storage.calibrations import CalibrationStore
from deepfit_nb.storage.folder import DATA_VARIABLE, user_data_folder


def test_the_variable_moves_all_that_is_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "mine"))
    with History() as history:
        assert history.path == tmp_path / "mine" / "history.sqlite"
    assert CalibrationStore("Ada").folder == tmp_path / "mine" / "calibrations"


def test_without_it_the_systems_place_is_used(monkeypatch):
    monkeypatch.delenv(DATA_VARIABLE)
    assert user_data_folder() == user_data_path("deepfit-nb", appauthor=False)
    assert Path.home() in user_data_folder().parents
