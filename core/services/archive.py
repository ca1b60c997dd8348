"""The file of a backup: a ZIP whose members are named, counted and hashed in its manifest.

What is read from one is believed only after that: a name that we never write, a size or a hash that
differs, a member too many or too few refuses the whole file. Nothing is unpacked by its own name.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from core.errors import InvalidInput

FORMAT = "minutesai-backup"
LAYOUT = 1
"""Raised when a reader of the release before could not read it."""
MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024
_LARGEST_MANIFEST = 256 * 1024**2
_ROWS = re.compile(r"rows/([a-z_]{1,40})\.jsonl")
_RECORDING = re.compile(r"recordings/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_ARRIVING = re.compile(r"incoming/[0-9a-f]{32}\.upload")

Tell = Callable[[str, float], None]
"""Is told the step's message key and the share done of it (0..1)."""


@dataclass(frozen=True, slots=True)
class Member:
    """Bytes of a member, and their hash."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What the file is and holds. `gone` are hashes of recordings that were deleted meanwhile."""

    release: str
    made_at: str
    revision: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    format: str = FORMAT
    layout: int = LAYOUT


class Writing:
    """An archive that is being written: whole when the block ends well."""

    def __init__(self, file: IO[bytes], manifest: Manifest) -> None:
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self.manifest = manifest

    def add(self, name: str, pieces: Iterator[bytes], *, compressed: bool) -> Member:
        """Write a member, piece after piece."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as written:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                written.write(piece)
        member = Member(size, digest.hexdigest())
        self.manifest.members[name] = member
        return member

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            text = json.dumps(asdict(self.manifest), ensure_ascii=False, indent=1)
            self._zip.writestr(zipfile.ZipInfo(MANIFEST), text.encode())
            self._zip.close()
        else:
            with suppress(Exception):
                self._zip.close()


@dataclass(frozen=True)
class Archive:
    """An archive whose manifest was read and agrees with what is there."""

    path: Path
    manifest: Manifest
    _zip: zipfile.ZipFile

    @property
    def recordings(self) -> list[str]:
        """The names of the members that are files of the data folder."""
        return [name for name in self.manifest.members if not _ROWS.fullmatch(name)]

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(one.size for one in self.manifest.members.values())

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member's bytes. InvalidInput("backup_damaged") after the last or before, where they
        are not those that were written."""
        wanted = self.manifest.members[name]
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(name) as read:
                while piece := read.read(_CHUNK):
                    size += len(piece)
                    if size > wanted.size:
                        break
                    digest.update(piece)
                    yield piece
        except (zipfile.BadZipFile, EOFError, ValueError, zlib.error) as error:
            raise self._damaged() from error
        if (size, digest.hexdigest()) != (wanted.size, wanted.sha256):
            raise self._damaged()

    def lines(self, table: str) -> Iterator[bytes]:
        """A table's rows; ends like `pieces`."""
        rest = b""
        for piece in self.pieces(f"rows/{table}.jsonl"):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
        if rest:
            raise self._damaged()

    def check(self, tell: Tell) -> None:
        """Read everything once. InvalidInput("backup_damaged")."""
        done = 0
        for name in self.manifest.members:
            for piece in self.pieces(name):
                done += len(piece)
                tell("checking", done / max(self.size, 1))

    def _damaged(self) -> InvalidInput:
        return InvalidInput("backup_damaged", file=str(self.path))


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive at `path`. InvalidInput: file_missing, backup_foreign, backup_damaged,
    backup_newer."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise InvalidInput("file_missing", name=str(path)) from error
    with file:
        try:
            with zipfile.ZipFile(file) as read:
                manifest = _manifest(read, path)
                _agree(read, manifest, path)
                yield Archive(path, manifest, read)
        except zipfile.BadZipFile as error:
            file.seek(0)
            ours = file.read(4) == b"PK\x03\x04"  # ZIP at its head, not at its end: it was cut
            code = "backup_damaged" if ours else "backup_foreign"
            raise InvalidInput(code, file=str(path)) from error


def table_of(name: str) -> str | None:
    """The table whose rows a member holds."""
    found = _ROWS.fullmatch(name)
    return found[1] if found else None


def _manifest(read: zipfile.ZipFile, path: Path) -> Manifest:
    foreign = InvalidInput("backup_foreign", file=str(path))
    try:
        info = read.getinfo(MANIFEST)
        if info.file_size > _LARGEST_MANIFEST:
            raise foreign
        told: Any = json.loads(read.read(info))
        if told["format"] != FORMAT:
            raise foreign
        if told["layout"] > LAYOUT:
            raise InvalidInput("backup_newer", file=str(path), release=str(told["release"])[:20])
        members = {str(name): Member(**one) for name, one in told.pop("members").items()}
        return Manifest(**told, members=members)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise foreign from error


def _agree(read: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    """Each member once, by a name of ours, of the size that was told, and a plain file."""
    there = [one for one in read.infolist() if one.filename != MANIFEST]
    names = [one.filename for one in there]
    if sorted(names) != sorted(manifest.members):
        raise InvalidInput("backup_damaged", file=str(path))
    for info in there:
        known = any(kind.fullmatch(info.filename) for kind in (_ROWS, _RECORDING, _ARRIVING))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if not known or kind not in (0, stat.S_IFREG) or info.flag_bits & 1:
            raise InvalidInput("backup_foreign", file=str(path))
        if info.file_size != manifest.members[info.filename].size:
            raise InvalidInput("backup_damaged", file=str(path))
