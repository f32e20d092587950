"""Build a PoseLandmarker bundle from bare TFLite files.

The Tasks API takes a zip of two models, each of which must say in its metadata how pixels are normalised. The files of
the older MediaPipe packages are the same networks without that metadata, so it is packed here, with the flatbuffer
schemas of the mediapipe wheel (its own metadata writer needs a native module that the wheel lacks).
"""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import flatbuffers
import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose._mediapipe import import_mediapipe

# Alignment of tensor data that TFLite's schema asks for. Without it the interpreter copies every tensor, and says so;
# the generated Python code leaves it out.
_ALIGNMENT = 16

# Bytes of a zip member's header before its name.
_LOCAL_HEADER = 30

# Written on every platform: zipfile would record where the bundle was built.
_UNIX = 3


def build_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """The ``.task`` file made of a person detector (input -1..1) and a landmark network (input 0..1).

    The same inputs give the same bytes, so that a built bundle can be checked by its hash.
    """
    members = {
        "pose_detector.tflite": _with_normalisation(detector, mean=127.5, std=127.5),
        "pose_landmarks_detector.tflite": _with_normalisation(landmarks, mean=0.0, std=255.0),
    }
    bundle = BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:
        for name, model in members.items():
            info = zipfile.ZipInfo(name)
            info.create_system = _UNIX
            info.extra = _padding(bundle.tell() + _LOCAL_HEADER + len(name))
            archive.writestr(info, model)
    return bundle.getvalue()


def _padding(offset: int) -> bytes:
    """The zip extra field, as Android's zipalign writes it, that moves data at ``offset`` to an aligned place."""
    size = -(offset + 4) % _ALIGNMENT
    return struct.pack("<HH", 0xD935, size) + bytes(size)


def _with_normalisation(tflite: bytes, *, mean: float, std: float) -> bytes:
    import_mediapipe()
    from mediapipe.tasks.metadata import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(tflite, 0))
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(_metadata(mean, std), np.uint8)
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name, entry.buffer = b"TFLITE_METADATA", len(model.buffers) - 1
    model.metadata = [*(model.metadata or ()), entry]
    builder = _AligningBuilder(len(tflite) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _metadata(mean: float, std: float) -> bytes:
    """TFLite metadata of one RGB image input, normalised to ``(pixel - mean) / std``."""
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    normalisation = schema.NormalizationOptionsT()
    normalisation.mean, normalisation.std = [mean] * 3, [std] * 3
    unit = schema.ProcessUnitT()
    unit.optionsType, unit.options = schema.ProcessUnitOptions.NormalizationOptions, normalisation
    image = schema.ImagePropertiesT()
    image.colorSpace = schema.ColorSpaceType.RGB
    content = schema.ContentT()
    content.contentPropertiesType, content.contentProperties = schema.ContentProperties.ImageProperties, image
    tensor = schema.TensorMetadataT()
    tensor.name, tensor.content, tensor.processUnits = "image", content, [unit]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    model = schema.ModelMetadataT()
    model.subgraphMetadata, model.minParserVersion = [graph], "1.0.0"
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


class _AligningBuilder(flatbuffers.Builder):
    """Aligns byte vectors, which are TFLite's tensor data."""

    def CreateNumpyVector(self, x: NDArray[np.generic]) -> int:  # noqa: N802
        if x.dtype == np.uint8:
            self.Prep(_ALIGNMENT, len(x))
        return int(super().CreateNumpyVector(x))
