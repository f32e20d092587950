"""`Review`: check an analysed clip frame by frame, as ``notebooks/review.ipynb`` shows it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Thread
from typing import Any, Final

import traitlets

from deepfit_nb.capture.sources import find_sources
from deepfit_nb.dashboard.clip import ReviewClip
from deepfit_nb.dashboard.plotly_widget import PlotlyWidget, plotly_module
from deepfit_nb.dashboard.poses import LastPoses
from deepfit_nb.dashboard.repertoire import Repertoire
from deepfit_nb.dashboard.typed import typed_path
from deepfit_nb.errors import DeepFitError, MediaError
from deepfit_nb.resources import resource
from deepfit_nb.wording import words

_HERE: Final = Path(__file__).parent
_PARTS: Final = (
    "keys.js",
    *(f"review_{part}.js" for part in ("elements", "pictures", "player", "frame", "sets", "timeline")),
)
_log = logging.getLogger(__name__)


class Review(PlotlyWidget):
    """A clip or recording to scrub through: picture with skeleton, angles, reps and faults, angles over time.

    The page asks for each picture when it needs it and keeps the last few hundred, so scrubbing is as quick as the
    connection. Analysis runs in a thread of its own; opening another source ends it.

    Parameters
    ----------
    sources
        Files and folders to choose from; by default the demo clips. The first is opened at once. Others can be
        opened by typing their path.
    exercise
        The exercise, where it is known; None: recognise it.
    """

    _esm = plotly_module(*(_HERE / name for name in _PARTS), _HERE / "review.js")
    _css = (_HERE / "dashboard.css").read_text("utf-8") + (_HERE / "review.css").read_text("utf-8")

    sources: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    exercises: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)

    #: ``idle``, ``working``, ``ready`` or ``failed``, with `message` and, while working, `progress` from 0 to 1.
    state = traitlets.Enum(("idle", "working", "ready", "failed"), "idle").tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    progress = traitlets.Float(0.0).tag(sync=True)
    #: Number of the opened clip; what the page asks for says which clip it means.
    opened = traitlets.Int(0).tag(sync=True)
    #: `ReviewClip.summary` of the clip that is shown, and its ``path``.
    summary = traitlets.Dict().tag(sync=True)
    #: Path and exercise of the clip that is being analysed, or shown: also after another could not be opened.
    chosen = traitlets.Dict().tag(sync=True)

    def __init__(
        self, sources: str | Path | Iterable[str | Path] | None = None, *, exercise: str | None = None
    ) -> None:
        paths = _listed(sources)
        super().__init__(
            sources=[{"path": str(path), "title": words(path.stem)} for path in paths],
            exercises=[{"name": name, "title": title} for title, name in Repertoire().options()],
        )
        self._opened: tuple[int, ReviewClip | None] = (0, None)  # swapped at once: requests come on another thread
        self._thread: Thread | None = None
        self._runs = 0
        self._poses = LastPoses()
        self._shown: dict[str, str | None] = {}
        self.on_message("open", self._open)
        self.on_message("table", self._send_table)
        self.on_message("frame", self._send_frame)
        if paths:
            self.load(paths[0], exercise=exercise)

    @property
    def clip(self) -> ReviewClip | None:
        """The clip that is shown."""
        return self._opened[1]

    def load(self, source: str | Path, *, exercise: str | None = None) -> None:
        """Analyse a source and show it; returns at once (see `wait`)."""
        self._runs += 1
        self.chosen = {"path": str(source), "exercise": exercise}
        self.state, self.message, self.progress = "working", f"Looking at {Path(source).name} …", 0.0
        self._thread = Thread(target=self._analyse, args=(self._runs, Path(source), exercise), daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until the source that was opened last is analysed, or has failed."""
        if self._thread:
            self._thread.join(timeout_s)

    def _analyse(self, run: int, source: Path, exercise: str | None) -> None:
        def on_frame(done: int, expected: int) -> None:
            if run != self._runs:
                raise _Superseded
            if expected and done * 50 // expected != (done - 1) * 50 // expected:
                self.progress = min(1.0, done / expected)

        try:
            if source.is_dir():
                raise MediaError(f"{source}: a folder. Type the path of a file in it, or open Review with the folder.")
            clip = ReviewClip(self._poses.analysed(source, exercise, on_frame))
            summary = clip.summary() | {"path": str(source)}
        except _Superseded:
            return
        except Exception as error:
            expected = isinstance(error, DeepFitError | OSError)
            _log.log(logging.INFO if expected else logging.ERROR, "%s: %s", source, error, exc_info=not expected)
            if run == self._runs:
                with self.hold_sync():
                    # What is shown again, and not the name of one clip beside the reps of another.
                    self.chosen = self._shown or self.chosen
                    self.message = str(error) if expected else f"{type(error).__name__}: {error}"
                    self.state = "failed"
            return
        if run != self._runs:
            clip.close()
            return
        # The clip before it may just be asked for a frame: it is freed when nobody needs it any more.
        self._opened, self._shown = (run, clip), {"path": str(source), "exercise": exercise}
        with self.hold_sync():
            self.summary = summary
            self.opened = run
            self.state, self.message, self.progress = "ready", "", 1.0

    def _open(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        self.load(typed_path(content["path"]), exercise=content["exercise"])
        self.send({"kind": "opening"})  # the state may stay as it is, and silence is taken for a death

    def _send_table(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        opened, clip = self._opened
        if clip and content["opened"] == opened:
            self.send({"kind": "table", "opened": opened}, [clip.table()])

    def _send_frame(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        opened, clip = self._opened
        if not clip or content["opened"] != opened:
            return
        try:
            picture = clip.frame(content["index"], skeleton=content["skeleton"])
        except MediaError as error:
            self.message = str(error)
            self.send({**content, "kind": "frame"})  # or the page would ask for it again, and take silence for a death
            return
        self.send({**content, "kind": "frame"}, [picture])


class _Superseded(Exception):  # noqa: N818  # not an error: another source was opened meanwhile
    pass


def _listed(sources: str | Path | Iterable[str | Path] | None) -> list[Path]:
    if sources is None:
        sources = [resource("assets")]
    elif isinstance(sources, str | Path):
        sources = [sources]
    return [found for source in sources for found in find_sources(source)]
