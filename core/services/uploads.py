"""Files that arrive in pieces: begun, sent, gone on with, ended or thrown away.

A row says what is arriving; the bytes' own count says how far it has come. Nothing here knows the
protocol (core.api.tus).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from core.errors import InvalidInput
from core.services.arrivals import MICROPHONE, Arrival, Arrivals, Said
from core.services.byte_store import FULL, disk_full, shown_size, sync_folder
from core.services.recordings import clean_name
from core.services.sending import Sending, sync
from core.services.upload_keeping import UploadKeeping
from core.store import uploads
from core.store.tables import Upload


@dataclass(frozen=True)
class Uploads:
    """Every method takes the person's id and finds nothing of anybody else (NotFound)."""

    arrivals: Arrivals
    keeping: UploadKeeping

    def begin(self, user_id: str, *, name: str, kind: str, size: int | None, said: Said) -> Arrival:
        """Make room for a file of `size` bytes, None while nobody knows.

        Raises InvalidInput where it is over the limit or the disk has no room for it.
        """
        row = Upload(
            user_id=user_id, kind=kind, name=clean_name(name), size=size, about=said.as_json()
        )
        self.refuse_over(size or 0, name=row.name)
        path = self.arrivals.path(row.id)
        try:
            path.touch(exist_ok=False)
            sync_folder(path.parent)
        except OSError as error:
            if error.errno in FULL:
                raise disk_full(row.name, path.parent) from error
            raise
        with self.arrivals.database.writing() as session:
            session.add(row)
        return self.arrivals.arrival(row)

    def get(self, user_id: str, upload_id: str, *, synced: bool = False) -> Arrival:
        """One upload. `synced`: its offset will be true after a power failure, too."""
        row = self.arrivals.of_person(user_id, upload_id)
        if synced and row.ended_at is None:
            sync(self.arrivals.path(row.id))
        return self.arrivals.arrival(row)

    def unfinished(self, user_id: str) -> list[Arrival]:
        """What is still arriving, and what is whole and waits for the person to try again; the
        latest first."""
        with self.arrivals.database.reading() as session:
            rows = uploads.unended_of(session, user_id=user_id)
        found = [self.arrivals.arrival(row) for row in rows]
        return [one for one in found if one.has_bytes and one.state in ("arriving", "failed")]

    def hold(self, user_id: str, upload_id: str) -> Sending:
        """The right to write its bytes, until the Sending is closed.

        Raises InvalidInput: ("upload_busy") while somebody else has it, ("upload_offset") where it
        is whole already, and why it failed where it did.
        """
        row = self.arrivals.of_person(user_id, upload_id)
        lock = self.arrivals.take_turn(row.id, name=row.name)
        try:
            arrival = self.get(user_id, upload_id)
            if arrival.state != "arriving":
                raise arrival.error or InvalidInput("upload_offset", name=row.name)
            return Sending(self.arrivals.path(row.id), name=row.name, lock=lock)
        except BaseException:
            lock.release()
            raise

    def declare(self, user_id: str, upload_id: str, *, size: int) -> None:
        """Say how long the whole is; whoever says so holds it. Raises InvalidInput for another size
        than was said before, for less than has arrived, and for what `refuse_over` refuses."""
        row = self.arrivals.of_person(user_id, upload_id)
        arrived = self.arrivals.arrived(row)
        if row.size not in (None, size) or size < arrived:
            raise InvalidInput("upload_length_wrong", name=row.name)
        self.refuse_over(size, name=row.name, arrived=arrived)
        self.arrivals.update(row.id, size=size)

    def refuse_over(self, size: int, *, name: str, arrived: int = 0) -> None:
        """Raises InvalidInput where a file of `size` bytes is over the limit, or what has not
        arrived of it does not fit on the disk."""
        self.arrivals.recordings.refuse_over(size, name)
        folder = self.arrivals.recordings.incoming()
        if size - arrived > shutil.disk_usage(folder).free:
            code = "upload_disk_full" if arrived else "disk_full"
            raise disk_full(name, folder, code=code)

    def complete(self, user_id: str, upload_id: str) -> Arrival:
        """Say that what has arrived is the whole, and that keeping it may be tried again.

        Raises InvalidInput: ("upload_not_whole") for a file of which more is to come,
        ("upload_busy") while it is being sent.
        """
        arrival = self.get(user_id, upload_id)
        if arrival.state == "keeping":
            return arrival
        with self.arrivals.turn(upload_id, name=arrival.name):
            arrival = self.get(user_id, upload_id, synced=True)
            if not arrival.has_bytes:
                return arrival
            if arrival.kind != MICROPHONE and arrival.offset < (arrival.size or 0):
                size, offset = shown_size(arrival.size or 0), shown_size(arrival.offset)
                raise InvalidInput("upload_not_whole", name=arrival.name, size=size, arrived=offset)
            self.arrivals.update(upload_id, size=arrival.offset, error=None, tries=0)
        return self.get(user_id, upload_id)

    def end(self, user_id: str, upload_id: str) -> Arrival:
        """Make a meeting of what has arrived, before this returns. The answer's state and error
        tell what came of it. Raises what `complete` raises."""
        self.complete(user_id, upload_id)
        self.keeping.keep(upload_id)
        return self.get(user_id, upload_id)

    def discard(self, user_id: str, upload_id: str) -> None:
        """Forget an upload with its bytes; a meeting that it became stays. Raises
        InvalidInput("upload_busy") while it is being sent or kept."""
        row = self.arrivals.of_person(user_id, upload_id)
        with self.arrivals.turn(row.id, name=row.name):
            self.keeping.forget(row.id)
