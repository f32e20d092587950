"""Every notebook runs from top to bottom, and is kept in the repository without its outputs."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from deepfit_nb.recognition import EXERCISES
from deepfit_nb.resources import resource

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def test_the_notebooks_are_there():
    assert {path.stem for path in NOTEBOOKS} >= {"dashboard", "demo", "review"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_valid_and_kept_without_outputs(path):
    notebook = read(path)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_how_many_exercises_were_never_tested_on_a_real_person_is_told_as_it_is():
    clips = json.loads(resource("models", "evaluation.json").read_text("utf-8"))["real"]["clips"]
    assert len(set(EXERCISES) - {clip["activity"] for clip in clips}) == 5
    text = "".join(cell.source for cell in read(resource("notebooks", "train.ipynb")).cells)
    assert "Five of the ten exercises were never tested on a real person" in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_without_error_and_without_stray_output(path):
    notebook = read(path)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    stray = [output["text"] for output in outputs if output["output_type"] == "stream" and output["name"] == "stderr"]
    assert stray == []
