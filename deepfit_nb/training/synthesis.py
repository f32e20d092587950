"""Made-up people exercising in front of a made-up camera, with the truth: sets, workouts, idle time.

`make_recording` and `make_workout` give what a detector would have seen (`PoseRecording`) and what was really done
(`Truth`). The same seed gives the same recording.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepfit_nb.kinematics.angles import joint_angles
from deepfit_nb.pose import PoseRecording
from deepfit_nb.recognition.classes import EXERCISES
from deepfit_nb.training.body import Body, landmarks
from deepfit_nb.training.camera import View, sample_coached_view, sample_view, to_camera
from deepfit_nb.training.geometry import Array
from deepfit_nb.training.idle import sample_idle, sway, turn_slowly
from deepfit_nb.training.imitated_detector import ImitatedDetector, detect
from deepfit_nb.training.norms import CORRECT, fault_style, plain_style
from deepfit_nb.training.script import Activity, TrueSet, act, duration_s
from deepfit_nb.training.style import Style
from deepfit_nb.training.styles import sample_fault, sample_style
from deepfit_nb.training.tempo import Tempo, sample_tempo

_ON_THE_FLOOR = ("pushups", "situps")


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What was really done.

    Attributes
    ----------
    label
        (T,) index into `CLASSES`.
    rep
        (T,) index of the rep within its set; -1 outside sets.
    phase
        (T,) how far through the rep, 0 at its start and end, about 1 at its peak; 0 outside sets.
    angles
        (T, 9) exact degrees in the order of `deepfit_nb.kinematics.angles.ANGLES`.
    sets
        All sets in order.
    view
        The camera.
    """

    label: NDArray[np.intp]
    rep: NDArray[np.intp]
    phase: Array
    angles: Array
    sets: tuple[TrueSet, ...]
    view: View


def make_recording(
    exercise: str,
    *,
    reps: int = 5,
    seed: int = 0,
    style: Style | None = None,
    view: View | None = None,
    fault: str | None = None,
    detector: ImitatedDetector | None = None,
    tempo: Tempo | None = None,
    fps: float = 25.0,
    lead_s: float = 1.5,
    tail_s: float = 1.5,
) -> tuple[PoseRecording, Truth]:
    """One set with a moment of standing still (or of the starting position) before and after it.

    Parameters
    ----------
    style, view, detector, tempo
        None gives the textbook style, an oblique view, a middling detector and an even tempo. Draw variety with
        `sample_style`, `sample_view`, `ImitatedDetector.sample` and `sample_tempo`; ``EXACT`` is one without error.
    fault
        A fault id of the exercise (`deepfit_nb.training.norms.FAULTS`), in every rep.
    """
    if exercise not in EXERCISES:
        raise ValueError(f"unknown exercise {exercise!r}; known: {', '.join(EXERCISES)}")
    rng = np.random.default_rng([seed, 1])
    script = _with_holds(exercise, reps, rng, style, fault, tempo, lead_s, tail_s)
    return _film(script, Body(), view or View(), detector or ImitatedDetector(), fps, rng)


def make_workout(
    exercises: Sequence[str],
    *,
    reps: int = 5,
    rest_s: float = 8.0,
    seed: int = 0,
    view: View | None = None,
    detector: ImitatedDetector | None = None,
    varied: bool = False,
    fps: float = 25.0,
) -> tuple[PoseRecording, Truth]:
    """Sets of several exercises with rests of idle activities between; ``varied`` draws style, tempo and body too."""
    rng = np.random.default_rng([seed, 2])
    script = [Activity("standing", duration_s=rest_s / 2)]
    for exercise in exercises:
        style = sample_style(exercise, rng) if varied else plain_style(exercise)
        tempo = sample_tempo(exercise, reps, rng, steady=not varied)
        travel = 2.5 if exercise in _ON_THE_FLOOR else 1.2
        script.append(Activity(exercise, tempo=tempo, style=style, transition_s=travel))
        rest = str(rng.choice(["standing", "walking", "drinking", "talking", "sitting_down"])) if varied else "standing"
        script.append(Activity(rest, duration_s=rest_s, transition_s=travel))
    return _film(
        script, Body.sample(rng) if varied else Body(), view or View(), detector or ImitatedDetector(), fps, rng
    )


def make_coached(
    rng: np.random.Generator, exercise: str, fault: str | None, *, fps: float
) -> tuple[PoseRecording, Truth]:
    """A brief set by anybody, correct or with one fault, as people film it to be coached."""
    script = set_script(rng, exercise, fault, brief=True)
    view = coached_view(rng, script, exercise, fault)
    return _film(script, Body.sample(rng), view, ImitatedDetector.sample(rng), fps, rng)


def coached_view(rng: np.random.Generator, script: Sequence[Activity], exercise: str, fault: str | None) -> View:
    """From where somebody films the set: where one arm works, not from behind it."""
    style = script[0].style
    return sample_coached_view(rng, exercise, fault, style.index("side") if style.flag("one_arm") else None)


def make_activities(
    script: Sequence[Activity],
    *,
    seed: int = 0,
    view: View | None = None,
    detector: ImitatedDetector | None = None,
    fps: float = 25.0,
) -> tuple[PoseRecording, Truth]:
    """Whatever the script says, idle activities (`deepfit_nb.training.idle.IDLE_NAMES`) included."""
    return _film(
        list(script), Body(), view or View(), detector or ImitatedDetector(), fps, np.random.default_rng([seed, 5])
    )


#: A detector that sees exactly what is there.
EXACT = ImitatedDetector(
    jitter=0,
    offset=0,
    hidden_error=0,
    far_follows_near=0,
    swaps=0,
    flips=0,
    elbow_bias=0,
    depth_scale=1,
    depth_error=0,
    tilt_deg=0,
    dropouts=0,
)


