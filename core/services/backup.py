"""A backup of everything that people gave and made: rows and recordings in one file.

Safe while server and worker run: rows are read in one snapshot, recordings never change once they
are kept. The file has its name only when it is whole and was read back. Speech models, spoken
summaries and the job engine's checkpoints are not in it: they are made or fetched again.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil
from sqlalchemy import Connection

from core import __version__
from core.errors import ConfigError, InvalidInput
from core.services.archive import Manifest, Member, Tell, Writing, opened
from core.store import backup as rows
from core.store import meetings
from core.store.database import Database
from core.store.types import now

_CHUNK = 1024 * 1024
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""EFBIG: a file system, or a limit, that takes no file of this size."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: meetings, recordings, bytes of the file. `lost` are names of recordings
    that the data folder does not have, `damaged` of those whose bytes are not what was given."""

    meetings: int
    recordings: int
    size: int
    lost: tuple[str, ...]
    damaged: tuple[str, ...]


@dataclass(frozen=True)
class Backup:
    """Writes backups of one data folder."""

    database: Database
    folder: Path

    def write(self, target: Path, *, replace: bool, with_recordings: bool, tell: Tell) -> Kept:
        """Write everything into the file `target`, as it was when this began.

        Raises InvalidInput: backup_exists (unless `replace`), backup_is_folder, backup_disk_full,
        backup_unwritable; ConfigError("backup_unverified") where the disk gives back something
        else than was written. Nothing is left of a backup that did not come to its end.
        """
        target = target.expanduser()
        if target.is_dir():
            raise InvalidInput("backup_is_folder", file=str(target))
        if target.exists() and not replace:
            raise InvalidInput("backup_exists", file=str(target))
        with self._failures(target), _unfinished(target) as (part, file):
            kept = self._write(file, with_recordings=with_recordings, tell=tell)
            file.flush()
            os.fsync(file.fileno())
            self._verify(part, target, tell)
            if target.exists() and not replace:
                raise InvalidInput("backup_exists", file=str(target))
            part.replace(target)
            _settle_name(target.parent)
        return kept

    def _write(self, file: IO[bytes], *, with_recordings: bool, tell: Tell) -> Kept:
        manifest = Manifest(__version__, now().isoformat(timespec="seconds"))
        with Writing(file, manifest) as writing:
            with rows.snapshot(self.database.engine) as connection:
                manifest.revision = rows.revision(connection)
                _add_rows(writing, connection, tell)
                recordings = rows.recordings(connection) if with_recordings else {}
                arriving = rows.arriving(connection)
            for upload_id in arriving:
                self._add(writing, f"incoming/{upload_id}.upload")
            lost, damaged = self._add_recordings(writing, recordings, tell)
        copied = sum(name.startswith("recordings/") for name in manifest.members)
        return Kept(manifest.rows["meeting"], copied, file.tell(), tuple(lost), tuple(damaged))

    def _add_recordings(
        self, writing: Writing, recordings: Mapping[str, Any], tell: Tell
    ) -> tuple[list[str], list[str]]:
        """Copy the bytes of all recordings; names of those that are lost, and damaged."""
        lost, damaged = [], []
        done, total = 0, max(1, sum(one.size for one in recordings.values()))
        for sha256, one in sorted(recordings.items()):
            tell("recordings", done / total)
            member = self._add(writing, f"recordings/{sha256[:2]}/{sha256}")
            done += one.size
            if member is None and self._is_gone(sha256):
                writing.manifest.gone.append(sha256)
            elif member is None:
                lost.append(one.name)
            elif member.sha256 != sha256:
                damaged.append(one.name)
        return lost, damaged

    def _add(self, writing: Writing, name: str) -> Member | None:
        """Copy a file of the data folder; None where it is not there (any more). Of one that
        grows, what it has by now."""
        try:
            read = (self.folder / name).open("rb")
        except FileNotFoundError:
            return None
        with read:
            size = os.fstat(read.fileno()).st_size
            return writing.add(name, _pieces(read, size), compressed=False)

    def _is_gone(self, sha256: str) -> bool:
        """Whether nobody keeps these bytes by now: they were deleted while this went on."""
        with self.database.reading() as session:
            return meetings.recordings_with_hash(session, sha256=sha256) == 0

    def _verify(self, part: Path, target: Path, tell: Tell) -> None:
        try:
            with opened(part) as archive:
                archive.check(tell)
        except InvalidInput as error:
            raise ConfigError("backup_unverified", file=str(target)) from error

    @contextmanager
    def _failures(self, target: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                free = shutil.disk_usage(_nearest(target.parent)).free
                facts = {"file": str(target), "free": f"{free / 1024**2:,.1f} MB"}
                raise InvalidInput("backup_disk_full", **facts) from error
            if not target.parent.exists():
                raise InvalidInput("backup_folder_missing", folder=str(target.parent)) from error
            reason = error.strerror or type(error).__name__
            raise InvalidInput("backup_unwritable", file=str(target), reason=reason) from error


def _add_rows(writing: Writing, connection: Connection, tell: Tell) -> None:
    tables = rows.kept_tables()
    for number, table in enumerate(tables):
        tell("rows", number / len(tables))
        counted = _Counted(rows.lines(connection, table))
        writing.add(f"rows/{table.name}.jsonl", counted.pieces(), compressed=True)
        writing.manifest.rows[table.name] = counted.count


class _Counted:
    """Lines put together to pieces that are worth compressing, and counted."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.count = 0

    def pieces(self) -> Iterator[bytes]:
        """About _CHUNK bytes each."""
        together: list[bytes] = []
        size = 0
        for line in self._lines:
            self.count += 1
            together.append(line)
            size += len(line)
            if size >= _CHUNK:
                yield b"".join(together)
                together, size = [], 0
        yield b"".join(together)


def _pieces(read: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (piece := read.read(min(_CHUNK, size))):
        size -= len(piece)
        yield piece


@contextmanager
def _unfinished(target: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file beside `target` that only its owner can read, gone at the end unless it got its name.
    One that a killed process left is taken away."""
    prefix, suffix = f".{target.name}.", ".part"
    for left in _siblings(target.parent, prefix, suffix):
        process = left.name[len(prefix) : -len(suffix)]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            left.unlink(missing_ok=True)
    part = target.with_name(f"{prefix}{os.getpid()}{suffix}")
    flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(part, flags, 0o600), "w+b") as file:
        try:
            yield part, file
        finally:
            part.unlink(missing_ok=True)


def _siblings(folder: Path, prefix: str, suffix: str) -> Sequence[Path]:
    return [
        one
        for one in folder.iterdir()
        if one.name.startswith(prefix) and one.name.endswith(suffix) and len(one.name) > len(prefix)
    ]


def _settle_name(folder: Path) -> None:
    """Have the new name outlive a power cut, where folders can be written out at all."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _nearest(folder: Path) -> Path:
    return folder if folder.exists() else _nearest(folder.parent)
