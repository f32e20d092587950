"""``deepfit dashboard``: the dashboard notebook, served by voila on this machine."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from deepfit_nb.resources import resource

#: Holds the page template, in the folders in which voila looks for it.
JUPYTER_FOLDER = Path(__file__).parent / "jupyter"


def serve(*, port: int = 8866, open_browser: bool = True, notebook: str = "dashboard.ipynb") -> None:
    """Serve a notebook on 127.0.0.1, and return when the server is stopped (Ctrl-C).

    Parameters
    ----------
    port
        The next free one is taken where it is in use.
    open_browser
        Open the page when the server is up.
    notebook
        One of those in ``notebooks/``.
    """
    # Left to itself jsonschema, which the server imports, would build a grammar of international web addresses. That
    # takes longer than all the rest of the import, and nothing here checks such addresses.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

    from traitlets.config import Config
    from voila.app import Voila

    # Found there even if the package was not installed by a tool that puts the template where Jupyter looks.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(JUPYTER_FOLDER), os.environ.get("JUPYTER_PATH")]))
    folder = resource("notebooks")
    settings = json.loads((folder / "voila.json").read_text("utf-8"))
    Voila.instance(config=Config(settings)).launch_instance(
        [str(folder / notebook), f"--port={port}", f"--Voila.open_browser={open_browser}"]
    )
