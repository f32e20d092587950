"""Small videos whose frames tell their own number, for the tests of capture."""

import shutil
import subprocess

import cv2
import numpy as np
import pytest

SIZE = (96, 64)
CODECS = {".mp4": "mp4v", ".avi": "MJPG"}


def write_video(path, frames=20, fps=25, size=SIZE):
    """Frame n is of brightness 10 n, with a white patch in the top left corner."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*CODECS[path.suffix]), fps, size)
    for index in range(frames):
        image = np.full((size[1], size[0], 3), 10 * index, np.uint8)
        image[: size[1] // 4, : size[0] // 4] = 255
        writer.write(image)
    writer.release()
    return path


def first_seconds(clip, path, seconds):
    """The beginning of a clip, in a file of its own."""
    whole = cv2.VideoCapture(str(clip))
    fps, *size = (whole.get(what) for what in (cv2.CAP_PROP_FPS, cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*CODECS[path.suffix]), fps, tuple(map(int, size)))
    for _ in range(round(seconds * fps)):
        writer.write(whole.read()[1])
    writer.release()
    return path


def number(rgb):
    """The number of a frame that `write_video` made."""
    return round(float(np.median(rgb[-rgb.shape[0] // 2 :, -rgb.shape[1] // 2 :])) / 10)


def ffmpeg(*arguments):
    if not shutil.which("ffmpeg"):
        pytest.skip("needs the ffmpeg program to make such a file")
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)
