"""What can be measured of any body (or of many at once), with an expected error for each quantity.

Beside the joint angles there are *heights*: vertical distances in the image, divided by the length that the limb has on
this body. What is vertical in the image is what MediaPipe measures best from every camera azimuth: a limb that points
at the camera loses its 2D angle, and its depth is a guess, but its two ends still stand at the right height.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.angles import ANGLES, TRIPLES
from deepfit_nb.kinematics.estimator import AngleEstimator, features, shipped_estimator
from deepfit_nb.kinematics.view import lateral_axis
from deepfit_nb.pose import Landmark as L

Array = NDArray[np.floating]

#: Names on the last axis of `Measures`, after the nine of `ANGLES`.
EXTRA: Final[tuple[str, ...]] = (
    "trunk_pitch", "hip_line",
    "hip_height", "feet_apart", "knee_track",
    "hand_height_left", "hand_height_right",
    "elbow_height_left", "elbow_height_right",
    "forearm_height_left", "forearm_height_right",
)  # fmt: skip
GENERAL: Final[tuple[str, ...]] = (*ANGLES, *EXTRA)
#: Those of `GENERAL` that each side has, without ``_left`` and ``_right``.
SIDED: Final = ("knee", "hip", "elbow", "shoulder", "hand_height", "elbow_height", "forearm_height")
#: Those of `EXTRA` that are ratios; all others are angles in degrees.
RATIOS: Final = EXTRA[2:]


def sided_columns(*names: str) -> NDArray[np.intp]:
    """(2, n) where `GENERAL` has each of the names of `SIDED` for left and right."""
    return np.array([[GENERAL.index(f"{name}_{side}") for name in names] for side in ("left", "right")])


#: A knee bent further than this, in the image, is knelt on.
_KNEELING: Final = 150.0
#: An oblique view shortens a lean in the image by the sine of its azimuth; no more than this is made up for.
_LEAST_SIDE: Final = 0.7
#: Part of the difference between two estimates of an angle that is added to the expected error of their mean.
_DOUBT: Final = 0.35

#: The landmarks that each of `GENERAL` is made of.
USED_BY: Final[dict[str, tuple[L, ...]]] = {
    **TRIPLES,
    "trunk_lean": (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP),
    "hip_height": (L.LEFT_HIP, L.RIGHT_HIP, L.LEFT_ANKLE, L.RIGHT_ANKLE),
    "feet_apart": (L.LEFT_ANKLE, L.RIGHT_ANKLE),
    "knee_track": (L.LEFT_KNEE, L.RIGHT_KNEE, L.LEFT_ANKLE, L.RIGHT_ANKLE),
    "trunk_pitch": (L.LEFT_SHOULDER, L.RIGHT_SHOULDER, L.LEFT_HIP, L.RIGHT_HIP),
    "hip_line": (L.LEFT_SHOULDER, L.LEFT_HIP, L.LEFT_ANKLE, L.RIGHT_SHOULDER, L.RIGHT_HIP, L.RIGHT_ANKLE),
    "hand_height_left": (L.LEFT_SHOULDER, L.LEFT_WRIST),
    "hand_height_right": (L.RIGHT_SHOULDER, L.RIGHT_WRIST),
    "elbow_height_left": (L.LEFT_SHOULDER, L.LEFT_ELBOW),
    "elbow_height_right": (L.RIGHT_SHOULDER, L.RIGHT_ELBOW),
    "forearm_height_left": (L.LEFT_ELBOW, L.LEFT_WRIST),
    "forearm_height_right": (L.RIGHT_ELBOW, L.RIGHT_WRIST),
}


class Measures(NamedTuple):
    """Values and expected errors, (..., 20) each, in the order of `GENERAL`, or (..., 62) in that of `MEASURES`.

    NaN where a limb has no length.

    Angles are in degrees, as in `deepfit_nb.kinematics.angles`. The others:

    * ``hip_height``: mid-hip above mid-ankle over leg length: 1 standing, about 0.5 in a parallel squat.
    * ``feet_apart``: distance of the ankles over shoulder width: about 0.5 standing, 2 in a wide jumping jack.
    * ``knee_track``: distance of the knees over distance of the ankles, across the body; below 1 the knees cave in.
    * ``trunk_pitch``: degrees of the trunk from upright in the sagittal plane, positive forward, negative backward.
    * ``hip_line``: degrees that the hip is off the straight line from shoulder to ankle, positive below it (a push-up
      that sags, a bow), negative above it (piked).
    * ``hand_height``: wrist above shoulder over arm length, -1 hanging, +1 overhead; ``elbow_height``: elbow above
      shoulder over upper-arm length; ``forearm_height``: wrist above elbow over forearm length.
    """

    values: Array
    errors: Array


class Body(NamedTuple):
    """A body (or many) as measured: what there is to look at for whoever knows what it does.

    ``joints`` are `deepfit_nb.kinematics.estimator.features`, (..., 2, 4, 39); ``visibility`` is (..., 33), 0 to 1.
    """

    measures: Measures
    joints: Array
    visibility: Array


def measure_any(image: Array, world: Array, lengths: Array, estimator: AngleEstimator | None = None) -> Body:
    """Measure bodies of which nothing is known.

    Parameters
    ----------
    image
        (..., 33, 4) pixels and visibility, as `Pose.image`.
    world
        (..., 33, 3) metres, as `Pose.world`.
    lengths
        (..., 4) pixels, as `deepfit_nb.kinematics.motion.LimbLengths` has them: near the longest of late, since
        MediaPipe shrinks a body that crouches.
    estimator
        Gives the eight joint angles; by default the one that comes with the package.
    """
    image, world, lengths = (np.asarray(array, float) for array in (image, world, lengths))
    flat_points = image[..., :2]
    axis = lateral_axis(world)
    across = np.abs(axis[..., 0]) / np.maximum(np.hypot(axis[..., 0], axis[..., 2]), 1e-6)  # 1 front, 0 side
    joints, *flat_and_deep = features(image, world, lengths)
    angles, angle_errors = (estimator or shipped_estimator()).judge(joints, *flat_and_deep)
    lean, lean_error = _trunk_lean(flat_points, world, across)
    extra = [
        _trunk_pitch(flat_points, world, axis, across),
        _hip_line(flat_points, image[..., 3]),
        *_legs(flat_points, world, lengths),
        *_arm_heights(flat_points, lengths),
    ]
    values = np.concatenate([angles, np.stack([lean, *extra], -1)], -1)
    errors = np.concatenate([lean_error[..., None], _extra_errors(across)], -1) * _hidden_penalty(image[..., 3])
    errors = np.concatenate([angle_errors, errors], -1)
    return Body(Measures(values, np.where(np.isfinite(values), errors, np.nan)), joints, image[..., 3])


def limb_lengths_px(image: Array, world: Array) -> Array:
    """Leg, upper arm, forearm and shoulder width of a body in pixels: (..., 4).

    The world landmarks' lengths (mean of left and right) times the scale that fits their x and y best to the image, by
    least squares over the visible ones.
    """
    image, world = np.asarray(image, float), np.asarray(world, float)
    hips = [L.LEFT_HIP, L.RIGHT_HIP]
    weight = image[..., 3:] + 1e-3
    flat = image[..., :2] - image[..., hips, :2].mean(-2, keepdims=True)
    deep = world[..., :2] - world[..., hips, :2].mean(-2, keepdims=True)
    scale = (weight * flat * deep).sum((-1, -2)) / np.maximum((weight * deep * deep).sum((-1, -2)), 1e-9)

    def length(a: L, b: L) -> Array:
        both = world[..., [a, a + 1], :] - world[..., [b, b + 1], :]
        return np.linalg.norm(both, axis=-1).mean(-1)

    lengths = (
        length(L.LEFT_HIP, L.LEFT_KNEE) + length(L.LEFT_KNEE, L.LEFT_ANKLE),
        length(L.LEFT_SHOULDER, L.LEFT_ELBOW),
        length(L.LEFT_ELBOW, L.LEFT_WRIST),
        np.linalg.norm(world[..., L.LEFT_SHOULDER, :] - world[..., L.RIGHT_SHOULDER, :], axis=-1),
    )
    return np.maximum(np.stack(lengths, -1) * scale[..., None], 1.0)


def _trunk_lean(flat: Array, world: Array, across: Array) -> tuple[Array, Array]:
    """Trunk lean and its expected error, from two estimates weighed by the view.

    From the side: the lean in the image, of a trunk that leans straight forwards or backwards, so that an oblique view
    shows only a part of it. From the front, where next to nothing of it is to be seen: the image's two axes and the
    depth of the world landmarks. On generated bodies that lean by more than 35 degrees, two of three errors are below
    8 degrees from any side; the mean of 2D and world angle was up to 19 off.
    """
    side = np.sqrt(np.maximum(1 - across**2, 0))
    trunk, deep = (_mid(points, L.LEFT_SHOULDER) - _mid(points, L.LEFT_HIP) for points in (flat, world))
    length = np.hypot(trunk[..., 0], trunk[..., 1])
    scale = length / np.maximum(np.hypot(deep[..., 0], deep[..., 1]), 1e-6)
    seen = np.degrees(np.arctan2(np.abs(trunk[..., 0]) / np.maximum(side, _LEAST_SIDE), -trunk[..., 1]))
    guessed = np.degrees(np.arctan2(np.hypot(trunk[..., 0], deep[..., 2] * scale), -trunk[..., 1]))
    share = np.clip((side - 0.4) / 0.4, 0, 1)
    # Where the two disagree, one of them is wrong, and it is not known which.
    error = np.sqrt((share * 4) ** 2 + ((1 - share) * 10) ** 2 + (_DOUBT * (seen - guessed)) ** 2)
    value = share * seen + (1 - share) * guessed
    return np.where(length > 0, value, np.nan), error


def _mid(points: Array, left: L) -> Array:
    """Midpoint of a left landmark and its right twin."""
    return (points[..., left, :] + points[..., left + 1, :]) / 2


def _legs(flat: Array, world: Array, lengths: Array) -> tuple[Array, Array, Array]:
    """``hip_height``, ``feet_apart`` and ``knee_track``."""
    hip_height = (_mid(flat, L.LEFT_ANKLE) - _mid(flat, L.LEFT_HIP))[..., 1] / lengths[..., 0]
    shoulders = np.linalg.norm(world[..., L.LEFT_SHOULDER, :] - world[..., L.RIGHT_SHOULDER, :], axis=-1)
    feet = np.linalg.norm(world[..., L.LEFT_ANKLE, :] - world[..., L.RIGHT_ANKLE, :], axis=-1)
    # Across the image only: errors of depth would drown what the knees do.
    spread = np.abs(flat[..., [L.LEFT_KNEE, L.LEFT_ANKLE], 0] - flat[..., [L.RIGHT_KNEE, L.RIGHT_ANKLE], 0])
    knee_track = spread[..., 0] / np.maximum(spread[..., 1], 0.1 * lengths[..., 3])
    return hip_height, feet / np.maximum(shoulders, 1e-3), knee_track


def _trunk_pitch(flat: Array, world: Array, axis: Array, across: Array) -> Array:
    """Signed sagittal trunk angle; its forward part from the image in a side view, from depth in a front view."""
    forward_x, forward_z = axis[..., 2], -axis[..., 0]  # horizontal, perpendicular to the lateral axis
    norm = np.maximum(np.hypot(forward_x, forward_z), 1e-6)
    trunk, trunk_flat = (_mid(points, L.LEFT_SHOULDER) - _mid(points, L.LEFT_HIP) for points in (world, flat))
    pixels = np.linalg.norm(trunk_flat, axis=-1) / np.maximum(np.linalg.norm(trunk[..., :2], axis=-1), 1e-6)
    deep = (trunk[..., 0] * forward_x + trunk[..., 2] * forward_z) / norm * pixels
    seen = trunk_flat[..., 0] * np.sign(forward_x)
    sideways = 1 - across**2
    return np.degrees(np.arctan2(sideways * seen + (1 - sideways) * deep, -trunk_flat[..., 1]))


def _arm_heights(flat: Array, lengths: Array) -> list[Array]:
    """``hand_height``, ``elbow_height`` and ``forearm_height``, left and right of each."""
    upper_arm, forearm = lengths[..., 1], lengths[..., 2]
    limbs = (
        (L.LEFT_SHOULDER, L.LEFT_WRIST, upper_arm + forearm),
        (L.LEFT_SHOULDER, L.LEFT_ELBOW, upper_arm),
        (L.LEFT_ELBOW, L.LEFT_WRIST, forearm),
    )
    return [
        (flat[..., top + right, 1] - flat[..., end + right, 1]) / length
        for top, end, length in limbs
        for right in (0, 1)
    ]


def _hip_line(flat: Array, visibility: Array) -> Array:
    """Signed degrees of the hip off the line from shoulder to ankle, positive below it; the side in view counts more.

    Who does push-ups on the knees has a line that ends there: the knee stands in for the ankle as far as it is bent.
    """
    values = []
    for right in (0, 1):
        shoulder, hip, knee, ankle = (
            flat[..., j + right, :] for j in (L.LEFT_SHOULDER, L.LEFT_HIP, L.LEFT_KNEE, L.LEFT_ANKLE)
        )
        straight = 1 / (1 + np.exp(-(_bend(hip, knee, ankle) - _KNEELING) / 6))[..., None]
        end = straight * ankle + (1 - straight) * knee
        # y points down: the line's height above the hip decides the sign.
        span = end[..., 0] - shoulder[..., 0]
        part = np.where(np.abs(span) > 1e-6, (hip[..., 0] - shoulder[..., 0]) / np.where(span == 0, 1, span), 0.5)
        line_y = shoulder[..., 1] + np.clip(part, 0, 1) * (end[..., 1] - shoulder[..., 1])
        values.append((180 - _bend(shoulder, hip, end)) * np.sign(hip[..., 1] - line_y))
    weights = [visibility[..., ankle] + 0.05 for ankle in (L.LEFT_ANKLE, L.RIGHT_ANKLE)]
    return (values[0] * weights[0] + values[1] * weights[1]) / (weights[0] + weights[1])


def _bend(a: Array, joint: Array, b: Array) -> Array:
    """Included angle in degrees at the joint, in the image."""
    u, v = a - joint, b - joint
    return np.degrees(np.arctan2(np.abs(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]), (u * v).sum(-1)))


def _extra_errors(across: Array) -> Array:
    """Expected errors of `EXTRA`, before occlusion is counted in."""
    front, side = across**2, 1 - across**2
    same = np.ones_like(across)
    columns = [5 + 8 * front, 4 + 20 * front, 0.04 * same, 0.25 * same, 0.1 + 1.5 * side]
    columns += [0.10 * same] * 2 + [0.12 * same] * 2 + [0.15 * same] * 2
    return np.stack(columns, -1)


def _hidden_penalty(visibility: Array) -> Array:
    """Factor (..., 12) by which the error of a quantity that is not a joint angle grows when its least visible landmark
    is hidden: 1 to 5."""
    least = np.stack([visibility[..., list(USED_BY[name])].min(-1) for name in GENERAL[len(TRIPLES) :]], -1)
    # One side in view is enough for the hip line.
    sides = visibility[..., [USED_BY["hip_line"][:3], USED_BY["hip_line"][3:]]].min(-1)
    least[..., GENERAL.index("hip_line") - len(TRIPLES)] = sides.max(-1)
    return 1 + 4 * np.clip((0.6 - least) / 0.6, 0, 1)
