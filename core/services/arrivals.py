"""What is known of a file that is arriving: its row, and the bytes that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from core.errors import InvalidInput, MinutesError, NotFound, error_from
from core.services.recordings import About, Recordings
from core.store import uploads
from core.store.database import Database
from core.store.tables import Upload
from core.store.types import now

MICROPHONE = "microphone"
KEPT_WAITING = {"file": timedelta(days=7), MICROPHONE: timedelta(days=30)}
"""How long after its last byte an upload that is not finished stays, by kind."""
_WAIT = 1.0
"""Seconds that a change waits for another one to end."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an upload when it began. `language` is the meeting's, `reader` that of
    sentences about the upload, `metadata` the header as tus had it."""

    about: About = field(default_factory=About)
    language: str | None = None
    reader: str | None = None
    metadata: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the row."""
        about = self.about
        return {
            "title": about.title,
            "held_at": about.held_at.isoformat() if about.held_at else None,
            "file_time": about.file_time.isoformat() if about.file_time else None,
            "time_zone": about.time_zone,
            "language": self.language,
            "reader": self.reader,
            "metadata": self.metadata,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Said:
        """What `as_json` wrote."""
        held, written = stored["held_at"], stored["file_time"]
        about = About(
            title=stored["title"],
            held_at=datetime.fromisoformat(held) if held else None,
            file_time=datetime.fromisoformat(written) if written else None,
            time_zone=stored["time_zone"],
        )
        return cls(about, stored["language"], stored["reader"], stored["metadata"])


@dataclass(frozen=True, slots=True)
class Arrival:
    """An upload as a person sees it. `state`: arriving, keeping, kept, failed; `offset` and `size`
    in bytes; a failed one that `has_bytes` can be tried again."""

    upload_id: str
    kind: str
    name: str
    offset: int
    size: int | None
    started: datetime
    touched: datetime
    """When somebody last went on with it, also without a byte: a recording may pause."""
    state: str
    has_bytes: bool
    said: Said
    meeting_id: str | None = None
    job_id: str | None = None
    new: bool | None = None
    error: MinutesError | None = None

    @property
    def expires(self) -> datetime | None:
        """When it will go if nobody goes on with it; None where that is not waited for."""
        waits = self.has_bytes and self.state in ("arriving", "failed")
        return self.touched + KEPT_WAITING[self.kind] if waits else None


@dataclass(frozen=True)
class Arrivals:
    """Rows and files of uploads together."""

    database: Database
    recordings: Recordings

    def path(self, upload_id: str) -> Path:
        """Where the bytes of an upload lie while it has not ended."""
        return self.recordings.incoming() / f"{upload_id}.upload"

    def of_person(self, user_id: str, upload_id: str) -> Upload:
        """A person's upload; NotFound where there is none or it is somebody else's."""
        with self.database.reading() as session:
            found = uploads.upload(session, user_id=user_id, upload_id=upload_id)
        if found is None:
            raise NotFound("upload_missing", upload=upload_id[:40])
        return found

    def arrival(self, row: Upload) -> Arrival:
        """How far it is. Bytes that have vanished end it with InvalidInput("upload_lost")."""
        if row.ended_at is None:
            try:
                there = self.path(row.id).stat()
            except FileNotFoundError:
                row = self._ended_meanwhile(row)
            else:
                touched = datetime.fromtimestamp(there.st_mtime, tz=UTC)
                return _seen(row, offset=there.st_size, touched=touched)
        return _seen(row, offset=row.size or 0, touched=row.ended_at or row.created_at)

    def arrived(self, row: Upload) -> int:
        """How many bytes are there; 0 where the file has vanished."""
        path = self.path(row.id)
        return path.stat().st_size if path.exists() else 0

    def update(self, upload_id: str, **values: object) -> None:
        """Change an upload's row, if it is still there."""
        with self.database.writing() as session:
            row = session.get(Upload, upload_id)
            if row is not None:
                for name, value in values.items():
                    setattr(row, name, value)

    def end(self, upload_id: str, **values: object) -> None:
        """Note what became of an upload, then let its bytes go: whoever is killed in between leaves
        a file that `Uploads.tidy` finds."""
        self.update(upload_id, ended_at=now(), **{"error": None, **values})
        self.path(upload_id).unlink(missing_ok=True)

    @contextmanager
    def turn(self, upload_id: str, *, name: str = "", wait: float = _WAIT) -> Iterator[None]:
        """While this lasts nobody else writes, keeps or changes the upload."""
        lock = self.take_turn(upload_id, name=name, wait=wait)
        try:
            yield
        finally:
            lock.release()

    def take_turn(self, upload_id: str, *, name: str, wait: float = _WAIT) -> FileLock:
        """The right to change an upload, until the lock is released, from whatever thread.
        InvalidInput("upload_busy") after `wait` seconds."""
        lock = FileLock(self.path(upload_id).with_suffix(".lock"), thread_local=False)
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise InvalidInput("upload_busy", name=name) from error
        return lock

    def _ended_meanwhile(self, row: Upload) -> Upload:
        with self.database.writing() as session:
            found = session.get(Upload, row.id) or row
            if found.ended_at is None:
                found.ended_at = now()
                found.error = as_stored(InvalidInput("upload_lost", name=found.name))
            return found


def as_stored(error: MinutesError) -> dict[str, Any]:
    """An error as a row keeps it."""
    return {"kind": type(error).__name__, "code": error.code, "facts": error.facts}


def _seen(row: Upload, *, offset: int, touched: datetime) -> Arrival:
    error = row.error and error_from(row.error["kind"], row.error["code"], row.error["facts"])
    if row.meeting_id:
        state = "kept"
    elif error:
        state = "failed"
    else:
        state = "arriving" if row.size is None or offset < row.size else "keeping"
    return Arrival(
        upload_id=row.id,
        kind=row.kind,
        name=row.name,
        offset=offset,
        size=row.size,
        started=row.created_at,
        touched=touched,
        state=state,
        has_bytes=row.ended_at is None,
        said=Said.from_json(row.about),
        meeting_id=row.meeting_id,
        job_id=row.job_id,
        new=row.new,
        error=error or None,
    )
