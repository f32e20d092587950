"""``deepfit evaluate recognition``: every recogniser over the same clips, clip by clip."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from deepfit_nb.capture.sources import unique
from deepfit_nb.coaching import Coach
from deepfit_nb.coaching.hindsight import exercises_in_hindsight
from deepfit_nb.errors import MediaError
from deepfit_nb.recognition import (
    CLASSES,
    EXERCISES,
    NON_ACTIVITY,
    FrameClassifier,
    Recogniser,
    SequenceClassifier,
    SequenceRecogniser,
    VotingRecogniser,
)
from deepfit_nb.training.clips import GRACE_S, Clip, find_clips
from deepfit_nb.training.knn import NearestNeighbours
from deepfit_nb.training.metrics import confusion, expected_calibration_error, wilson_interval
from deepfit_nb.training.photos import evaluate_photos, find_photos, photo_clips, photo_table

#: Name of each method, in the order of the tables.
METHODS = ("sequence", "frame", "vote", "k-NN")
#: What `deepfit analyze` keeps of a clip: the sequence classifier's answers, with the reps counted and in hindsight.
ANALYSED = "analysed"
_NOTHING_COUNTS: Final = (
    f"no frame counts; those do from {GRACE_S:g} s after the first rep begins until the last one ends"
)


@dataclass(frozen=True, eq=False)
class Scored:
    """What one method said of one clip: labels and probabilities (T, 11) of the frames that count.

    ``named_after_s``: seconds from the start of the first rep to the first right answer; NaN where the start is not
    known or no answer was right.
    """

    clip: str
    activity: str
    labels: NDArray[np.str_]
    probabilities: NDArray[np.float32]
    named_after_s: float

    @property
    def right(self) -> int:
        return int((self.labels == self.activity).sum())

    @property
    def share(self) -> float:
        return self.right / len(self.labels) if len(self.labels) else float("nan")

    @property
    def said_instead(self) -> dict[str, int]:
        """Frames of each wrong label."""
        names, counts = np.unique(self.labels[self.labels != self.activity], return_counts=True)
        return dict(zip(names.tolist(), counts.tolist(), strict=True))


def run(recogniser: Recogniser, clip: Clip) -> Scored:
    """Stream a clip through a recogniser, as live."""
    recogniser.reset()
    answers = [recogniser.update(time_s, pose) for time_s, pose in clip.recording]
    labels, mask = np.array([answer.label for answer in answers]), clip.scored
    return Scored(
        clip.name,
        clip.activity,
        labels[mask],
        np.array([answer.probabilities for answer in answers], np.float32)[mask],
        _named_after(clip, labels),
    )


def run_analysis(classifier: SequenceClassifier, clip: Clip) -> Scored:
    """Have a clip coached, and take the labels that an analysis keeps of its frames."""
    coach = Coach(recogniser=SequenceRecogniser(classifier))
    reports = [coach.update(pose, time_s=time_s) for time_s, pose in clip.recording]
    labels, mask = exercises_in_hindsight(reports, coach.finish()).astype(str), clip.scored
    probabilities = np.array([report.recognition.probabilities for report in reports], np.float32)
    return Scored(clip.name, clip.activity, labels[mask], probabilities[mask], float("nan"))


def _named_after(clip: Clip, labels: NDArray[np.str_]) -> float:
    if clip.edges_s is None:
        return float("nan")
    since = clip.recording.time_s - clip.recording.time_s[0] - clip.edges_s[0]
    right = since[(labels == clip.activity) & (since <= clip.edges_s[1] - clip.edges_s[0])]
    return max(0.0, float(right[0])) if len(right) else float("nan")


def make_recognisers(models: Path | None = None) -> dict[str, Recogniser]:
    """The methods compared: ours, the seed's network on each frame and with a vote, and nearest neighbours."""
    frame = _frame_classifier(models)
    return dict(
        zip(
            METHODS,
            (
                SequenceRecogniser(_sequence_classifier(models)),
                VotingRecogniser(frame, span_s=0.0),
                VotingRecogniser(frame),
                NearestNeighbours(),
            ),
            strict=True,
        )
    )


def _sequence_classifier(models: Path | None) -> SequenceClassifier:
    return SequenceClassifier(models / "sequence_classifier.tflite" if models else None)


def _frame_classifier(models: Path | None) -> FrameClassifier:
    return FrameClassifier(models / "frame_classifier.tflite" if models else None)


