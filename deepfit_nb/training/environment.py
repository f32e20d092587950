"""Is everything here that training needs? Checked before anything heavy is imported."""

from __future__ import annotations

from importlib.util import find_spec

from deepfit_nb.errors import SetupError


def require_training(*modules: str) -> None:
    """Raise `SetupError` with the command that mends it where one of ``modules`` (as imported) is not installed."""
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise SetupError(
            f"{', '.join(missing)} not installed, which only training and evaluation need: "
            "pip install 'deepfit-nb[train]' (in a checkout: pip install '.[train]')"
        )
