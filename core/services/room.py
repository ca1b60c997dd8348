"""Whether a disk has room. On a full one not even a failure can be written down, so whoever waits
is told by looking at the disk itself."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

LEAST = 4 * 1024**2
"""Bytes without which the databases cannot do much: each writes its log before its tables."""


def looks_full(folder: Path) -> bool:
    """Whether hardly anything is free on the folder's disk. Costs nothing."""
    return shutil.disk_usage(folder).free < LEAST


def takes_bytes(folder: Path) -> bool:
    """Whether LEAST bytes can really be written there: a quota shows in no other way."""
    probe = folder / f".room-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(bytes(LEAST))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return True
