"""Lines of a transcript that nobody said, as it seems (domain.phantoms): seen, brought back, hidden
again. They stay in the transcript's numbering, and nothing that reads it reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.transcript import Doubted
from core.errors import NotFound
from core.services.changing import changing
from core.store import hidden_lines, meetings
from core.store.database import Database


@dataclass(frozen=True)
class HiddenLines:
    """A person's word on what was said stands over ours, also when the same job is heard again."""

    database: Database

    def of(self, user_id: str, meeting_id: str) -> tuple[Doubted, ...]:
        """All lines that there is a reason against, in order, those brought back as well."""
        with self.database.reading() as session:
            meeting = meetings.meeting(session, user_id=user_id, meeting_id=meeting_id)
            if meeting is None:
                raise NotFound("meeting_missing", meeting=meeting_id[:40])
            return hidden_lines.doubted(session, meeting_id=meeting.id)

    def bring_back(self, user_id: str, meeting_id: str, numbers: Iterable[int]) -> int:
        """These were said after all; tells how many were hidden. Minutes that were written before
        are older than the transcript then, as after an edit. InvalidInput while the recording is
        being transcribed anew."""
        with changing(self.database, user_id, meeting_id) as (session, meeting):
            return hidden_lines.bring_back(session, meeting=meeting, numbers=numbers)

    def hide(self, user_id: str, meeting_id: str, numbers: Iterable[int]) -> int:
        """Nobody said these, or they are hidden again as they were; tells how many were not hidden.
        Raises what `bring_back` raises."""
        with changing(self.database, user_id, meeting_id) as (session, meeting):
            return hidden_lines.hide(session, meeting=meeting, numbers=numbers)
