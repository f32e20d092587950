"""The pins, pyproject.toml and environment.yml agree, and a wheel holds all that the package needs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version


def pins(path: Path) -> dict[str, Version]:
    lines = [line for line in path.read_text().splitlines() if line and not line.lstrip().startswith("#")]
    requirements = [Requirement(line) for line in lines]
    assert all(re.fullmatch(r"==[^,]+", str(requirement.specifier)) for requirement in requirements)
    return {canonicalize_name(r.name): Version(str(r.specifier).removeprefix("==")) for r in requirements}


@pytest.fixture(scope="module")
def run_pins(repository):
    return pins(repository / "requirements" / "run.txt")


@pytest.fixture(scope="module")
def test_pins(repository):
    return pins(repository / "requirements" / "test.txt")


@pytest.fixture(scope="module")
def project(repository):
    return tomllib.loads((repository / "pyproject.toml").read_text())


def assert_pinned(requirements: list[str], pinned: dict[str, Version]) -> None:
    for requirement in map(Requirement, requirements):
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is pinned to {version}: run make lock"


def test_what_the_project_asks_for_is_pinned(project, run_pins, test_pins):
    assert_pinned(project["project"]["dependencies"], run_pins)
    for extra in ("test", "train"):
        assert_pinned(project["project"]["optional-dependencies"][extra], test_pins)


def test_what_is_tested_is_what_runs(run_pins, test_pins):
    assert test_pins == {**test_pins, **run_pins}


def test_running_needs_no_training_packages(run_pins):
    assert not {"tensorflow", "keras", "torch", "scikit-learn"} & run_pins.keys()


def test_the_build_backend_is_one(project, test_pins):
    assert_pinned(project["build-system"]["requires"], test_pins)


def test_conda_installs_the_same(repository, project):
    environment = yaml.safe_load((repository / "environment.yml").read_text())
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["--requirement requirements/run.txt", "--editable ."]}
    python = next(entry.partition("=")[2] for entry in conda if entry.startswith("python="))
    assert SpecifierSet(project["project"]["requires-python"]).contains(python)


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        f"--wheel-dir={folder}",
    ]
    subprocess.run([*pip, str(repository)], check=True)
    (path,) = folder.glob("deepfit_nb-*.whl")
    return path


def files(folder: Path) -> set[str]:
    """Paths of all files of a folder, relative to the folder that holds it; caches left out."""
    paths = {path.relative_to(folder.parent) for path in folder.rglob("*") if path.is_file()}
    return {path.as_posix() for path in paths if not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)}


@pytest.mark.parametrize("folder", ["models", "notebooks", "assets"])
def test_the_wheel_carries_what_lives_at_the_top_of_the_tree(repository, wheel, folder):
    expected = {f"deepfit_nb/_data/{name}" for name in files(repository / folder)}
    assert expected
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_every_file_of_the_package(repository, wheel):
    assert files(repository / "deepfit_nb") <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_puts_the_page_template_where_voila_looks(repository, wheel):
    template = files(repository / "deepfit_nb" / "dashboard" / "jupyter" / "voila")
    data = {name.partition(".data/data/share/jupyter/")[2] for name in zipfile.ZipFile(wheel).namelist()}
    assert template <= data


def test_the_package_works_from_the_wheel(wheel, tmp_path):
    """Unpacked, away from the checkout: files are found in the wheel's own folder, and the command starts."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
        entry_points = archive.read(next(n for n in archive.namelist() if n.endswith("entry_points.txt"))).decode()
    assert "deepfit = deepfit_nb.cli:main" in entry_points
    code = (
        "import deepfit_nb, sys\n"
        "from deepfit_nb.cli import main\n"
        "from deepfit_nb.resources import resource\n"
        f"assert deepfit_nb.__file__.startswith({str(tmp_path)!r}), deepfit_nb.__file__\n"
        f"assert str(resource('models')).startswith({str(tmp_path)!r}), resource('models')\n"
        "assert resource('notebooks', 'dashboard.ipynb').is_file()\n"
        "assert resource('assets', 'squats.mp4').is_file()\n"
        "sys.argv = ['deepfit', '--help']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "dashboard" in done.stdout


def test_resources_of_the_checkout_are_its_own(repository):
    from deepfit_nb.resources import resource

    assert resource("assets", "squats.mp4") == repository / "assets" / "squats.mp4"
