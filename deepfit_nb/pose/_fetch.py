"""Where a pose bundle comes from: MediaPipe's own storage, or the package registries through pip and npm."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import pooch

from deepfit_nb.pose._build import build_bundle

_OFFICIAL: Final = (
    "https://storage.googleapis.com/mediapipe-models/pose_landmarker/"
    "pose_landmarker_{variant}/float16/1/pose_landmarker_{variant}.task"
)

# The last mediapipe wheel that carries models: the person detector and the full landmark network. Any platform's will
# do, because no code of it is run. The npm package has the landmark networks of all three variants.
_WHEEL: Final = "mediapipe==0.10.21"
_WHEEL_TARGET: Final = ("--python-version=3.11", "--implementation=cp", "--platform=manylinux_2_28_x86_64")
_NPM_PACKAGE: Final = "@mediapipe/pose@0.5.1675469404"

_CONNECT_S, _READ_S = 5, 10
_CLIENT_S = 300


class SourceError(Exception):
    """A source did not deliver; the message says why."""


def official_url(variant: str) -> str:
    """Address of the official bundle of a variant."""
    return _OFFICIAL.format(variant=variant)


def download(variant: str) -> bytes:
    """The official bundle, with a progress bar."""
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=(_CONNECT_S, _READ_S), chunk_size=1 << 16)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bundle")
        try:
            downloader(official_url(variant), file, None)
        except OSError as error:  # requests' errors are OSErrors
            raise SourceError(f"{type(error).__name__}: {error}") from error
        return file.read_bytes()


def build(variant: str) -> bytes:
    """A bundle of the same networks, from the files that older packages carry."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = _fetch_wheel(Path(folder))
        with zipfile.ZipFile(wheel) as archive:
            detector = archive.read("mediapipe/modules/pose_detection/pose_detection.tflite")
            if variant == "full":
                return build_bundle(detector, archive.read("mediapipe/modules/pose_landmark/pose_landmark_full.tflite"))
        with tarfile.open(_fetch_npm_package(Path(folder))) as archive:
            member = archive.extractfile(f"package/pose_landmark_{variant}.tflite")
            assert member is not None
            return build_bundle(detector, member.read())


def _fetch_wheel(folder: Path) -> Path:
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries=1")
    _run(*pip, "--no-deps", "--only-binary=:all:", *_WHEEL_TARGET, f"--dest={folder}", _WHEEL)
    return next(folder.glob("*.whl"))


def _fetch_npm_package(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SourceError("the lite and heavy networks are in an npm package, and npm is not installed")
    _run(npm, "pack", "--silent", f"--pack-destination={folder}", _NPM_PACKAGE)
    return next(folder.glob("*.tgz"))


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_CLIENT_S, stdin=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().splitlines()[-1:] or [f"exit code {error.returncode}"]
        raise SourceError(f"{Path(command[0]).name}: {reason[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{Path(command[0]).name} gave no answer in {_CLIENT_S} s") from error
