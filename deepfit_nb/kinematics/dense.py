"""Small trained networks of dense layers: kept in an ``.npz``, run by NumPy alone."""

from __future__ import annotations

import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import ModelError

Array = NDArray[np.floating]
#: Weights (in, out) and bias (out,) of each layer.
Layers = tuple[tuple[Array, Array], ...]

#: Inputs further than this from the mean of the training data, in standard deviations, count as this far.
FAR: Final = 3.0


def standardised(x: Array, mean: Array, scale: Array) -> Array:
    """Inputs (..., n) in standard deviations from the mean of the training data; what is not known is the mean."""
    return np.nan_to_num(np.clip((x - mean) / scale, -FAR, FAR), nan=0.0)


def forward(x: Array, layers: Layers) -> Array:
    """Output (..., m) of the layers for ``x`` (..., n): SiLU between them, none after the last."""
    for weights, bias in layers[:-1]:
        x = x @ weights + bias
        x = x * sigmoid(x)
    weights, bias = layers[-1]
    return np.asarray(x @ weights + bias)


def sigmoid(x: Array) -> Array:
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def named_layers(layers: Layers) -> dict[str, Any]:
    """Arrays to write, which `layers_in` reads back."""
    return {f"{kind}{i}": a for i, layer in enumerate(layers) for kind, a in zip("wb", layer, strict=True)}


def read_model(path: Path, *needed: str, what: str, version: int, remedy: str) -> dict[str, NDArray[Any]]:
    """Arrays of a model file, those ``needed`` among them, numbers as float64; none of them can be written to.

    Raises `ModelError` where the file is absent, damaged, or made for another ``version`` of the features.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            found = int(data["feature_version"])
            arrays = {name: data[name] for name in data.files}
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror or error}). {remedy}") from error
    except (ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: not a model of {what} ({error}). {remedy}") from error
    if found != version:
        raise ModelError(f"{path}: made for version {found} of the features, this is {version}. {remedy}")
    for name in ("mean", "scale", *needed):
        if name not in arrays:
            raise ModelError(f"{path}: {name} is missing. {remedy}")
    arrays = {name: a.astype(np.float64) if a.dtype.kind in "fiu" else a for name, a in arrays.items()}
    for array in arrays.values():
        array.setflags(write=False)
    return arrays


def layers_in(arrays: dict[str, NDArray[Any]], path: Path, *, inputs: int, outputs: int, remedy: str) -> Layers:
    """The layers of a model that `read_model` gave; raises `ModelError` where they do not fit."""
    count = sum(name[:1] == "w" and name[1:].isdigit() for name in arrays)
    layers = tuple((arrays.get(f"w{i}", np.zeros(0)), arrays.get(f"b{i}", np.zeros(0))) for i in range(count))
    shapes = [weights.shape for weights, _ in layers]
    widths = [inputs, *(bias.size for _, bias in layers)]
    fits = shapes == list(pairwise(widths)) and widths[-1] == outputs
    fits = fits and {arrays["mean"].shape, arrays["scale"].shape} == {(inputs,)}
    if not fits:
        raise ModelError(f"{path}: layers of shape {shapes} do not fit {inputs} features. {remedy}")
    if not all(np.isfinite(array).all() for layer in layers for array in layer):
        raise ModelError(f"{path}: damaged, some of its weights are no numbers. {remedy}")
    return layers
