"""Files that people give: judged by content, kept once by hash, a row for each person.

One lock guards keeping and deleting, so that bytes that somebody keeps are never taken away with
somebody else's deletion.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
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
from core.errors import EngineFailed, InvalidInput, NotFound
from core.services.byte_store import FULL, ByteStore, disk_full, shown_size
from core.store import meetings
from core.store.database import Database
from core.store.tables import Meeting, Recording
from core.store.types import now

_HEAD = 64 * 1024
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

    def keep(
        self, user_id: str, *, source: Path, name: str, about: About, ours: bool = False
    ) -> tuple[Meeting, bool]:
        """Take a file in. Returns the meeting, and whether it is new.

        Raises InvalidInput where the file cannot be used: empty, too large, no sound, neither
        media nor a transcript. Nothing is kept then. `source` stays where it is; with `ours` it is
        in `incoming()` and nobody writes it any more, so its bytes need not be there twice.
        """
        shown = clean_name(name)
        size = self._judge_size(source, shown)
        kind, duration, created_at = self._judge(source, shown)
        with self._keeping(shown):
            sha256 = self._bytes.share(source) if ours else self._bytes.copy(source)
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

    def describe(self, user_id: str, meeting_id: str, *, about: About) -> Meeting:
        """What is said outright of a meeting that is there, as `keep` takes it for a file that was
        given before: one in the bin comes back. NotFound where it is not this person's."""
        wanted = {"user_id": user_id, "meeting_id": meeting_id}
        with self.database.writing() as session:
            found = meetings.meeting(session, **wanted, may="own")
            found = found or meetings.deleted_meeting(session, **wanted)
            if found is None:
                raise NotFound("meeting_missing", meeting=meeting_id[:40])
            return _described(session, found, about)

    def known(self, user_id: str, *, sha256: str | None, size: int) -> Meeting | None:
        """The person's own meeting of these bytes, the bin included; without a hash, one of as
        many. One question to the database, whatever anybody else has."""
        with self.database.reading() as session:
            return meetings.meeting_of_bytes(session, user_id=user_id, sha256=sha256, size=size)

    def path(self, recording: Recording) -> Path:
        """Where a recording's bytes lie. Raises EngineFailed("recording_lost") if they do not."""
        path = self._bytes.place(recording.sha256)
        if not path.is_file():
            raise EngineFailed("recording_lost", name=recording.name)
        return path

    def delete(self, meeting: Meeting) -> None:
        """Delete a meeting for good with all that hangs on it; its bytes only if nobody else
        keeps them. The caller has checked whose meeting it is."""
        with self._lock(), self.database.writing() as session:
            if session.get(Meeting, meeting.id, with_for_update=True) is None:
                return  # another tab was faster
            recording = meetings.recording_of(session, meeting=meeting)
            meetings.delete_meeting(session, meeting=meeting)
        self.drop_unkept(recording.sha256)

    def drop_unkept(self, sha256: str) -> None:
        """Delete these bytes unless somebody keeps them."""
        with self._lock():
            with self.database.reading() as session:
                kept = meetings.recordings_with_hash(session, sha256=sha256)
            if not kept:
                self._bytes.place(sha256).unlink(missing_ok=True)

    def incoming(self) -> Path:
        """A folder on the same disk for files that are still arriving."""
        return self._bytes.incoming()

    def _judge_size(self, source: Path, name: str) -> int:
        try:
            size = source.stat().st_size
        except OSError as error:
            raise InvalidInput("file_missing", name=name) from error
        if source.is_dir():
            raise InvalidInput("file_is_folder", name=name)
        if size == 0:
            raise InvalidInput("file_empty", name=name)
        self.refuse_over(size, name)
        return size

    def refuse_over(self, size: int, name: str) -> None:
        """Raises InvalidInput("file_too_large") where `size` is more than the setting allows."""
        if size > self.limit:
            raise InvalidInput(
                "file_too_large", name=name, size=shown_size(size), limit=shown_size(self.limit)
            )

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

    @property
    def _bytes(self) -> ByteStore:
        return ByteStore(self.folder)

    def _lock(self) -> FileLock:
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / "recordings.lock")

    @contextmanager
    def _keeping(self, name: str) -> Iterator[None]:
        try:
            with self._lock():
                yield
        except OSError as error:
            if error.errno in FULL:
                raise disk_full(name, self.folder) from error
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
