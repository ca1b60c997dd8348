"""Files that people give: judged by content, kept once by hash, a row for each person.

One lock guards keeping and deleting, so that bytes that somebody keeps are never taken away with
somebody else's deletion.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import BinaryIO
from zoneinfo import ZoneInfo

from filelock import FileLock
from sqlmodel import Session

from core.domain.file_dates import moment_in_name
from core.engines import media
from core.engines.readers import read_transcript, transcript_kind
from core.errors import EngineFailed, InvalidInput
from core.store import meetings
from core.store.database import Database
from core.store.tables import Meeting, Recording
from core.store.types import now

_HEAD = 64 * 1024
_CHUNK = 1024 * 1024
_NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class About:
    """What the person or the file says of a meeting. None: not said."""

    title: str | None = None
    held_at: datetime | None = None
    file_time: datetime | None = None
    time_zone: str = "UTC"
    sample: bool = False


@dataclass(frozen=True)
class Recordings:
    """Keeps bytes under `folder`/recordings by hash."""

    database: Database
    folder: Path
    limit: int

    def keep(self, user_id: str, *, source: Path, name: str, about: About) -> tuple[Meeting, bool]:
        """Take a file in. Returns the meeting, and whether it is new.

        Raises InvalidInput where the file cannot be used: empty, too large, no sound, neither
        media nor a transcript. Nothing is kept then. `source` stays where it is.
        """
        shown = clean_name(name)
        size = self._judge_size(source, shown)
        kind, duration, created_at = self._judge(source, shown)
        with self._keeping(shown):
            sha256 = self._store(source)
            with self.database.writing() as session:
                recording = meetings.recording_by_hash(session, user_id=user_id, sha256=sha256)
                if recording:
                    found = meetings.meeting_of_recording(session, recording_id=recording.id)
                    if found:
                        return _described(session, found, about), False
                else:
                    recording = Recording(
                        user_id=user_id,
                        sha256=sha256,
                        name=shown,
                        kind=kind,
                        size=size,
                        duration=duration,
                    )
                    session.add(recording)
                    session.flush()
                return _new_meeting(session, recording, about, created_at), True

    def path(self, recording: Recording) -> Path:
        """Where a recording's bytes lie. Raises EngineFailed("recording_lost") if they do not."""
        path = self._place(recording.sha256)
        if not path.is_file():
            raise EngineFailed("recording_lost", name=recording.name)
        return path

    def delete(self, meeting: Meeting) -> None:
        """Delete a meeting for good with all that hangs on it; its bytes only if nobody else
        keeps them. The caller has checked whose meeting it is."""
        with self._lock():
            with self.database.writing() as session:
                recording = meetings.recording_of(session, meeting=meeting)
                meetings.delete_meeting(session, meeting=meeting)
                others = meetings.recordings_with_hash(session, sha256=recording.sha256)
            if not others:
                self._place(recording.sha256).unlink(missing_ok=True)

    def incoming(self) -> Path:
        """A folder on the same disk for files that are still arriving."""
        folder = self.folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _judge_size(self, source: Path, name: str) -> int:
        try:
            size = source.stat().st_size
        except OSError as error:
            raise InvalidInput("file_missing", name=name) from error
        if source.is_dir():
            raise InvalidInput("file_is_folder", name=name)
        if size == 0:
            raise InvalidInput("file_empty", name=name)
        if size > self.limit:
            raise InvalidInput("file_too_large", name=name, size=_mib(size), limit=_mib(self.limit))
        return size

    def _judge(self, source: Path, name: str) -> tuple[str, float | None, datetime | None]:
        """What the bytes are: kind, duration in seconds, the media's own creation time."""
        with _open(source, name) as file:
            head = file.read(_HEAD)
        if transcript_kind(head, name):
            transcript = read_transcript(_read_all(source, name), name=name)
            ends = [one.end or one.start for one in transcript.utterances]
            return "transcript", max((end for end in ends if end), default=None), None
        info = media.probe(source, name=name)
        if not info.has_sound:
            raise InvalidInput("media_no_sound", name=name)
        return info.kind, info.duration, info.created_at

    def _store(self, source: Path) -> str:
        """Copy the bytes to their place, whole or not at all; returns their SHA-256."""
        temporary = self.incoming() / f"{os.getpid()}-{id(source)}.part"
        digest = hashlib.sha256()
        try:
            with source.open("rb") as read, temporary.open("wb") as written:
                while piece := read.read(_CHUNK):
                    digest.update(piece)
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
            place = self._place(digest.hexdigest())
            place.parent.mkdir(parents=True, exist_ok=True)
            if _is_there(place, size=temporary.stat().st_size, sha256=digest.hexdigest()):
                return digest.hexdigest()
            temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
        return digest.hexdigest()

    def _place(self, sha256: str) -> Path:
        return self.folder / "recordings" / sha256[:2] / sha256

    def _lock(self) -> FileLock:
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / "recordings.lock")

    @contextmanager
    def _keeping(self, name: str) -> Iterator[None]:
        try:
            with self._lock():
                yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                free = shutil.disk_usage(self.folder).free
                raise InvalidInput("disk_full", name=name, free=_mib(free)) from error
            raise


