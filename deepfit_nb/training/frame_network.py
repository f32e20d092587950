"""The seed's frame network, exactly: 36-64-32-16-10 with sigmoid units and dropout 0.5, 5,146 parameters."""

from __future__ import annotations

from typing import Final

import keras
from keras import layers

from deepfit_nb.recognition.classes import EXERCISES

EPOCHS: Final = 20
BATCH: Final = 64


def build() -> keras.Model:
    """Untrained and compiled as the seed's: Adam at 0.01, sparse categorical cross-entropy."""
    model = keras.Sequential(
        [
            keras.Input((36,)),
            layers.Dense(64, activation="sigmoid"),
            layers.Dropout(0.5),
            layers.Dense(32, activation="sigmoid"),
            layers.Dropout(0.5),
            layers.Dense(16, activation="sigmoid"),
            layers.Dropout(0.5),
            layers.Dense(len(EXERCISES), activation="softmax"),
        ],
        name="frame_classifier",
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
