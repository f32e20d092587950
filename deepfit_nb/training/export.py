"""From a Keras model to the files that inference needs: a TFLite model and its JSON sidecar."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import keras
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from deepfit_nb.recognition.model import ModelInfo


def export(
    model: keras.Model,
    path: Path,
    *,
    kind: Literal["frame", "sequence"],
    feature_version: int,
    classes: tuple[str, ...],
    temperature: float = 1.0,
    idle_bias: float = 0.0,
) -> ModelInfo:
    """Write ``path`` (``.tflite``) and the ``.json`` beside it. The batch size is fixed at 1."""
    shape = tuple(int(size) for size in model.input_shape[1:])
    # A function with a fixed signature: a converter that knows all shapes makes a smaller and faster graph.
    function = tf.function(lambda x: model(x, training=False)).get_concrete_function(
        tf.TensorSpec((1, *shape), tf.float32)
    )
    # The converter leaves Keras 3 variables without their values unless they are constants by then.
    frozen = convert_variables_to_constants_v2(function)
    content = tf.lite.TFLiteConverter.from_concrete_functions([frozen]).convert()
    info = ModelInfo(
        kind=kind,
        feature_version=feature_version,
        classes=classes,
        input_shape=shape,
        sha256=hashlib.sha256(content).hexdigest(),
        temperature=temperature,
        idle_bias=idle_bias,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.with_suffix(".json").write_text(info.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return info
