"""A picture in a notebook, with words for who cannot see it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG or PNG. The ``alt`` of IPython's own `Image` neither JupyterLab nor an export shows to anybody."""

    encoded: bytes
    alt: str
    width: int | None = None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        kind = "image/png" if self.encoded.startswith(b"\x89PNG") else "image/jpeg"
        data = b64encode(self.encoded).decode()
        width = f' width="{self.width}"' if self.width else ""
        return {
            "text/html": f'<img src="data:{kind};base64,{data}" alt="{escape(self.alt)}"{width}>',
            "text/plain": self.alt,
            kind: data,
        }
