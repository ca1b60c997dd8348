"""Random names for places on disk, so that what is kept in one is told from a namesake."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from core.store.types import new_id


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
