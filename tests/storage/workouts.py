"""Small factories of what the coach reports, for the tests of storage, and a disk that is soon full."""

from contextlib import contextmanager

import numpy as np

from deepfit_nb.coaching import Fault, FrameReport, Rep, WorkoutSet
from deepfit_nb.kinematics import ANGLES, UNKNOWN_VIEW
from deepfit_nb.kinematics.measures import MEASURES
from deepfit_nb.pose import Pose
from deepfit_nb.recognition import CLASSES, Recognition

NAN = float("nan")
DEEP = Fault("shallow_depth", 111.04, 100.0, 2.1, 1.4)


def rep(number=1, start_s=1.0, end_s=3.0, *, partial=False, faults=(), rom_deg=95.24):
    return Rep(number, start_s, (start_s + end_s) / 2, end_s, rom_deg, partial, tuple(faults))


def workout_set(reps=None, exercise="squats", confidence=0.98, view="side"):
    reps = reps if reps is not None else [rep(1, 1.0, 3.0), rep(2, 3.0, 5.0, faults=[DEEP])]
    return WorkoutSet(exercise, reps[0].start_s, reps[-1].end_s, confidence, view, tuple(reps))


def pose(time_s=0.0):
    return Pose(np.zeros((33, 4), np.float32), np.zeros((33, 3), np.float32), time_s, (640, 480))


def report(time_s, label="non_activity", *, seen=True, phase="idle"):
    probabilities = np.zeros(len(CLASSES), np.float32)
    probabilities[CLASSES.index(label)] = 1
    known = 90 if seen else np.nan
    angles = np.full(len(ANGLES), known, np.float32)
    return FrameReport(
        time_s=time_s,
        pose=pose(time_s) if seen else None,
        recognition=Recognition(label, 1.0, probabilities),
        view=UNKNOWN_VIEW,
        angles=angles,
        angle_errors=angles * 0,
        measured=np.full(len(MEASURES), known, np.float32),
        exercise=None,
        sets=0,
        reps=0,
        partial_reps=0,
        rep=None,
        phase=phase,
        progress=NAN,
        cue=None,
        framing=None,
        counted=(),
    )


@contextmanager
def files_no_larger_than(size):
    """No file can be written beyond so many bytes, as if the disk were full."""
    import resource  # not on Windows

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
