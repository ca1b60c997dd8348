"""What becomes of uploads: a meeting, a failure, or nothing because nobody went on with them.

Whoever is killed between the last byte and the meeting leaves a whole file and a row without a
meeting, so keeping is tried again; the same bytes twice are one meeting.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta

from core.errors import EngineFailed, InvalidInput, MinutesError
from core.services.arrivals import MICROPHONE, Arrivals, Said, as_stored
from core.services.intake import Intake, TakenIn
from core.store import uploads
from core.store.tables import Upload
from core.store.types import now

REMEMBERED = timedelta(days=1)
"""How long an upload that has ended can be asked about."""
_MOST_TRIES = 3
"""Processes that may die over keeping a file before that is left to its person."""
_PASSING = ("disk_full", "disk_full_write")
"""What time may mend: the bytes stay, and keeping is tried again by itself."""
_ABANDONED = 3600.0
"""Seconds after which nobody writes a file any more that no row tells of."""


@dataclass(frozen=True)
class UploadKeeping:
    """Works on everybody's uploads: the caller has checked whose they are."""

    arrivals: Arrivals
    intake: Intake

    def keep(self, upload_id: str) -> None:
        """Make a meeting of an upload that is whole, unless that was done or somebody is at it.
        What went wrong is kept in the upload. Takes as long as reading the file once."""
        try:
            lock = self.arrivals.take_turn(upload_id, name="", wait=0)
        except InvalidInput:
            return
        try:
            row = self._try_begun(upload_id)
            if row is not None:
                self._try(row)
        finally:
            lock.release()

    def keep_waiting(self) -> None:
        """Keep everything that is whole and was not kept, because a server was killed or the disk
        was full."""
        with self.arrivals.database.reading() as session:
            rows = uploads.unended(session)
        for row in rows:
            again = row.error is not None and row.error["again"]
            if again or self.arrivals.arrival(row).state == "keeping":
                self.keep(row.id)

    def fail(self, upload_id: str, error: MinutesError) -> None:
        """Note why an upload could not be kept. The bytes of a file that cannot be used go at once:
        its person has it. Those of a microphone are nowhere else, and stay."""
        with self.arrivals.database.reading() as session:
            row = session.get(Upload, upload_id)
        if row is None or row.ended_at is not None:
            return
        judged = isinstance(error, InvalidInput) and error.code not in _PASSING
        again = not judged and error.code != "upload_deadly"
        stored = {**as_stored(error), "again": again}
        if judged and not (row.kind == MICROPHONE and self.arrivals.arrived(row)):
            self.arrivals.end(upload_id, error=stored)
        else:
            self.arrivals.update(upload_id, error=stored, tries=0)

    def tidy(self) -> None:
        """Forget what nobody went on with (arrivals.KEPT_WAITING), what ended a day ago, and files
        that no row tells of."""
        with self.arrivals.database.reading() as session:
            waiting = uploads.unended(session)
            over = uploads.ended_before(session, moment=now() - REMEMBERED)
        over += [row for row in waiting if self._is_over(row)]
        for row in over:
            with suppress(InvalidInput), self.arrivals.turn(row.id, wait=0):
                if row.ended_at or self._is_over(row):  # somebody may just have gone on with it
                    self.forget(row.id)
        self._sweep(known={row.id for row in waiting})

    def forget(self, upload_id: str) -> None:
        """Delete an upload's row and bytes. The caller has its turn."""
        with self.arrivals.database.writing() as session:
            row = session.get(Upload, upload_id)
            if row is not None:
                session.delete(row)
        self.arrivals.path(upload_id).unlink(missing_ok=True)

    def _is_over(self, row: Upload) -> bool:
        expires = self.arrivals.arrival(row).expires
        return expires is not None and expires < now()

    def _sweep(self, *, known: set[str]) -> None:
        for path in self.arrivals.recordings.incoming().iterdir():
            with suppress(OSError):  # another process may end its own just now
                old = time.time() - path.stat().st_mtime > _ABANDONED
                if old and path.name.partition(".")[0] not in known:
                    path.unlink()

    def _try_begun(self, upload_id: str) -> Upload | None:
        """The upload with one more try, if it is whole and waits for being kept."""
        with self.arrivals.database.writing() as session:
            row = session.get(Upload, upload_id)
            if row is None or row.ended_at is not None or row.size is None:
                return None
            if self.arrivals.arrived(row) < row.size:
                return None
            row.tries += 1
            return row

    def _try(self, row: Upload) -> None:
        try:
            if row.tries > _MOST_TRIES:
                raise EngineFailed("upload_deadly", name=row.name)
            taken = self._taken(row)
        except MinutesError as error:
            self.fail(row.id, error)
        else:
            self.arrivals.end(row.id, **asdict(taken))

    def _taken(self, row: Upload) -> TakenIn:
        said = Said.from_json(row.about)
        return self.intake.take_in(
            row.user_id,
            source=self.arrivals.path(row.id),
            name=row.name,
            about=said.about,
            language=said.language,
            ours=True,
        )
