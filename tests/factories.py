"""Bodies for tests: a stick figure with exact joint angles before an exact camera, and a recogniser with a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.pose import Landmark as L
from deepfit_nb.pose import Pose, PoseRecording
from deepfit_nb.pose.keypoints import MIRRORED
from deepfit_nb.recognition import CLASSES, NON_ACTIVITY, Recognition

Array = NDArray[np.float64]

SIZE = (640, 480)
#: Pixels a metre, and where the lowest point of the body stands in the frame.
SCALE, FLOOR_PX = 200.0, 440.0
TRUNK, THIGH, SHIN, UPPER_ARM, FOREARM, HALF_WIDTH = 0.5, 0.42, 0.40, 0.28, 0.25, 0.15


@dataclass(frozen=True)
class Figure:
    """Joint angles in degrees, named and measured as in `deepfit_nb.kinematics.angles`; limbs are (left, right).

    The legs move in the body's sagittal plane, as the arms do unless they are `abducted`.
    """

    trunk_lean: float = 0.0
    hip: tuple[float, float] = (180.0, 180.0)
    knee: tuple[float, float] = (180.0, 180.0)
    shoulder: tuple[float, float] = (0.0, 0.0)
    elbow: tuple[float, float] = (180.0, 180.0)
    abducted: bool = False

    def points(self) -> Array:
        """(33, 3) metres: x to the person's left, y up, z forward, origin between the hips."""
        points = np.zeros((33, 3))
        up, left, forward = _sagittal(self.trunk_lean), np.array([1.0, 0, 0]), np.array([0, 0, 1.0])
        for side, out in enumerate((left, -left)):
            hip = HALF_WIDTH * out
            shoulder = hip + TRUNK * up
            thigh_angle = self.trunk_lean + self.hip[side]
            knee = hip + THIGH * _sagittal(thigh_angle)
            ankle = knee + SHIN * _sagittal(thigh_angle + 180 - self.knee[side])
            turn = self.shoulder[side]
            if self.abducted:
                elbow = shoulder + UPPER_ARM * _frontal(up, out, turn)
                forearm = _frontal(up, out, turn + 180 - self.elbow[side])
            else:
                arm_angle = self.trunk_lean + 180 - turn
                elbow = shoulder + UPPER_ARM * _sagittal(arm_angle)
                forearm = _sagittal(arm_angle - 180 + self.elbow[side])
            wrist = elbow + FOREARM * forearm
            head = TRUNK * 1.3 * up
            for landmark, point in (
                (L.LEFT_SHOULDER, shoulder), (L.LEFT_ELBOW, elbow), (L.LEFT_WRIST, wrist),
                (L.LEFT_PINKY, wrist + 0.08 * forearm), (L.LEFT_INDEX, wrist + 0.08 * forearm),
                (L.LEFT_THUMB, wrist + 0.05 * forearm),
                (L.LEFT_HIP, hip), (L.LEFT_KNEE, knee), (L.LEFT_ANKLE, ankle),
                (L.LEFT_HEEL, ankle - 0.04 * forward), (L.LEFT_FOOT_INDEX, ankle + 0.12 * forward),
                (L.LEFT_EAR, head + 0.07 * out),
            ):  # fmt: skip
                points[landmark + side] = point
            face = head + 0.1 * forward + 0.03 * out
            points[[L.LEFT_EYE_INNER + 3 * side, L.LEFT_EYE + 3 * side, L.LEFT_EYE_OUTER + 3 * side]] = face
            points[L.MOUTH_LEFT + side] = face - 0.06 * up
        points[L.NOSE] = TRUNK * 1.25 * up + 0.12 * forward
        return points


