"""Bundles are built from the networks of the bundle in use, whichever of the two kinds that is."""

from __future__ import annotations

import zipfile
from io import BytesIO

import cv2
import pytest

from deepfit_nb.pose._build import build_bundle
from deepfit_nb.pose._mediapipe import import_mediapipe
from deepfit_nb.pose.bundle import ensure_bundle
from deepfit_nb.pose.detector import PoseDetector

DETECTOR, LANDMARKS = "pose_detector.tflite", "pose_landmarks_detector.tflite"


@pytest.fixture(scope="module")
def networks() -> tuple[bytes, bytes]:
    with zipfile.ZipFile(ensure_bundle("full").path) as archive:
        return archive.read(DETECTOR), archive.read(LANDMARKS)


@pytest.fixture(scope="module")
def built(networks) -> bytes:
    return build_bundle(*networks)


def test_the_same_networks_give_the_same_bytes(networks, built):
    assert build_bundle(*networks) == built


def test_members_are_stored_and_aligned(built):
    with zipfile.ZipFile(BytesIO(built)) as archive:
        assert archive.namelist() == [DETECTOR, LANDMARKS]
        for member in archive.infolist():
            content = archive.read(member)
            assert member.compress_type == zipfile.ZIP_STORED
            assert built.index(content) % 16 == 0


def normalisation(tflite: bytes) -> tuple[list[float], list[float]]:
    """Mean and standard deviation in a model's metadata, the entry added last."""
    import_mediapipe()
    from mediapipe.tasks.metadata import metadata_schema_py_generated as meta
    from mediapipe.tasks.metadata import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(tflite, 0))
    entry = model.metadata[-1]
    assert entry.name == b"TFLITE_METADATA"
    blob = bytes(model.buffers[entry.buffer].data)
    metadata = meta.ModelMetadataT.InitFromObj(meta.ModelMetadata.GetRootAsModelMetadata(blob, 0))
    (unit,) = metadata.subgraphMetadata[0].inputTensorMetadata[0].processUnits
    return list(unit.options.mean), list(unit.options.std)


@pytest.mark.parametrize(
    ("member", "mean", "std"), [(DETECTOR, 127.5, 127.5), (LANDMARKS, 0.0, 255.0)], ids=["detector", "landmarks"]
)
def test_each_network_says_how_pixels_are_normalised(built, member, mean, std):
    with zipfile.ZipFile(BytesIO(built)) as archive:
        assert normalisation(archive.read(member)) == ([mean] * 3, [std] * 3)


def test_mediapipe_accepts_what_is_built(built, tmp_path, monkeypatch, repository):
    path = tmp_path / "built.task"
    path.write_bytes(built)
    monkeypatch.setenv("DEEPFIT_POSE_MODEL", str(path))
    rgb = cv2.VideoCapture(str(repository / "assets" / "squats.mp4")).read()[1][..., ::-1]
    with PoseDetector(mode="image") as detector:
        assert detector.bundle.path == path
        assert detector.detect(rgb, 0.0).visibility.mean() > 0.5