def random_recording(
    rng: np.random.Generator,
    *,
    exercise: str | None = None,
    without: tuple[str, ...] = (),
    azimuth_deg: float | None = None,
    rest: Callable[[np.random.Generator], str] = sample_idle,
) -> tuple[PoseRecording, Truth]:
    """A stranger, for training: idle, a set (of ``exercise``, or of none), idle, all of it drawn at random.

    ``rest`` draws the idle activities.
    """
    script = random_script(rng, exercise=exercise, without=without, idle=rest)
    fps = float(rng.choice([10, 15, 25, 30]))
    return _film(
        script,
        Body.sample(rng),
        sample_view(rng, azimuth_deg=azimuth_deg),
        ImitatedDetector.sample(rng),
        fps,
        rng,
        steady=False,
    )


def random_script(
    rng: np.random.Generator,
    *,
    exercise: str | None = None,
    without: tuple[str, ...] = (),
    brief: bool = False,
    idle: Callable[[np.random.Generator], str] = sample_idle,
) -> list[Activity]:
    """What a stranger does in `random_recording`; a ``brief`` one is over in about eight seconds."""
    script: list[Activity] = []
    longest = 2.0 if brief else 4.0

    def rest(low: float, high: float, count: int) -> None:
        for _ in range(count):
            script.append(
                Activity(
                    idle(rng),
                    duration_s=rng.uniform(low, high),
                    transition_s=rng.uniform(0.4, 1.6),
                    yaw_deg=float(rng.normal(0, 45)),
                )
            )

    if exercise is None:
        rest(longest, 2 * longest, 2)
        return script
    rest(0.5, longest, int(rng.random() < 0.5))
    style = sample_style(exercise, rng, without=without)
    if rng.random() < 0.5:
        style = sample_fault(exercise, style, rng)
    reps = int(rng.integers(2, 5)) if brief else int(np.ceil(rng.uniform(5, 11) / np.exp(0.6)))
    tempo = sample_tempo(exercise, reps, rng)
    slow = rng.uniform(1.2, 3.0) if exercise in _ON_THE_FLOOR else rng.uniform(0.4, 1.6)
    if rng.random() < 0.6:
        # Most people stand ready for a moment before they begin and after they end.
        script.append(_ready(exercise, style, rng.uniform(0.3, 0.6 * longest), slow))
        slow = 0.0
    script.append(Activity(exercise, tempo=tempo, style=style, transition_s=slow))
    if rng.random() < 0.5:
        script.append(_ready(exercise, style, rng.uniform(0.3, 0.6 * longest), 0.0))
    rest(0.5, longest, int(rng.random() < 0.6))
    return script


def set_script(
    rng: np.random.Generator, exercise: str, fault: str | None, *, share: float = 0.35, brief: bool = False
) -> list[Activity]:
    """A set that is correct but for ``fault``: the textbook style, ``share`` of the way towards a random one.

    Of four to eight reps, or if ``brief`` of two or three.
    """
    style = sample_style(exercise, rng).blended(plain_style(exercise), share).within(CORRECT[exercise])
    if fault:
        style = fault_style(exercise, fault, style)
    ready = [_ready(exercise, style, rng.uniform(0.6, 1.2 if brief else 2.0), 0.0) for _ in range(2)]
    tempo = sample_tempo(exercise, int(rng.integers(2, 4) if brief else rng.integers(4, 9)), rng)
    # A correct rep is a whole one.
    tempo = replace(tempo, size=np.clip(tempo.size, 0.95, 1.0))
    return [ready[0], Activity(exercise, tempo=tempo, style=style, fault=fault, transition_s=0.0), ready[1]]


def _ready(exercise: str, style: Style, duration_s: float, transition_s: float) -> Activity:
    return Activity(f"ready:{exercise}", duration_s=duration_s, style=style, transition_s=transition_s)


def _with_holds(
    exercise: str,
    reps: int,
    rng: np.random.Generator,
    style: Style | None,
    fault: str | None,
    tempo: Tempo | None,
    lead_s: float,
    tail_s: float,
) -> list[Activity]:
    style = style or plain_style(exercise)
    if fault:
        style = fault_style(exercise, fault, style)
    tempo = tempo or sample_tempo(exercise, reps, rng, steady=True)
    script = [_ready(exercise, style, lead_s, 0.0)] if lead_s else []
    script.append(Activity(exercise, tempo=tempo, style=style, fault=fault, transition_s=0.0))
    return script + ([_ready(exercise, style, tail_s, 0.0)] if tail_s else [])


def _film(
    script: list[Activity],
    body: Body,
    view: View,
    detector: ImitatedDetector,
    fps: float,
    rng: np.random.Generator,
    *,
    steady: bool = True,
) -> tuple[PoseRecording, Truth]:
    """Act out the script, then see it through camera and detector."""
    time_s = np.arange(max(int(duration_s(script) * fps), 2)) / fps
    if not steady:
        time_s = time_s + rng.uniform(0, 0.3, len(time_s)) / fps
    posture, label, rep, phase, sets = act(script, body, time_s, rng)
    posture = sway(posture, time_s, rng, 0.25 if steady else float(rng.uniform(0.2, 1.2)))
    if not steady:
        posture = turn_slowly(posture, time_s, rng)
    points = landmarks(body, posture)
    camera = to_camera(points, view)
    image, world, ok = detect(camera, view, time_s, detector, rng)
    recording = PoseRecording(image, world, ok, time_s, fps, view.size)
    # Angles from the world, whose y points up where the landmarks' points down.
    angles = joint_angles(points * np.array([1.0, -1.0, 1.0])).astype(np.float64)
    return recording, Truth(label, rep, phase, angles, tuple(sets), view)
