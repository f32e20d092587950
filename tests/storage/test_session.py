import json

import pytest

from deepfit_nb.errors import MediaError
from deepfit_nb.storage import Provenance, Session
from tests.storage.workouts import DEEP, NAN, rep, workout_set


def session(*sets, **changes):
    fields = {
        "source": "squats.mp4", "duration_s": 14.1, "frames": 353, "detected": 353,
        "provenance": Provenance(deepfit_nb="0.1.0", mediapipe="1.2.2", pose_model_sha256="ab", classifier_sha256="cd"),
    }  # fmt: skip
    return Session.of(sets, **(fields | changes))


def test_the_file_is_exactly_the_contract(tmp_path):
    session(workout_set([rep(1, 0.8, 3.4, faults=[DEEP])])).save(tmp_path / "squats.session.json")
    assert json.loads((tmp_path / "squats.session.json").read_text()) == {
        "schema": 1,
        "source": "squats.mp4",
        "duration_s": 14.1,
        "frames": 353,
        "detected": 353,
        "provenance": {
            "deepfit_nb": "0.1.0", "mediapipe": "1.2.2", "pose_model_sha256": "ab", "classifier_sha256": "cd",
        },
        "sets": [
            {
                "exercise": "squats", "start_s": 0.8, "end_s": 3.4, "confidence": 0.98, "view": "side",
                "reps": [
                    {
                        "start_s": 0.8, "peak_s": 2.1, "end_s": 3.4, "rom_deg": 95.2, "partial": False,
                        "faults": [{"id": "shallow_depth", "value": 111.04, "limit": 100.0, "at_s": 2.1}],
                    }
                ],
            }
        ],
    }  # fmt: skip


def test_nan_and_infinity_become_null_because_json_has_neither(tmp_path):
    path = tmp_path / "x.session.json"
    session(workout_set([rep(rom_deg=NAN)], confidence=float("inf"))).save(path)
    read = json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(f"{name} in the file"))
    assert read["sets"][0]["confidence"] is None
    assert read["sets"][0]["reps"][0]["rom_deg"] is None


def test_what_is_saved_is_read_back(tmp_path):
    saved = session(workout_set(), workout_set(exercise="lunges"))
    saved.save(tmp_path / "x.session.json")
    assert Session.load(tmp_path / "x.session.json") == saved


def test_partial_reps_are_kept_but_not_counted():
    record = session(workout_set([rep(1), rep(2, 3, 4, partial=True)])).sets[0]
    assert (len(record.reps), record.count) == (2, 1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "cannot be read"),
        ("not json", "Invalid JSON"),
        ('{"schema": 2, "source": "x"}', "schema"),
        ('{"schema": 1, "source": "x", "duration_s": 1, "frames": 1}', "detected: Field required"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path, text, complaint):
    path = tmp_path / "bad.session.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(MediaError, match=f"bad.session.json.*{complaint}"):
        Session.load(path)
