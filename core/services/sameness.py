"""Whether a recording's file is still the one that work on it began with."""

from __future__ import annotations

from pathlib import Path

from core.engines.base import CheckCancelled
from core.errors import EngineFailed
from core.services.byte_store import sha256_of
from core.store.tables import Recording

Stamp = list[int]
"""Bytes and time of the last change in nanoseconds: another where somebody wrote to the file. A
list, because that is what JSON has."""


def stamp_of(path: Path) -> Stamp:
    """The file's stamp. Raises EngineFailed("media_vanished")."""
    try:
        status = path.stat()
    except OSError as gone:
        raise EngineFailed("media_vanished", name=path.name) from gone
    return [status.st_size, status.st_mtime_ns]


def same(path: Path, recording: Recording, *, stamp: Stamp, check: CheckCancelled) -> Stamp:
    """The stamp to hold against the file next time. Its times may change (a backup was brought
    back), its content may not: EngineFailed("media_changed")."""
    now = stamp_of(path)
    if now != stamp and sha256_of(path, check=check) != recording.sha256:
        raise EngineFailed("media_changed", name=recording.name)
    return now