def evaluate(
    folders: Sequence[Path],
    console: Console,
    *,
    photos: Path | None = None,
    models: Path | None = None,
    out: Path | None = None,
) -> dict[str, Any]:
    """Score all methods, and an analysis, on the clips of each folder; print, return (and write) the figures.

    ``photos`` holds photographs in folders named after exercises: each is for the frame classifier alone, and pairs of
    start and end make clips as well.
    """
    # What cannot be read is found before the first clip is scored.
    groups = {title: find_clips(folder) for title, folder in _titled(folders).items()}
    if photos:
        find_photos(photos)
        groups["photos played"] = photo_clips(photos)
    methods: dict[str, Callable[[Clip], Scored]] = {
        name: partial(run, recogniser) for name, recogniser in make_recognisers(models).items()
    }
    methods[ANALYSED] = partial(run_analysis, _sequence_classifier(models))
    figures: dict[str, Any] = {}
    for title, found in groups.items():
        clips = _that_count(found, console)
        if not clips:
            continue
        scores: dict[str, list[Scored]] = {}
        latency: dict[str, float] = {}
        for name, method in methods.items():
            started = time.perf_counter()
            scores[name] = [method(clip) for clip in clips]
            latency[name] = 1000 * (time.perf_counter() - started) / sum(len(clip.recording) for clip in clips)
        console.print(clip_table(title, scores))
        console.print(class_table(title, scores))
        figures[title] = summary(scores, latency)
        console.print_json(
            json.dumps(
                {
                    key: figures[title][key]
                    for key in ("mean", "idle", "calibration_error", "named_after_s", "latency_ms")
                }
            )
        )
    if not figures and not photos:
        raise MediaError(f"no clip is left: {_NOTHING_COUNTS}")
    if photos:
        figures["photos"] = evaluate_photos(photos, _frame_classifier(models))
        console.print(photo_table(figures["photos"]))
    if out:
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def _that_count(found: Iterable[Clip], console: Console) -> list[Clip]:
    """Clips of which some frames are scored; the others are named."""
    clips, left_out = list[Clip](), list[str]()
    for clip in found:
        if clip.scored.any():
            clips.append(clip)
        else:
            left_out.append(clip.name)
    if left_out:
        console.print(f"[yellow]left out[/] {', '.join(left_out)}: {_NOTHING_COUNTS}")
    return clips


def _titled(folders: Sequence[Path]) -> dict[str, Path]:
    """Each folder once, by its name; by its whole path where another one, or what is made of photographs, has it."""
    folders = unique(folders)
    names = Counter([*(folder.resolve().name for folder in folders), "photos", "photos played"])
    return {
        folder.resolve().name if names[folder.resolve().name] == 1 else str(folder.resolve()): folder
        for folder in folders
    }


def summary(scores: dict[str, list[Scored]], latency: dict[str, float] | None = None) -> dict[str, Any]:
    """Figures of a set of clips, ready for JSON."""
    ours = scores["sequence"]
    probabilities = np.concatenate([score.probabilities for score in ours])
    true = np.concatenate([np.full(len(score.labels), CLASSES.index(score.activity)) for score in ours])
    said = np.concatenate([[CLASSES.index(label) for label in score.labels] for score in ours]).astype(np.intp)
    return {
        "clips": [
            {
                "clip": score.clip,
                "activity": score.activity,
                "frames": len(score.labels),
                **{name: round(scores[name][index].share, 4) for name in scores},
                "said_instead": score.said_instead,
            }
            for index, score in enumerate(ours)
        ],
        "mean": {
            name: _round_or_none(_mean(score.share for score in scored if score.activity in EXERCISES))
            for name, scored in scores.items()
        },
        "idle": {
            name: _round_or_none(_mean(score.share for score in scored if score.activity == NON_ACTIVITY))
            for name, scored in scores.items()
        },
        "calibration_error": round(expected_calibration_error(probabilities, true), 4),
        "named_after_s": _delays([score.named_after_s for score in ours]),
        "latency_ms": {name: round(value, 3) for name, value in (latency or {}).items()},
        "confusion": confusion(true, said, len(CLASSES)).tolist(),
    }


def _delays(seconds: Sequence[float]) -> dict[str, float] | None:
    """Median and 90th percentile of how long it took to name the exercise; None where no first rep is known."""
    known = np.array([value for value in seconds if not np.isnan(value)])
    if not len(known):
        return None
    return {"median": round(float(np.median(known)), 2), "p90": round(float(np.percentile(known, 90)), 2)}


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return float(np.mean(numbers)) if numbers else float("nan")


def _round_or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def clip_table(title: str, scores: dict[str, list[Scored]]) -> Table:
    """Share of frames right, clip by clip, for each method."""
    table = Table("clip", "frames", *scores, "said instead", title=f"{title}: frames right, by clip")
    for index, ours in enumerate(scores["sequence"]):
        instead = ", ".join(f"{name} {count}" for name, count in ours.said_instead.items())
        table.add_row(
            ours.clip, str(len(ours.labels)), *(f"{scores[name][index].share:.3f}" for name in scores), instead
        )
    return table


def class_table(title: str, scores: dict[str, list[Scored]]) -> Table:
    """Mean over the clips of each class, and the 95 % interval of the sequence classifier's share of frames."""
    table = Table("class", "clips", *scores, "95 % interval", title=f"{title}: mean over clips, by class")

    def row(name: str, chosen: Callable[[Scored], bool]) -> None:
        ours = [score for score in scores["sequence"] if chosen(score)]
        if not ours:
            return
        low, high = wilson_interval(sum(score.right for score in ours), sum(len(score.labels) for score in ours))
        shares = (f"{_mean(score.share for score in scored if chosen(score)):.3f}" for scored in scores.values())
        table.add_row(name, str(len(ours)), *shares, f"{low:.3f}-{high:.3f}")

    for label in CLASSES:
        row(label, lambda score, label=label: score.activity == label)  # type: ignore[misc]
    row("all exercises", lambda score: score.activity in EXERCISES)
    return table
