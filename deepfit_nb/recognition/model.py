"""TFLite models run with ai-edge-litert, each with a JSON sidecar that says what it is and what it fits."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from deepfit_nb.errors import ModelError
from deepfit_nb.pose._mediapipe import without_chatter

_RETRAIN = "Take the models that come with this version, or make new ones with 'deepfit train --out models'."


class ModelInfo(BaseModel):
    """What a model is made for: the sidecar ``<name>.json`` beside ``<name>.tflite``.

    ``temperature`` divides the logits, ``idle_bias`` is then taken from that of ``non_activity``.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["frame", "sequence"]
    feature_version: int
    classes: tuple[str, ...]
    input_shape: tuple[int, ...]
    sha256: str
    temperature: float = 1.0
    idle_bias: float = 0.0


class TFLiteModel:
    """A model file that fits this code, ready to run on one thread.

    Raises
    ------
    ModelError
        The file or its sidecar is absent or damaged, the two do not belong together, or the model was made for other
        classes, another input, or another version of the features.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        kind: str,
        classes: tuple[str, ...],
        input_shape: tuple[int, ...],
        feature_version: int,
    ) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.path = Path(path)
        content = _read(self.path)
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.info = _read_info(self.path.with_suffix(".json"))
        if self.info.sha256 != self.sha256:
            raise ModelError(f"{self.path}: damaged, or not the model that {self.path.stem}.json describes. {_RETRAIN}")
        wanted = {"kind": kind, "classes": classes, "input_shape": input_shape, "feature_version": feature_version}
        for name, value in wanted.items():
            found = getattr(self.info, name)
            if found != value:
                raise ModelError(f"{self.path}: its {name} is {found}, this version needs {value}. {_RETRAIN}")
        try:
            with without_chatter():
                self._interpreter = Interpreter(model_content=content, num_threads=1)
                self._interpreter.allocate_tensors()
            self._input = self._interpreter.get_input_details()[0]
            self._output = self._interpreter.get_output_details()[0]
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{self.path}: not a TFLite model that can be run ({error}). {_RETRAIN}") from error
        shapes = tuple(self._input["shape"].tolist()), tuple(self._output["shape"].tolist())
        if shapes != ((1, *input_shape), (1, len(classes))):
            raise ModelError(f"{self.path}: takes and gives {shapes}, which its sidecar does not say. {_RETRAIN}")

    def run(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """The model's output (classes,) for one input of ``input_shape``."""
        self._interpreter.set_tensor(self._input["index"], x[None].astype(np.float32, copy=False))
        self._interpreter.invoke()
        return np.asarray(self._interpreter.get_tensor(self._output["index"])[0])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror or error}). {_RETRAIN}") from error


def _read_info(path: Path) -> ModelInfo:
    try:
        return ModelInfo.model_validate(json.loads(_read(path)))
    except (ValueError, ValidationError) as error:
        raise ModelError(f"{path}: does not describe a model ({error}). {_RETRAIN}") from error
