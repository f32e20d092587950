"""The original DeepFit's frame network: 36-64-32-16-10 with sigmoid units, 5,146 parameters.

The original drops half of the units and learns at one rate. Of people as varied as ours it then learns too little (45 %
of the training frames right): here one unit in ten is dropped, and the rate falls.
"""

from __future__ import annotations

from typing import Final

import keras
from keras import layers

from deepfit_nb.recognition.classes import EXERCISES

EPOCHS: Final = 20
BATCH: Final = 128
_DROPPED: Final = 0.1
_LEARNING_RATE: Final = 0.01


def build(steps: int) -> keras.Model:
    """Untrained and compiled: Adam at a rate that falls over ``steps`` batches, sparse categorical cross-entropy."""
    model = keras.Sequential(
        [
            keras.Input((36,)),
            layers.Dense(64, activation="sigmoid"),
            layers.Dropout(_DROPPED),
            layers.Dense(32, activation="sigmoid"),
            layers.Dropout(_DROPPED),
            layers.Dense(16, activation="sigmoid"),
            layers.Dropout(_DROPPED),
            layers.Dense(len(EXERCISES), activation="softmax"),
        ],
        name="frame_classifier",
    )
    rate = keras.optimizers.schedules.CosineDecay(_LEARNING_RATE, steps, alpha=0.01)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
