"""`StreamChoice`: the stream that the user has chosen on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ipywebrtc import MediaStream

from deepfit_nb.capture.streams import camera_stream, clip_stream, url_stream
from deepfit_nb.dashboard.page import Page


class StreamChoice:
    """Streams of the webcam, the clips and the user's own videos, made when first needed and kept."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._streams: dict[str, MediaStream] = {}

    @property
    def name(self) -> str:
        """What the chosen source is called."""
        page = self._page
        names = {"clip": Path(page.clip.value or "").name, "file": page.pump.chosen.get("name", "file")}
        return names.get(page.source.value, "webcam")

    def stream(self) -> MediaStream | None:
        """The stream of the chosen source; None where the user has not chosen a file yet.

        Raises `MediaError` where a clip is not there.
        """
        source, clip, url = self._page.source.value, self._page.clip.value, self._page.pump.chosen.get("url")
        if source == "webcam":
            return self._kept(source, camera_stream)
        if source == "clip":
            return self._kept(str(clip), lambda: clip_stream(clip))
        return self._kept(url, lambda: url_stream(url)) if url else None

    def _kept(self, key: str, make: Callable[[], MediaStream]) -> MediaStream:
        if key not in self._streams:
            self._streams[key] = make()
        return self._streams[key]
