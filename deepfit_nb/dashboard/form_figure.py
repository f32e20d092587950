"""Form faults made visible: what each rule measured in each rep, against its limit and tolerance."""

from __future__ import annotations

import math
from typing import Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from deepfit_nb.capture.analyze import Analysis
from deepfit_nb.coaching import Exercise, WorkoutSet
from deepfit_nb.coaching.definition import FaultRule
from deepfit_nb.coaching.demonstration import during, observe
from deepfit_nb.coaching.rules import Verdict, verdict
from deepfit_nb.dashboard import theme
from deepfit_nb.kinematics.movements import as_angle
from deepfit_nb.kinematics.stretch import Stretch
from deepfit_nb.wording import words

_COLOURS: Final = {
    "good": theme.GOOD,
    "let pass": theme.WARN,
    "fault": theme.BAD,
    "not seen well enough": theme.MUTED,
}


def form_figure(analysis: Analysis, *, height: int = 230) -> go.Figure:
    """For each rule of the first set's exercise that the camera's view can carry, or that was broken: a dot a rep.

    The line is the limit and the amber band the tolerance that MediaPipe's own error is granted. A dot's colour is the
    coach's verdict: one beyond the band is a fault and one within it is let pass, unless the rep as a whole looks
    otherwise, or the measurement, whose expected error the whisker shows, is too uncertain. Hovering tells the margin
    that this rep was granted.

    Parameters
    ----------
    height
        Of one row, in pixels.
    """
    workout_set = analysis.sets[0]
    exercise = analysis.exercises[workout_set.exercise]
    motions = observe(analysis.recording)
    all_judged = ((rule, judge_reps(exercise, rule, workout_set, motions)) for rule in exercise.faults)
    shown = [
        (rule, judged)
        for rule, judged in all_judged
        if workout_set.view in rule.views or any(one.fault for one in judged)
    ]
    if not shown:
        figure = theme.styled(go.Figure(), height=100)
        note = f"{exercise.title}: seen from here ({workout_set.view}) no rule can be judged"
        figure.add_annotation(text=note, xref="paper", yref="paper", x=0, y=0.5, showarrow=False)
        return figure.update_xaxes(visible=False).update_yaxes(visible=False)
    titles = [f"<b>{words(rule.id)}</b>  {words(as_angle(rule.measure)).lower()}, “{rule.cue}”" for rule, _ in shown]
    figure = make_subplots(
        len(shown), 1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.12 / len(shown) * 2
    )
    theme.styled(figure, height=height * len(shown) + 60)
    for row, (rule, judged) in enumerate(shown, start=1):
        _add_rule(figure, row, rule, judged)
    figure.update_xaxes(dtick=1, range=[0.5, len(workout_set.reps) + 0.5], showgrid=False)
    figure.update_xaxes(title_text="Rep", row=len(shown), col=1)
    figure.update_layout(showlegend=False, margin={"t": 40})
    figure.update_annotations(x=0, xanchor="left", font={"size": 14})
    return figure


def judge_reps(exercise: Exercise, rule: FaultRule, workout_set: WorkoutSet, motions: Stretch) -> list[Verdict]:
    """The rule applied to each rep of a set, also where it finds no fault."""
    judged = []
    for rep in workout_set.reps:
        stretch, progress = during(rep, exercise, motions)
        odds, open_to_it = rep.impression.get(rule.id, 0.0), exercise.may_be_borne_out(rule, workout_set.view)
        judged.append(verdict(rule, stretch, progress, workout_set.view, rep.judged_on, odds, open_to_it))
    return judged


def _in_words(judged: Verdict) -> str:
    if not judged.clear:
        return "not seen well enough"
    if judged.fault:
        return "fault"
    return "good" if judged.excess <= 0 else "let pass"


def _margin(rule: FaultRule, judged: Verdict) -> str:
    if math.isinf(judged.margin):
        return "not begun half-way"
    return f"margin {judged.margin:.3g}{rule.unit}"


def _add_rule(figure: go.Figure, row: int, rule: FaultRule, judged: list[Verdict]) -> None:
    figure.add_scatter(
        x=list(range(1, len(judged) + 1)), y=[one.value for one in judged], mode="markers",
        marker={"size": 13, "color": [_COLOURS[_in_words(one)] for one in judged]},
        error_y={"array": [one.error for one in judged], "color": theme.MUTED, "thickness": 1, "width": 4},
        text=[_in_words(one) for one in judged], customdata=[_margin(rule, one) for one in judged], row=row, col=1,
        hovertemplate=f"rep %{{x}}: %{{y:.3~g}}{rule.unit}, %{{text}}; %{{customdata}}<extra></extra>",
    )  # fmt: skip
    # After the dots: Plotly adds no shape to a subplot that is empty.
    beyond = rule.limit + math.copysign(rule.tolerance, 1 if rule.above is not None else -1)
    figure.add_hrect(
        y0=min(rule.limit, beyond), y1=max(rule.limit, beyond), fillcolor=theme.WARN, opacity=0.18, line_width=0,
        row=row, col=1,
    )  # fmt: skip
    figure.add_hline(
        y=rule.limit, line={"color": theme.WARN, "width": 2}, row=row, col=1,
        annotation={"text": f"limit {rule.limit:g}{rule.unit}", "font": {"color": theme.MUTED}, "xanchor": "right"},
    )  # fmt: skip
    whiskers = [one.value + sign * one.error for one in judged for sign in (-1, 1) if math.isfinite(one.value)]
    values = [*filter(math.isfinite, whiskers), rule.limit, beyond]
    room = 0.1 * (max(values) - min(values))
    figure.update_yaxes(
        ticksuffix=rule.unit, range=[min(values) - room, max(values) + room], row=row, col=1
    )  # fmt: skip
