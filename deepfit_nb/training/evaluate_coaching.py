"""``deepfit evaluate coaching``: reps, sets, faults, angles and speed of the coach against the truth."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from rich.console import Console
from rich.progress import track
from rich.table import Table

from deepfit_nb.coaching import Coach
from deepfit_nb.recognition import SequenceClassifier, SequenceRecogniser
from deepfit_nb.storage.atomic import atomic_write
from deepfit_nb.training.angle_errors import AngleErrors
from deepfit_nb.training.coaching_cases import Case, clip_cases, real_cases, synthetic_sets, synthetic_workouts
from deepfit_nb.training.coaching_scores import SetScore, run, score, summary
from deepfit_nb.training.coaching_variations import VARIATIONS
from deepfit_nb.training.strung import strung_workouts

#: Exercise given by the user, or recognised.
Mode = Literal["fixed", "recognised"]
#: From the front, obliquely, and from the side.
_AZIMUTHS: Final = (0.0, -40.0, 75.0)
_WORKOUTS: Final = 4
_COLUMNS: Final[tuple[tuple[str, str, Callable[[float], str]], ...]] = (
    ("sets", "sets", "{:.0f}".format),
    ("exact", "exact", "{:.1%}".format),
    ("MAE", "mae", "{:.3f}".format),
    ("OBO", "obo", "{:.1%}".format),
    ("one set", "whole", "{:.1%}".format),
    ("starts ≤ 0.25 s", "starts_ok", "{:.1%}".format),
    ("ends ≤ 0.25 s", "ends_ok", "{:.1%}".format),
    ("faults found", "faults_found", "{:.1%}".format),
    ("… where the view allows", "faults_found_carried", "{:.1%}".format),
    ("false alarms", "false_alarms", "{:.1%}".format),
)


@dataclass(eq=False)
class Evaluation:
    """All scores, by what was evaluated and whether the exercise was given; ``cpu_ms`` is a frame's mean cost."""

    scores: dict[tuple[str, Mode], list[SetScore]] = field(default_factory=dict)
    angles: AngleErrors = field(default_factory=AngleErrors)
    analysed: AngleErrors = field(default_factory=lambda: AngleErrors(hindsight=True))
    cost: dict[Mode, tuple[float, int]] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def cpu_ms(self, mode: Mode) -> float:
        """Milliseconds of processor time that `Coach.update` takes a frame, on the average; NaN before any."""
        seconds, frames = self.cost.get(mode, (0.0, 0))
        return 1e3 * seconds / frames if frames else math.nan

    def as_json(self) -> dict[str, Any]:
        """Everything, in plain types."""
        return {
            "summary": {
                mode: {name: summary(scores) for (name, its_mode), scores in self.scores.items() if its_mode == mode}
                for mode in ("fixed", "recognised")
            },
            "angles_deg": self.angles.by_joint(),
            "analysed_angles_deg": self.analysed.by_joint(),
            "angles_claimed": self.angles.claimed,
            "azimuth": self.angles.azimuth,
            "update_cpu_ms": {mode: self.cpu_ms(mode) for mode in self.cost},
            "skipped": self.skipped,
            "sets": [
                {"of": name, "mode": mode, "exact": one.exact, **asdict(one)}
                for (name, mode), scores in self.scores.items()
                for one in scores
            ],
        }


def evaluate(clips: Path | None, real: Path | None, *, console: Console, clips_only: bool = False) -> Evaluation:
    """Run the coach over everything there is.

    Parameters
    ----------
    clips
        Folder of clips with their truth; None leaves them out.
    real
        Folder of real recordings with ``real.tsv``; None leaves them out.
    clips_only
        Only the clips, and only as they are.
    """
    evaluation = Evaluation()
    # What cannot be read is found before the first hour has gone by.
    recorded = [] if real is None or clips_only else list(real_cases(real))
    classifier = SequenceClassifier()

    def cover(name: str, cases: Iterable[Case], modes: tuple[Mode, ...] = ("fixed", "recognised")) -> None:
        for case in track(list(cases), name, console=console, transient=True):
            for mode in modes:
                if mode == "recognised" or len({one.exercise for one in case.sets}) == 1:
                    _add(evaluation, name, case, mode, classifier)

    if clips is None:
        evaluation.skipped.append("clips: no folder of clips with their truth")
    else:
        cases = list(clip_cases(clips))
        cover("clips", cases)
        for variation in () if clips_only else VARIATIONS:
            cover(f"clips, {variation.name}", map(variation.change, cases))
        if not clips_only:
            cover("clips strung together", strung_workouts(cases), modes=("recognised",))
    if clips_only:
        return evaluation
    if real is None:
        evaluation.skipped.append("real recordings: no folder with a real.tsv")
    else:
        cover("real recordings", recorded)
    cover("synthetic sets", synthetic_sets(_AZIMUTHS), modes=("fixed",))
    cover("synthetic workouts", synthetic_workouts(_WORKOUTS), modes=("recognised",))
    return evaluation


