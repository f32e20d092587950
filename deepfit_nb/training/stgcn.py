"""The sequence classifier: a small spatial-temporal graph convolutional network (Yan et al. 2018, arXiv:1801.07455)."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from deepfit_nb.recognition.classes import CLASSES
from deepfit_nb.recognition.window import CHANNELS, EDGES, FRAMES, JOINTS


def adjacency() -> NDArray[np.float32]:
    """(3, 17, 17) normalised: each joint to itself, to its neighbours towards the trunk, and to those away from it."""
    count = len(JOINTS)
    distance = np.full(count, 99)
    distance[[9, 10]] = 0
    for _ in range(count):
        for a, b in EDGES:
            distance[a], distance[b] = min(distance[a], distance[b] + 1), min(distance[b], distance[a] + 1)
    parts = np.zeros((3, count, count), np.float32)
    parts[0] = np.eye(count)
    for a, b in (*EDGES, *((b, a) for a, b in EDGES)):
        parts[1 if distance[a] <= distance[b] else 2, a, b] = 1
    degree = parts.sum(1, keepdims=True)
    return np.asarray(parts / np.maximum(degree, 1), np.float32)


@keras.saving.register_keras_serializable("deepfit_nb")
class Neighbourhood(layers.Layer):
    """For each joint, sums over the joints along the bones, and with a learned part over whatever else helps.

    In (B, T, V, C), out (B, T, V, K * C): one adjacency matrix for each of the K partitions. A convolution of size 1
    after it completes a graph convolution; summing first is the same and keeps the wide tensor out of early blocks.
    """

    def build(self, input_shape: Sequence[int]) -> None:
        parts = adjacency()
        self.graph = self.add_weight(
            shape=parts.shape, initializer=lambda shape, dtype=None: keras.ops.convert_to_tensor(parts), name="graph"
        )
        self.built = True

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        frames, joints, channels = inputs.shape[1:]
        kinds = self.graph.shape[0]
        matrix = keras.ops.reshape(keras.ops.transpose(self.graph, (1, 0, 2)), (joints * kinds, joints))
        return keras.ops.reshape(keras.ops.matmul(matrix, inputs), (-1, frames, joints, kinds * channels))


def _block(x: keras.KerasTensor, filters: int, *, halve: bool, dropout: float) -> keras.KerasTensor:
    """Graph convolution over the joints, then a convolution over time, around a shortcut."""
    if halve:
        x = layers.AveragePooling2D((2, 1))(x)
    shortcut = x if x.shape[-1] == filters else layers.Conv2D(filters, 1, use_bias=False)(x)
    x = layers.Conv2D(filters, 1, use_bias=False)(Neighbourhood()(x))
    x = layers.BatchNormalization(momentum=0.99)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters, (5, 1), padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.99)(x)
    x = layers.Dropout(dropout)(x)
    return layers.ReLU()(layers.Add()([x, shortcut]))


def build(
    *,
    filters: Sequence[int] = (32, 48, 64),
    dropout: float = 0.1,
    channels: Sequence[str] = CHANNELS,
    motion: bool = True,
) -> keras.Model:
    """Untrained network: windows (B, FRAMES, 17, len(CHANNELS)) to logits (B, 11).

    ``channels`` are those it may look at (for ablations); ``motion`` adds their differences from instant to instant.
    """
    inputs = keras.Input((FRAMES, len(JOINTS), len(CHANNELS)))
    x = inputs
    if tuple(channels) != CHANNELS:
        keep = np.zeros((len(CHANNELS), len(channels)), np.float32)
        keep[[CHANNELS.index(name) for name in channels], np.arange(len(channels))] = 1
        x = keras.ops.matmul(x, keep)
    if motion:
        difference = layers.ZeroPadding2D(((1, 0), (0, 0)))(x[:, 1:] - x[:, :-1])
        x = layers.Concatenate()([x, 4 * difference])
    for index, count in enumerate(filters):
        x = _block(x, count, halve=index > 0, dropout=dropout)
        if index:
            x = _block(x, count, halve=False, dropout=dropout)
    # The mean says what the body does most, the maximum what it does at its most extreme.
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    x = layers.Dropout(0.3)(x)
    return keras.Model(inputs, layers.Dense(len(CLASSES), dtype="float32")(x), name="stgcn")
