"""Deleting meetings for good: rows, recording, checkpoints, spoken summaries, and what of them the
databases' files still hold.

What is to go is written down first and crossed out last, so that a crash in between leaves nothing:
`sweep` does again what was not finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.services.recordings import Recordings
from core.services.workflows import Workflows
from core.store import erasing
from core.store.database import Database
from core.store.erasing import Doomed
from core.store.failures import store_failures
from core.store.tables import Meeting

SETTLED = timedelta(seconds=30)
"""A worker's step may run on for some seconds after its job was stopped, and keep its result."""


@dataclass(frozen=True)
class Erasing:
    """Deletes what is in a bin."""

    database: Database
    recordings: Recordings
    workflows: Workflows

    def erase(self, meeting: Meeting) -> None:
        """Delete a meeting that is in the bin. What it leaves in free parts of the databases'
        files goes with the next `sweep`."""
        with self.database.writing() as session:
            if session.get(Meeting, meeting.id, with_for_update=True) is None:
                return  # another tab was faster
            doomed = erasing.doom(session, meeting=meeting)
        self._erase(doomed)

    def sweep(self, addresses: Sequence[str], *, after: timedelta = SETTLED) -> int:
        """Finish what was begun longer ago than `after`, and write the databases at these
        addresses anew where anything was deleted; returns how many meetings are gone without a
        trace now."""
        with self.database.reading() as session:
            doomed = [one for one in erasing.all_doomed(session) if one.age() >= after]
        if not doomed:
            return 0
        for one in doomed:
            self._erase(one)
        with store_failures():
            wiped = [erasing.wipe(address) for address in dict.fromkeys(addresses)]
        if not all(wiped):  # somebody still reads the old: next time
            return 0
        with self.database.writing() as session:
            erasing.cross_out(session, meeting_ids=[one.meeting_id for one in doomed])
        return len(doomed)

    def erase_outside(self, doomed: Doomed) -> None:
        """Delete checkpoints and spoken summaries, which lie outside the rows."""
        self.workflows.forget(doomed.jobs)
        for minutes_id in doomed.minutes:
            (self.recordings.folder / "narration" / f"{minutes_id}.wav").unlink(missing_ok=True)

    def _erase(self, doomed: Doomed) -> None:
        """Do all of it, whatever of it was done before. A meeting that was brought back from the
        bin before anything was deleted stays."""
        with self.database.reading() as session:
            found = session.get(Meeting, doomed.meeting_id)
        if found and found.deleted_at is None:
            return
        self.erase_outside(doomed)
        if found:
            self.recordings.delete(found)
        if doomed.sha256:
            self.recordings.drop_unkept(doomed.sha256)
        with self.database.writing() as session:
            erasing.forget_uploads(session, meeting_id=doomed.meeting_id)