def _add(evaluation: Evaluation, name: str, case: Case, mode: Mode, classifier: SequenceClassifier) -> None:
    coach = Coach(case.sets[0].exercise) if mode == "fixed" else Coach(recogniser=SequenceRecogniser(classifier))
    done = run(coach, case)
    evaluation.scores.setdefault((name, mode), []).extend(score(case, done.sets))
    seconds, frames = evaluation.cost.get(mode, (0.0, 0))
    evaluation.cost[mode] = (seconds + done.cpu_s, frames + len(case.recording))
    if name == "clips" and mode == "fixed":
        evaluation.angles.add(case, done.reports, done.sets)
        evaluation.analysed.add(case, done.reports, done.sets)


def show(evaluation: Evaluation, console: Console) -> None:
    """Print the tables."""
    for mode, title in (("fixed", "Exercise given"), ("recognised", "Exercise recognised")):
        table = Table("", *(column for column, _, _ in _COLUMNS), title=title, title_justify="left")
        for (name, its_mode), scores in evaluation.scores.items():
            if its_mode == mode:
                figures = summary(scores)
                cells = [("-" if math.isnan(figures[key]) else form(figures[key])) for _, key, form in _COLUMNS]
                table.add_row(name, *cells)
        console.print(table)
    console.print(_misses(evaluation))
    if joints := evaluation.angles.by_joint():
        console.print(_angle_table(joints, evaluation.analysed.by_joint()))
        azimuth = evaluation.angles.azimuth
        console.print(
            f"angles that claim anything: {evaluation.angles.claimed:.0%}; camera azimuth off by "
            f"{azimuth['median_deg']:.1f}° (median of the clips), {azimuth['worst_deg']:.1f}° (worst)"
        )
    for its_mode in evaluation.cost:
        console.print(f"Coach.update, {its_mode}: {evaluation.cpu_ms(its_mode):.2f} ms of processor time a frame")
    for reason in evaluation.skipped:
        console.print(f"[yellow]skipped[/] {reason}")


def _misses(evaluation: Evaluation) -> Table:
    """Every set that is not as it should be."""
    table = Table("of", "mode", "set", "reps", "counted", "as another", "sets", "fault found", "other faults")
    table.title, table.title_justify = "What went wrong", "left"
    for (name, mode), scores in evaluation.scores.items():
        for one in scores:
            missed = one.carried and one.found < one.reps - one.unseen
            if one.exact and one.sets <= 1 and not missed and not one.alarms:
                continue
            fault = f"{one.fault} {one.found}/{one.reps}" if one.fault else ""
            others = ", ".join(f"{fault} {count}" for fault, count in one.alarms.items())
            counts = (str(one.reps), str(one.counted), str(one.stray or ""), str(one.sets))
            table.add_row(name, mode, f"{one.case} {one.exercise or ''}", *counts, fault, others)
    return table


def _angle_table(live: dict[str, dict[str, float]], analysed: dict[str, dict[str, float]]) -> Table:
    keys = ("median", "p90", "own_median", "own_p90")
    heads = ("median", "p90", "median, own offset", "p90, own offset", "median, analysed", "p90, analysed")
    table = Table("joint", "offset", *heads, "frames")
    table.title, table.title_justify = "Angle errors on the clips, degrees", "left"
    for joint, figures in live.items():
        errors = [
            f"{value:.1f}" for value in ([figures[key] for key in keys] + [analysed[joint][key] for key in keys[:2]])
        ]
        offset = f"{figures['offset']:+.1f}" if "offset" in figures else ""
        table.add_row(joint, offset, *errors, f"{figures['frames']:.0f}")
    return table


def save_json(evaluation: Evaluation, path: Path) -> None:
    """Write `Evaluation.as_json`; what is not known (NaN) becomes null."""
    text = json.dumps(_without_nan(evaluation.as_json()), indent=1, ensure_ascii=False)
    with atomic_write(path) as temporary:
        temporary.write_text(text, "utf-8")


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value
