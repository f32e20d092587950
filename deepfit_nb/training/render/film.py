"""Strangers filmed: a random script acted by a random character in a random room, and what MediaPipe sees of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.angles import joint_angles
from deepfit_nb.pose import PoseRecording
from deepfit_nb.pose.detector import PoseDetector
from deepfit_nb.training.body import Body, Posture, landmarks
from deepfit_nb.training.camera import Camera, Lens, View, camera_motion
from deepfit_nb.training.geometry import Array, unit
from deepfit_nb.training.idle import sway, turn_slowly
from deepfit_nb.training.render.character import Character
from deepfit_nb.training.render.props import Solid, box, room, weight
from deepfit_nb.training.render.rigging import Grip, Skeleton, pose_character
from deepfit_nb.training.render.scene import Scene
from deepfit_nb.training.render.wardrobe import dress
from deepfit_nb.training.script import Activity, act, duration_s
from deepfit_nb.training.style import Style
from deepfit_nb.training.synthesis import Truth

#: Pixels along the longer side of a picture: MediaPipe looks at 256 of them.
_LONGEST_PX: Final = 384
_WITH_WEIGHTS: Final = (
    "bicep_curls", "tricep_extensions", "dumbbell_rows", "dumbbell_shoulder_press", "lateral_shoulder_raises",
)  # fmt: skip
_MAY_HOLD: Final = ("goblet", "hang", "down", "racked", "bar_back", "bar_front")


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A clip before it is drawn: who, where, how the camera stands, and the truth."""

    skeleton: Skeleton
    posture: Posture
    time_s: Array
    view: View
    camera: Camera
    lens: Lens
    truth: Truth
    weights: str


