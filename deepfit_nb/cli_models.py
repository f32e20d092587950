"""Sub-commands of ``deepfit`` that make the models, and measure what they are worth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deepfit_nb.errors import DeepFitError

app = typer.Typer()


@app.command()
def train(
    data: Annotated[
        Path | None, typer.Option(help="Folder mm-fit of the MM-Fit data set; by default synthetic skeletons are made.")
    ] = None,
    split: Annotated[
        str, typer.Option(help="MM-Fit split: paper (same people), unseen (people never seen), or seed.")
    ] = "unseen",
    out: Annotated[Path, typer.Option(help="Folder for the models.")] = Path("trained"),
    work: Annotated[Path | None, typer.Option(help="Folder for data and checkpoints; default: user cache.")] = None,
    angles: Annotated[
        bool, typer.Option("--angles", help="Make the estimators of joint angles instead (eleven minutes).")
    ] = False,
    form: Annotated[
        bool, typer.Option("--form", help="Make the model of what form faults look like instead (two minutes).")
    ] = False,
    clips: Annotated[
        Path | None,
        typer.Option(help="With --form: learn from these clips of 'deepfit render --brief' and collect anew."),
    ] = None,
) -> None:
    """Make the frame classifier and the sequence classifier's two networks from nothing, in an hour and a half.

    A run that was killed goes on where it was; `deepfit evaluate recognition` measures what it made with `--models`.
    With the MM-Fit data set at hand (`--data`) both learn from that instead.
    """
    if (data is not None) + angles + form > 1 or (clips is not None and not form):
        raise typer.BadParameter("give one of --data, --angles and --form; --clips goes with --form")
    from deepfit_nb.training.environment import require_training
    from deepfit_nb.training.mmfit import require_workouts
    from deepfit_nb.training.outputs import prepare_folder
    from deepfit_nb.training.shards import default_work_folder

    if data is not None:
        require_workouts(data, split)  # TensorFlow, which is imported below, takes seconds
    work = work or default_work_folder()
    prepare_folder(out)
    prepare_folder(work)
    require_training("tensorflow", "moderngl")
    if angles:
        from deepfit_nb.training.angles import train_angles
        from deepfit_nb.training.readers import LESSONS, train_reader

        typer.echo(train_angles(out))
        for lesson in LESSONS:
            typer.echo(f"\n{lesson.subject.name}, held out:\n{train_reader(lesson, out)}")
    elif form:
        from deepfit_nb.training.form import train_form

        typer.echo(train_form(out, clips))
    elif data is None:
        from deepfit_nb.training.train import report
        from deepfit_nb.training.train import train as train_synthetic

        typer.echo(report(train_synthetic(out, work)))
    else:
        from deepfit_nb.training.mmfit_train import report, train_mmfit

        typer.echo(report(train_mmfit(data, split, out, work)))


@app.command()
def render(
    out: Annotated[Path, typer.Option(help="Folder for the clips; those already there are kept.")],
    count: Annotated[int, typer.Option(min=1, help="How many clips.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other people; training uses 0.")] = 1,
    strangers: Annotated[
        bool, typer.Option("--strangers", help="Anybody, anyhow, from anywhere, instead of sets to be coached.")
    ] = False,
    brief: Annotated[bool, typer.Option("--brief", help="Sets of two or three reps, to learn form from.")] = False,
) -> None:
    """Film made-up people doing the exercises, as pose recordings with their truth, for `deepfit evaluate`."""
    if strangers and brief:
        raise typer.BadParameter("give --strangers or --brief, not both")
    from deepfit_nb.training.environment import require_training
    from deepfit_nb.training.outputs import prepare_folder

    prepare_folder(out)
    require_training("moderngl")
    from deepfit_nb.pose.bundle import ensure_bundle
    from deepfit_nb.system import require_system_libraries
    from deepfit_nb.training.render.clips import render_brief_sets, render_sets, render_strangers

    require_system_libraries()
    ensure_bundle("full")
    (render_strangers if strangers else render_brief_sets if brief else render_sets)(out, count, seed=seed)


evaluate_app = typer.Typer(help="Measure what DeepFit gets right, on clips whose truth is known.", no_args_is_help=True)
app.add_typer(evaluate_app, name="evaluate")


@evaluate_app.command()
def recognition(
    folders: Annotated[list[Path], typer.Argument(help="Folders of clips (.npz, .mp4) named after what they show.")],
    photos: Annotated[
        Path | None,
        typer.Option(help="Photographs in folders named after exercises; pairs NAME__0, NAME__1 are played too."),
    ] = None,
    models: Annotated[Path | None, typer.Option(help="Folder of the models; default: those that are shipped.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the figures here, as JSON.")] = None,
) -> None:
    """Frame accuracy after the first 2 s, per clip and class: both classifiers, the vote and nearest neighbours."""
    from deepfit_nb.training.environment import require_training
    from deepfit_nb.training.outputs import prepare_file

    if out is not None:
        prepare_file(out)
    require_training("sklearn")
    from deepfit_nb.training.evaluate import evaluate

    evaluate(folders, Console(width=160), photos=photos, models=models, out=out)


@evaluate_app.command()
def coaching(
    clips: Annotated[Path | None, typer.Option(help="Folder of clips, each with its truth as .json beside it.")] = None,
    real: Annotated[Path | None, typer.Option(help="Folder of real pose recordings with their real.tsv.")] = None,
    clips_only: Annotated[bool, typer.Option("--clips-only", help="Only the clips, and only as they are.")] = False,
    json: Annotated[Path | None, typer.Option(help="Also write all figures to this file.")] = None,
) -> None:
    """Reps, sets, form faults, angles and speed of the coach, with the exercise given and with it recognised.

    By default the folders are ../shared/clips and ../shared/data/real; what is not there is left out.
    """
    from deepfit_nb.training.evaluate_coaching import evaluate, save_json, show
    from deepfit_nb.training.outputs import prepare_file

    if json is not None:
        prepare_file(json)
    beside = Path("..", "shared")
    clips = clips or _if_there(beside / "clips")
    if clips_only and clips is None:
        raise DeepFitError("no clips: name a folder with --clips; 'deepfit render --out FOLDER' films some")
    console = Console(width=160)
    done = evaluate(
        clips,
        real or _if_there(beside / "data" / "real"),
        console=Console(stderr=True),
        clips_only=clips_only,
    )
    show(done, console)
    if json is not None:
        save_json(done, json)


def _if_there(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None


@evaluate_app.command()
def ablations(
    out: Annotated[Path | None, typer.Option(help="Also write the figures here, as JSON.")] = None,
) -> None:
    """What each input of the sequence classifier is worth, and styles and views left out (small trainings)."""
    from deepfit_nb.training.environment import require_training
    from deepfit_nb.training.outputs import prepare_file

    if out is not None:
        prepare_file(out)
    require_training("tensorflow")
    from deepfit_nb.training.ablations import ablations as run

    Console().print_json(data=run(out))
