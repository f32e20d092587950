"""Files that come with the package but live at the top of the tree: models, notebooks and demo clips."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(*parts: str) -> Path:
    """Path of ``models/…``, ``notebooks/…`` or ``assets/…``, in a checkout as in an installed wheel.

    The wheel carries these folders as ``deepfit_nb/_data`` (see pyproject.toml); a checkout, also one that is installed
    as editable, has them beside the package.
    """
    packaged = _PACKAGE / "_data"
    return (packaged if packaged.is_dir() else _PACKAGE.parent).joinpath(*parts)
