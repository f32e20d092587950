"""Every class has clips that training leaves alone, and not many."""

from __future__ import annotations

from collections import Counter

from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.training.held_out import is_held_out


def test_each_class_gives_about_one_clip_in_eight() -> None:
    names = [(name, f"{name}__0-{number:04d}") for name in CLASSES for number in range(400)]
    held = Counter(name for name, stem in names if is_held_out(stem))
    assert all(30 <= held[name] <= 70 for name in CLASSES)
