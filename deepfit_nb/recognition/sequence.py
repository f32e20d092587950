"""The sequence classifier in a stream: what is being done, from the last three seconds of movement."""

from __future__ import annotations

import hashlib
from collections import deque
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose import Pose
from deepfit_nb.recognition.classes import CLASSES, NON_ACTIVITY, Recognition
from deepfit_nb.recognition.model import TFLiteModel
from deepfit_nb.recognition.window import CHANNELS, FEATURE_VERSION, FRAMES, JOINTS, SPAN_S, STEP_S, mirror, windows
from deepfit_nb.resources import resource

_IDLE: Final = CLASSES.index(NON_ACTIVITY)
#: The network looks this often; between two looks the answer stands. At 30 frames a second it runs on every fourth.
_LOOK_EVERY_S: Final = 0.12
#: Probabilities are averaged over looks with this time constant.
_SMOOTHING_S: Final = 0.2
#: An exercise is named when its probability rises above the first, and dropped when it falls below the second.
#: Chosen on rendered clips: a lower bar finds more short reps, and takes more gestures for curls.
_ENTER: Final = 0.5
_LEAVE: Final = 0.12
#: Less of a body than this within the window is not judged.
_LEAST_SEEN_S: Final = 0.5


class SequenceClassifier:
    """The ST-GCNs: windows of `deepfit_nb.recognition.window` to calibrated probabilities.

    Two networks with other lessons err on other people: their logits are averaged. ``path`` is the
    first one's file; the second, ``<name>_2.tflite``, is used where it lies beside it.

    Raises `deepfit_nb.errors.ModelError` where a file is absent or does not fit.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        first = Path(path or resource("models", "sequence_classifier.tflite"))
        second = second_member(first)
        self._models = [
            TFLiteModel(
                member, kind="sequence", classes=CLASSES, input_shape=(FRAMES, len(JOINTS), len(CHANNELS)),
                feature_version=FEATURE_VERSION,
            )
            for member in (first, second) if member == first or member.exists()
        ]  # fmt: skip

    @property
    def sha256(self) -> str:
        """Of the model file; of two, of both hashes together."""
        hashes = [model.sha256 for model in self._models]
        return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()

    def probabilities(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        """(11,) in the order of `CLASSES`, for one window (FRAMES, 17, channels)."""
        # The body and its mirror image do the same exercise: asking about both costs little and errs less.
        seen = (window, mirror(window[None])[0])
        logits = np.mean([self._logits(model, one) for model in self._models for one in seen], axis=0)
        odds = np.exp(logits - logits.max())
        return np.asarray(odds / odds.sum(), np.float32)

    @staticmethod
    def _logits(model: TFLiteModel, window: NDArray[np.float32]) -> NDArray[np.float32]:
        logits = model.run(window) / np.float32(model.info.temperature)
        logits[_IDLE] -= model.info.idle_bias
        return logits


def second_member(first: Path) -> Path:
    """Where the second network of a classifier lies."""
    return first.with_name(f"{first.stem}_2.tflite")


class SequenceRecogniser:
    """The default recogniser of the live dashboard and of ``deepfit analyze``.

    It abstains (``non_activity``) until it has seen a body for half a second, and whenever no exercise is likely
    enough; once it has named one it holds on to it through weaker moments. A clock that goes back begins a new stream.
    """

    def __init__(self, classifier: SequenceClassifier | None = None) -> None:
        self._classifier = classifier or SequenceClassifier()
        self._frames: deque[tuple[float, Pose | None]] = deque()
        self.reset()

    @property
    def sha256(self) -> str:
        """SHA-256 of the model file, for provenance."""
        return self._classifier.sha256

    def reset(self) -> None:
        self._frames.clear()
        self._looked_s = -np.inf
        self._smoothed: NDArray[np.float32] | None = None
        self._label = _IDLE

    def update(self, time_s: float, pose: Pose | None) -> Recognition:
        if self._frames and time_s <= self._frames[-1][0]:
            self.reset()
        self._frames.append((time_s, pose))
        while self._frames[0][0] < time_s - SPAN_S - 0.5:
            self._frames.popleft()
        # Half a millisecond of slack: rates that divide the interval must not miss it by a rounding error.
        if time_s - self._looked_s >= _LOOK_EVERY_S - 5e-4:
            self._look(time_s)
        return self._answer()

    def _look(self, time_s: float) -> None:
        window = self._window(time_s)
        if window[:, 0, -1].sum() * STEP_S < _LEAST_SEEN_S:
            self._smoothed, self._label = None, _IDLE
        else:
            now = self._classifier.probabilities(window)
            if self._smoothed is None:
                self._smoothed = now
            else:
                share = 1 - np.exp(-(time_s - self._looked_s) / _SMOOTHING_S)
                self._smoothed = self._smoothed + np.float32(share) * (now - self._smoothed)
            self._decide(self._smoothed)
        self._looked_s = time_s

    def _decide(self, probabilities: NDArray[np.float32]) -> None:
        best = int(probabilities.argmax())
        if best != _IDLE and probabilities[best] >= _ENTER:
            self._label = best
        elif self._label != _IDLE and probabilities[self._label] < _LEAVE:
            self._label = _IDLE

    def _answer(self) -> Recognition:
        if self._smoothed is None:
            probabilities = np.zeros(len(CLASSES), np.float32)
            probabilities[_IDLE] = 1
        else:
            probabilities = self._smoothed
        return Recognition(CLASSES[self._label], float(probabilities[self._label]), probabilities)

    def _window(self, time_s: float) -> NDArray[np.float32]:
        times = np.array([frame[0] for frame in self._frames])
        ok = np.array([frame[1] is not None for frame in self._frames])
        image = np.stack([_NO_IMAGE if pose is None else pose.image for _, pose in self._frames])
        world = np.stack([_NO_WORLD if pose is None else pose.world for _, pose in self._frames])
        return windows(times, image, world, ok, np.array([time_s]))[0]


_NO_IMAGE: Final = np.full((33, 4), np.nan, np.float32)
_NO_WORLD: Final = np.full((33, 3), np.nan, np.float32)
