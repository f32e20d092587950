import pytest

from deepfit_nb.wording import words


@pytest.mark.parametrize(
    ("identifier", "said"),
    [
        ("pushups", "Push-ups"),
        ("non_activity", "No exercise"),
        ("jumping_jacks", "Jumping jacks"),
        ("shallow_depth", "Shallow depth"),
        ("knee_left", "Left knee"),
        ("knee_left_deg", "Left knee"),
    ],
)
def test_identifiers_are_said_as_people_say_them(identifier, said):
    assert words(identifier) == said
