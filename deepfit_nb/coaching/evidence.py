"""What recognition said over the last half minute, and how far it supports that a rep belongs to an exercise."""

from __future__ import annotations

from collections import deque
from typing import Final

from deepfit_nb.coaching.counted import CountedRep
from deepfit_nb.recognition import CLASSES, Recognition

#: So long is remembered.
_MEMORY_S: Final = 30.0
#: A rep is supported by what is said until so long after its end: the recogniser's window looks back.
SUPPORT_S: Final = 2.0
#: What is best known of a rep is known from its peak until so long after its end.
HINDSIGHT_S: Final = 1.0


class Evidence:
    """The recogniser's answers, each with its time in seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, Recognition]] = deque()

    def add(self, time_s: float, recognition: Recognition) -> None:
        self._seen.append((time_s, recognition))
        while self._seen[0][0] < time_s - _MEMORY_S:
            self._seen.popleft()

    def support(self, exercise: str, rep: CountedRep) -> float:
        """Mean probability of the exercise from the rep's start to a while after its end.

        Where the exercise is what was answered it counts as certain: answers change late, so that a set does not break
        at a moment's doubt.
        """
        seen = [
            1.0 if recognition.label == exercise else probability(recognition, exercise)
            for time_s, recognition in self._seen
            if rep.start_s <= time_s <= rep.end_s + SUPPORT_S
        ]
        return sum(seen) / len(seen) if seen else 0.0

    def hindsight(self, exercise: str, rep: CountedRep) -> float:
        """Mean probability of the exercise from the rep's far end until a second after it, whatever the answer was.

        Reps that begin and end sets have 0.9 and more of it, movements before and after a set about 0.1.
        """
        seen = [
            probability(recognition, exercise)
            for time_s, recognition in self._seen
            if rep.peak_s <= time_s <= rep.end_s + HINDSIGHT_S
        ]
        return sum(seen) / len(seen) if seen else 1.0


def probability(recognition: Recognition, exercise: str) -> float:
    """The recogniser's probability of an exercise; 1 of one that it does not know."""
    return float(recognition.probabilities[CLASSES.index(exercise)]) if exercise in CLASSES else 1.0
