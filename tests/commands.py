"""The ``deepfit`` command as a user gives it, in this process."""

from __future__ import annotations

import sys

import pytest

from deepfit_nb import cli


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Returns the exit code."""
    monkeypatch.setattr(sys, "argv", ["deepfit", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)
