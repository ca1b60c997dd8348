"""Random names for places on disk, so that what is kept in one is told from a namesake."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.store.types import new_id

_NAME = ".name"
"""Lies among the recordings, so that it moves with them."""


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder of recordings: its name, and where it was said to be."""

    name: str
    host: str
    folder: str


def storage_here(data: Path, *, recordings: Path | None = None) -> Storage:
    """The storage of this data folder as this machine sees it; `recordings` is where its recordings
    lie until they are moved there."""
    name = name_of_storage(recordings or data / "recordings")
    return Storage(name, socket.gethostname(), str(data))


def name_of_storage(recordings: Path) -> str:
    """The name of a folder of recordings, the same for all that share it."""
    return name_in(recordings / _NAME)


def name_file(data: Path) -> Path:
    """Where the name of a data folder's recordings stands."""
    return data / "recordings" / _NAME


def name_in(file: Path) -> str:
    """The name that this file holds; it is made up where there is none yet. Whoever asks gets the
    same one, in every process and on every machine that sees the file."""
    with suppress(FileNotFoundError):
        return file.read_text("ascii").strip()
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{new_id()}")
    fresh.write_text(new_id()[:12], "ascii")
    try:
        with suppress(FileExistsError):  # somebody else was first
            os.link(fresh, file)
    finally:
        fresh.unlink()
    return file.read_text("ascii").strip()