def clean_name(name: str) -> str:
    """A file's name as it may be shown and kept: its last part, printable, at most 120
    characters. Names never become paths."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    printable = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        or character == "\u200d"  # joins emoji
    ).strip()
    stem, dot, suffix = printable.rpartition(".")
    if dot and stem and len(suffix) <= 10:
        return f"{stem[: _NAME_LENGTH - len(suffix) - 1]}.{suffix}"
    return printable[:_NAME_LENGTH] or "recording"


def _new_meeting(
    session: Session, recording: Recording, about: About, created_at: datetime | None
) -> Meeting:
    stem = recording.name.rpartition(".")[0] or recording.name
    meeting = Meeting(
        user_id=recording.user_id,
        recording_id=recording.id,
        title=clean_title(about.title) or stem,
        held_at=about.held_at
        or created_at
        or _named_moment(recording.name, about)
        or about.file_time
        or now(),
        held_at_guessed=about.held_at is None,
        time_zone=about.time_zone,
        sample=about.sample,
    )
    session.add(meeting)
    session.flush()
    return meeting


def _named_moment(name: str, about: About) -> datetime | None:
    """When a file's name says it was recorded. A name with a day alone takes the time of day from
    the file, if that was written on this day."""
    named = moment_in_name(PurePath(name).stem, time_zone=about.time_zone, now=now())
    if named is None:
        return None
    moment, to_the_minute = named
    written = about.file_time and about.file_time.astimezone(ZoneInfo(about.time_zone))
    if not to_the_minute and written and written.date() == moment.date():
        return written
    return moment


def _described(session: Session, meeting: Meeting, about: About) -> Meeting:
    """A meeting that is there already takes what was said outright, nothing guessed, and comes
    back from the bin."""
    meeting.deleted_at = None
    title = clean_title(about.title)
    if title:
        meeting.title = title
    if about.held_at:
        meeting.held_at, meeting.held_at_guessed = about.held_at, False
        meeting.time_zone = about.time_zone
    session.add(meeting)
    return meeting


def clean_title(title: str | None) -> str:
    """A title in one line of at most 200 characters."""
    return " ".join((title or "").replace("\x00", "").split())[:200]


@contextmanager
def _open(source: Path, name: str) -> Iterator[BinaryIO]:
    try:
        file = source.open("rb")
    except OSError as error:
        raise InvalidInput("file_missing", name=name) from error
    with file:
        yield file


def _read_all(source: Path, name: str) -> bytes:
    with _open(source, name) as file:
        return file.read()


def _mib(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB"


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