def _sagittal(degrees: float) -> Array:
    """Unit vector: up at 0, forward at 90, down at 180."""
    return np.array([0.0, np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


def _frontal(up: Array, out: Array, degrees: float) -> Array:
    """Unit vector: down the trunk at 0, outwards at 90."""
    return -up * np.cos(np.radians(degrees)) + out * np.sin(np.radians(degrees))


def pose_of(
    figure: Figure, time_s: float = 0.0, *, azimuth_deg: float = 0.0, hidden: Iterable[L] = (), scale: float = SCALE
) -> Pose:
    """The figure as a camera at that azimuth sees it, without perspective or error."""
    points = figure.points()
    turn = np.radians(azimuth_deg)
    x, y, z = points.T
    world = np.stack([x * np.cos(turn) - z * np.sin(turn), -y, -x * np.sin(turn) - z * np.cos(turn)], -1)
    image = np.ones((33, 4))
    image[:, :3] = world * scale
    image[:, 0] += SIZE[0] / 2
    image[:, 1] += FLOOR_PX - image[:, 1].max()
    image[list(hidden), 3] = 0.05
    return Pose(image.astype(np.float32), world.astype(np.float32), time_s, SIZE)


def squat(amount: float) -> Figure:
    """0 standing, 1 with the knees at 80°."""
    knee, lean = 175 - 95 * amount, 2 + 33 * amount
    return Figure(trunk_lean=lean, knee=(knee,) * 2, hip=(25 * amount + knee - lean,) * 2, shoulder=(70 * amount,) * 2)


def curl(amount: float, other: float | None = None) -> Figure:
    """0 hanging, 1 with the elbow at 45°; the right arm may do something else."""
    left, right = 170 - 125 * amount, 170 - 125 * (amount if other is None else other)
    return Figure(knee=(175, 175), hip=(177, 177), shoulder=(5, 5), elbow=(left, right))


def jack(amount: float) -> Figure:
    """0 arms down, 1 overhead."""
    return Figure(shoulder=(12 + 156 * amount,) * 2, elbow=(172, 172), abducted=True)


def cosine(
    reps: int, *, tempo_s: float = 2.0, fps: float = 25.0, lead_s: float = 1.0, tail_s: float = 1.0
) -> tuple[Array, Array]:
    """Times and amounts, 0..1, of reps that follow a cosine, between two rests at 0."""
    times = np.arange(0, lead_s + reps * tempo_s + tail_s, 1 / fps)
    return times, (1 - np.cos(2 * np.pi * np.clip((times - lead_s) / tempo_s, 0, reps))) / 2


def edges(reps: int, *, tempo_s: float = 2.0, lead_s: float = 1.0) -> Array:
    """When the reps of `cosine` begin, and when the last ends."""
    return lead_s + tempo_s * np.arange(reps + 1)


def film(
    motion: Callable[[float], Figure], times: Array, amounts: Array, *, azimuth_deg: float = 80.0, **camera: object
) -> PoseRecording:
    """A recording of a motion."""
    poses = (
        (time_s, pose_of(motion(amount), time_s, azimuth_deg=azimuth_deg, **camera))  # type: ignore[arg-type]
        for time_s, amount in zip(times.tolist(), amounts.tolist(), strict=True)
    )
    return PoseRecording.from_poses(poses, fps=float(1 / np.median(np.diff(times))), size=SIZE)


def moved(recording: PoseRecording, *, shift_px: tuple[float, float] = (0, 0), zoom: float = 1.0) -> PoseRecording:
    """The same body elsewhere in a picture of so many times the pixels."""
    image = recording.image * np.array([zoom, zoom, zoom, 1], np.float32)
    image[..., :2] += np.array(shift_px, np.float32)
    size = (round(recording.size[0] * zoom), round(recording.size[1] * zoom))
    return replace(recording, image=image, size=size)


class Scripted:
    """A recogniser that says what it is told: ``(from_s, label)`` in the order of time, nothing before the first."""

    def __init__(self, *script: tuple[float, str], confidence: float = 0.9) -> None:
        self._script = script
        self._confidence = confidence

    def update(self, time_s: float, pose: Pose | None) -> Recognition:
        label = next((label for from_s, label in reversed(self._script) if time_s >= from_s), NON_ACTIVITY)
        return recognition(label, self._confidence)

    def reset(self) -> None:
        """It has nothing to forget."""


def exchanged(pose: Pose) -> Pose:
    """The same picture with the names of left and right exchanged."""
    return Pose(pose.image[MIRRORED], pose.world[MIRRORED], pose.time_s, pose.size)


def recognition(label: str, confidence: float = 0.9) -> Recognition:
    """A label with its probability; the rest goes to the others in equal parts."""
    probabilities = np.full(len(CLASSES), (1 - confidence) / (len(CLASSES) - 1), np.float32)
    probabilities[CLASSES.index(label)] = confidence
    return Recognition(label, confidence, probabilities)
