"""What a body may be known to do, and which of its angles are better known then.

Who is known to squat has both knees bent alike and the trunk between them; who extends the arms overhead keeps the
upper arms upright. So an angle has a name of its own in the light of a movement: ``knee_squatting_left``. Of a body
that does something else it means nothing: an exercise asks for its own movement only.
"""

from __future__ import annotations

from typing import Final

from deepfit_nb.kinematics.angles import without_side

#: What a body may be known to do, and the exercise that it is learned from.
MOVEMENTS: Final[dict[str, str]] = {
    "curling": "bicep_curls",
    "rowing": "dumbbell_rows",
    "extending": "tricep_extensions",
    "pressing": "dumbbell_shoulder_press",
    "raising": "lateral_shoulder_raises",
    "jumping": "jumping_jacks",
    "pushing": "pushups",
    "squatting": "squats",
    "lunging": "lunges",
    "sitting_up": "situps",
}
#: The other way round.
MOVEMENT_OF: Final[dict[str, str]] = {exercise: movement for movement, exercise in MOVEMENTS.items()}

#: A joint and a movement: the angle of one in the light of the other.
Reading = tuple[str, str]

#: Elbows where arms hide behind the body or the head.
ELBOW_READINGS: Final[tuple[Reading, ...]] = tuple(
    ("elbow", movement) for movement in ("curling", "rowing", "extending", "pressing")
)
#: The other joints that an exercise shows.
LIMB_READINGS: Final[tuple[Reading, ...]] = (
    *(("shoulder", movement) for movement in ("curling", "rowing", "extending", "pressing")),
    ("elbow", "raising"), ("shoulder", "raising"),
    ("hip", "jumping"), ("shoulder", "jumping"),
    ("hip", "pushing"), ("elbow", "pushing"), ("shoulder", "pushing"),
    ("knee", "squatting"), ("hip", "squatting"),
    ("knee", "lunging"), ("hip", "lunging"),
    ("knee", "sitting_up"), ("hip", "sitting_up"),
)  # fmt: skip
#: The joint and the movement of each measure that is named after both.
_READINGS: Final = {f"{joint}_{movement}": (joint, movement) for joint, movement in (*ELBOW_READINGS, *LIMB_READINGS)}


def best_known(measure: str, movement: str | None) -> str:
    """The measure that tells the same best: ``elbow_rowing_left`` of ``elbow_left`` where somebody rows.

    ``measure`` is one of `deepfit_nb.kinematics.general.GENERAL`, with or without its side; ``movement`` one of
    `MOVEMENTS`, or None where it is not known.
    """
    joint = without_side(measure)
    known = f"{joint}_{movement}"
    return known + measure[len(joint) :] if known in _READINGS else measure


def as_angle(measure: str) -> str:
    """A measure under the name that it has whatever is done: ``elbow`` of ``elbow_rowing``."""
    name = without_side(measure)
    return _READINGS[name][0] + measure[len(name) :] if name in _READINGS else measure


def movement_in(measure: str) -> str | None:
    """The movement in whose light a measure is: ``rowing`` of ``elbow_rowing_left``, None of ``elbow_left``."""
    _, movement = _READINGS.get(without_side(measure), (None, None))
    return movement
