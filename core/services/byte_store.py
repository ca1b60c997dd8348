"""Bytes on the disk: those that are kept lie under `folder`/recordings by their SHA-256, those that
still arrive under `folder`/incoming. Knows no rows: core.services.recordings says what may go."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidInput

FULL = (errno.ENOSPC, errno.EDQUOT)
"""How a disk says that nothing more fits."""
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class ByteStore:
    """Puts files in their place whole or not at all."""

    folder: Path

    def place(self, sha256: str) -> Path:
        """Where the bytes of this hash lie, if they do."""
        return self.folder / "recordings" / sha256[:2] / sha256

    def incoming(self) -> Path:
        """A folder on the same disk for files that are still arriving."""
        folder = self.folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def copy(self, source: Path) -> str:
        """Copy the bytes to their place; returns their SHA-256."""
        temporary = self.incoming() / f"{os.getpid()}-{id(source)}.part"
        digest = hashlib.sha256()
        try:
            with source.open("rb") as read, temporary.open("wb") as written:
                while piece := read.read(_CHUNK):
                    digest.update(piece)
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
            self._put(temporary, digest.hexdigest())
        finally:
            temporary.unlink(missing_ok=True)
        return digest.hexdigest()

    def share(self, source: Path) -> str:
        """Give the bytes of a file in `incoming()`, which nobody writes any more, a second name in
        their place; returns their SHA-256. Whoever is killed before a row tells of them still has
        the first name. Copies where the disk knows no second names (FAT)."""
        temporary = source.with_suffix(".shared")
        temporary.unlink(missing_ok=True)
        try:
            os.link(source, temporary)
        except OSError as error:
            if error.errno in FULL:
                raise
            return self.copy(source)
        try:
            sha256 = sha256_of(temporary)
            with temporary.open("r+b") as linked:
                os.fsync(linked.fileno())
            self._put(temporary, sha256)
        finally:
            temporary.unlink(missing_ok=True)
        return sha256

    def _put(self, temporary: Path, sha256: str) -> None:
        place = self.place(sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_file() and place.samefile(temporary):
            return  # shared before, by a process that was killed then
        if not _is_there(place, size=temporary.stat().st_size, sha256=sha256):
            temporary.replace(place)
            sync_folder(place.parent)


def disk_full(name: str, folder: Path, *, code: str = "disk_full") -> InvalidInput:
    """The failure to write a file of this name, with what is free now."""
    return InvalidInput(code, name=name, free=shown_size(shutil.disk_usage(folder).free))


def shown_size(size: int) -> str:
    """Bytes as a sentence has them."""
    return f"{size / 1024**2:,.1f} MB"


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power failure, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256_of(path: Path, *, check: Callable[[], None] = lambda: None) -> str:
    """The hash of a file's bytes. `check` is called often and may raise."""
    digest = hashlib.sha256()
    with path.open("rb") as read:
        while piece := read.read(_CHUNK):
            check()
            digest.update(piece)
    return digest.hexdigest()


def _is_there(place: Path, *, size: int, sha256: str) -> bool:
    """Whether these bytes are kept already, and undamaged: giving a file again mends it."""
    return place.is_file() and place.stat().st_size == size and sha256_of(place) == sha256