def stage(
    rng: np.random.Generator, who: Character, script: list[Activity], view: View, *, fps: float, turning: bool = False
) -> Take:
    """A character acting out a script before the camera that ``view`` describes, its picture made smaller.

    Somebody ``turning`` may turn little by little; the azimuth of the view is then that of the middle of the clip.
    """
    scale = _LONGEST_PX / max(view.size)
    view = replace(view, size=(int(view.size[0] * scale) // 2 * 2, int(view.size[1] * scale) // 2 * 2))
    exercise = next((activity.name for activity in script if activity.tempo), None)
    style = next((activity.style for activity in script if activity.tempo), Style({}))
    time_s = np.arange(max(int(duration_s(script) * fps), 2)) / fps
    body: Body = who.body()
    posture, label, rep, phase, sets = act(script, body, time_s, rng)
    posture = sway(posture, time_s, rng, float(rng.uniform(0.2, 1.2)))
    if turning:
        posture = turn_slowly(posture, time_s, rng)
    weights = _weights(exercise, style, rng)
    grip = Grip(
        fist=1.0 if weights else float(rng.uniform(0.0, 0.5)), twist_deg=float(rng.normal(25, 35)),
        flat=exercise == "pushups",
    )  # fmt: skip
    skeleton = pose_character(who, posture, grip)
    points = landmarks(body, posture)
    joints = skeleton.joints()
    for index, first in enumerate((11, 13, 15, 23, 25, 27)):
        points[:, first : first + 2] = joints[:, index]
    camera = Camera.place(points, view)
    lens = Lens.fit(camera.see(points), view)
    angles = joint_angles(points * np.array([1.0, -1.0, 1.0])).astype(np.float64)
    truth = Truth(label, rep, phase, angles, tuple(sets), view)
    return Take(skeleton, posture, time_s, view, camera, lens, truth, weights)


def shoot(take: Take, rng: np.random.Generator, frames: Iterable[int] | None = None) -> Iterator[NDArray[np.uint8]]:
    """The pictures of a take, (height, width, 3) RGB: all, or those of some frames."""
    dressed, colours = dress(take.skeleton.character, rng)
    skeleton = replace(take.skeleton, character=dressed)
    places = take.posture.pelvis[:, [0, 2]]
    furniture, floor = room(rng, take.view.distance_m + float(np.abs(places).max()) + 0.5)
    furniture = Solid.join([furniture, *_supports(take, rng)])
    light = unit([rng.normal(0, 0.6), 1.0, rng.normal(0, 0.6)])
    scale, shift = camera_motion(take.view, take.time_s, rng)
    middle = np.array(take.view.size) / 2
    spoil = _spoiler(rng)
    with Scene(
        take.view.size, furniture, light=light, ambient=float(rng.uniform(0.35, 0.8)),
        planks=float(rng.choice([0.0, 0.12, 0.3])),
    ) as scene:  # fmt: skip
        for frame in range(len(take.time_s)) if frames is None else frames:
            vertices, normals = skeleton.skin(frame)
            body = Solid(vertices, normals, colours, dressed.triangles)
            moving = Solid.join([body, *_held(take, frame)])
            centre = (take.lens.centre - middle) * scale[frame] + middle + shift[frame]
            lens = Lens(take.lens.zoom * float(scale[frame]), centre)
            yield spoil(scene.draw(take.camera, lens, moving, floor))


def watch(take: Take, rng: np.random.Generator) -> PoseRecording:
    """What the detector of the live page finds in a take."""
    with PoseDetector() as detector:
        poses = [
            (float(t), detector.detect(rgb, float(t))) for rgb, t in zip(shoot(take, rng), take.time_s, strict=True)
        ]
    fps = 1 / float(np.diff(take.time_s).mean())
    return PoseRecording.from_poses(poses, fps=fps, size=take.view.size)


def contact_sheet(takes: Iterable[Take], rng: np.random.Generator, *, side: int = 200) -> NDArray[np.uint8]:
    """Takes beside each other, each at its start and at the far end of a rep, in squares of ``side`` pixels; RGB."""
    columns = []
    for take in takes:
        moments = [int((take.truth.rep >= 0).argmax()), int(take.truth.phase.argmax())]
        columns.append(np.concatenate([_square(picture, side) for picture in shoot(take, rng, moments)]))
    return np.concatenate(columns, axis=1)


def _square(rgb: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The middle of a picture, scaled."""
    height, width = rgb.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    return np.asarray(cv2.resize(rgb[top : top + edge, left : left + edge], (side, side)), np.uint8)


def _weights(exercise: str | None, style: Style, rng: np.random.Generator) -> str:
    """What is in the hands: nothing (""), "dumbbells", or a "bar"."""
    if exercise in _WITH_WEIGHTS:
        both = style.word("sides", "both") == "both" and exercise != "lateral_shoulder_raises"
        return str(rng.choice(["dumbbells", "dumbbells", "dumbbells", "bar" if both else "dumbbells", ""]))
    arms = style.word("arms", "")
    if exercise in ("squats", "lunges") and arms in _MAY_HOLD:
        if arms.startswith("bar"):
            return str(rng.choice(["bar", ""]))
        return str(rng.choice(["dumbbells", "", ""]))
    return ""


def _held(take: Take, frame: int) -> list[Solid]:
    """Dumbbells or a bar in the hands."""
    if not take.weights:
        return []
    who = take.skeleton.character
    middle, palm = [], []
    for letter in "lr":
        hand = who.bones.index(f"hand_{letter}")
        turn, at = take.skeleton.rotations[frame, hand], take.skeleton.heads[frame, hand]
        fingers = who.head(f"middle_01_{letter}") - who.heads[hand]
        across = who.head(f"index_01_{letter}") - who.head(f"pinky_01_{letter}")
        inside = np.cross(fingers, across) * (1 if letter == "r" else -1)
        middle.append(at + turn @ (fingers * 0.95 + unit(inside) * 0.03))
        palm.append(turn @ across)
    if take.weights == "bar":
        apart = middle[0] - middle[1]
        return [weight((middle[0] + middle[1]) / 2, apart, length=float(np.linalg.norm(apart)) + 0.7, radius=0.1)]
    return [weight(at, axis) for at, axis in zip(middle, palm, strict=True)]


def _supports(take: Take, rng: np.random.Generator) -> list[Solid]:
    """What a body sits on or leans on."""
    parts: list[Solid] = []
    for done in take.truth.sets:
        during = (take.time_s >= done.start_s) & (take.time_s < done.end_s)
        if not during.any():
            continue
        colour = rng.uniform(0.05, 0.7, 3)
        if done.style.word("base", "") == "seated":
            seat = np.median(take.posture.pelvis[during], axis=0) - (0, 0.11, 0)
            half = np.array([rng.uniform(0.18, 0.3), 0, rng.uniform(0.18, 0.5)])
            parts.append(box(seat - half - (0, 0.08, 0), seat + half, colour))
        joints = take.skeleton.joints()[during]
        for name, joint in (("hands_up", 2), ("feet_up", 5)):
            height = done.style.number(name, 0)
            if height > 0.05:
                at = np.median(joints[:, joint].mean(1), axis=0)
                reach = np.array([0.5, 0, 0.2])
                low, high = at * (1, 0, 1) - reach, at * (1, 0, 1) + reach + (0, height, 0)
                parts.append(box(low, high, colour))
    return parts


def _spoiler(rng: np.random.Generator) -> Callable[[NDArray[np.uint8]], NDArray[np.uint8]]:
    """A cheap camera: brightness, blur, noise and compression, the same for all pictures of a clip."""
    gain, lift = rng.uniform(0.55, 1.25), rng.uniform(-15, 25)
    blur = float(rng.choice([0, 0, 0.7, 1.3]))
    noise = float(rng.choice([0, 3, 8]))
    quality = int(rng.choice([40, 70, 90]))

    def spoil(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        picture = rgb.astype(np.float32) * gain + lift
        if blur:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.float32)
        if noise:
            picture = picture + rng.standard_normal(picture.shape, np.float32) * noise
        small = np.clip(picture, 0, 255).astype(np.uint8)
        _, coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return np.ascontiguousarray(np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8))

    return spoil
