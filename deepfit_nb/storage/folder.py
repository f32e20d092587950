"""Where what is the user's own is kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

#: Environment variable with the folder to use in place of the user's data folder.
DATA_VARIABLE: Final = "DEEPFIT_DATA"


def user_data_folder() -> Path:
    """The folder that ``DEEPFIT_DATA`` names, or else the user's data folder as the system has it."""
    own = os.environ.get(DATA_VARIABLE)
    return Path(own) if own else user_data_path("deepfit-nb", appauthor=False)
