"""Changing what a transcript says, and taking it back: what was heard, times and speakers stay.

Every change is a row that can be undone and redone; the text in force follows from them
(domain.text_changes). Nothing here calls a model.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from core.domain.corrections import is_clean
from core.domain.text_changes import TEXT, Change, fold
from core.errors import InvalidInput, NotFound
from core.services.changing import changing
from core.services.learning import Learning
from core.store import meetings
from core.store import text_changes as rows
from core.store.database import Database
from core.store.tables import Meeting

LONGEST = 5000
"""Characters of an utterance that a person writes, and at most"""
_TIMES_LONGER = 10
"""times what was heard, but always"""
_ALWAYS_ALLOWED = 500
"""characters: a short word may stand for a sentence that was not heard."""


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """A change as a person sees it. `in_force`: it can be seen in the text; one that is neither
    undone nor in force was overwritten by a later one."""

    change: Change
    in_force: bool


@dataclass(frozen=True)
class TextChanges:
    """A person's changes of their transcripts. `learning` is told of each."""

    database: Database
    learning: Learning

    def of(self, user_id: str, meeting_id: str) -> list[ChangeSeen]:
        """All changes of the transcript that is there, in the order of the meeting."""
        with self.database.reading() as session:
            meeting = meetings.meeting(session, user_id=user_id, meeting_id=meeting_id)
            if meeting is None:
                raise NotFound("meeting_missing", meeting=meeting_id[:40])
            heard = rows.heard_texts(session, meeting_id=meeting.id)
            changes = rows.changes_of(
                session, meeting_id=meeting.id, transcript_job=meeting.transcript_job
            )
            spoken = meetings.utterances(session, meeting_id=meeting.id)
        seen: list[ChangeSeen] = []
        for utterance in spoken:
            of_one = changes.get(utterance.number, [])
            acting = fold(heard.get(utterance.number, utterance.text), of_one).in_force
            seen += [ChangeSeen(one, one.change_id in acting) for one in of_one]
        return seen

    def heard(self, user_id: str, meeting_id: str) -> dict[int, str]:
        """What was heard in the utterances whose text is another one now, by number."""
        with self.database.reading() as session:
            meeting = meetings.meeting(session, user_id=user_id, meeting_id=meeting_id)
            if meeting is None:
                raise NotFound("meeting_missing", meeting=meeting_id[:40])
            return rows.heard_texts(session, meeting_id=meeting.id)

    def edit_text(
        self, user_id: str, meeting_id: str, number: int, text: str, *, expected: str
    ) -> bool:
        """Give an utterance the text a person wrote; `expected` is what they saw before. Tells
        whether anything is another now.

        InvalidInput where it was changed meanwhile, or the text is blank, too long or unclean.
        """
        wanted = " ".join(unicodedata.normalize("NFC", text).split())
        with changing(self.database, user_id, meeting_id) as (session, meeting):
            row = rows.utterance(session, meeting_id=meeting.id, number=number)
            if row is None:
                raise NotFound("utterance_missing", number=number)
            if row.text != expected:
                raise InvalidInput("text_changed", number=number)
            if wanted == row.text:
                return False
            _check(wanted, heard=row.text if row.heard_text is None else row.heard_text)
            rows.add_change(
                session, meeting=meeting, number=number, kind=TEXT, before=row.text, after=wanted
            )
            changed = rows.refold(session, meeting=meeting, numbers=[number])
        self.learning.noticed_text_change(user_id, meeting_id, number=number)
        return changed

    def undo(self, user_id: str, meeting_id: str, change_id: int) -> None:
        """Take one change back."""
        self._mark(user_id, meeting_id, change_id, undone=True)

    def redo(self, user_id: str, meeting_id: str, change_id: int) -> None:
        """Put a change that was taken back in force again."""
        self._mark(user_id, meeting_id, change_id, undone=False)

    def undo_all(self, user_id: str, meeting_id: str, job_id: str) -> int:
        """Take back all that one correction changed; tells how many changes. NotFound for a job
        that changed nothing here."""
        with changing(self.database, user_id, meeting_id) as (session, meeting):
            mine = [one for one in _all(session, meeting) if one.job_id == job_id]
            if not mine:
                raise NotFound("correction_missing", job=job_id[:40])
            return _mark(session, meeting, mine, undone=True)

    def redo_all(self, user_id: str, meeting_id: str, job_id: str) -> int:
        """Put all that one correction changed in force again; tells how many changes."""
        with changing(self.database, user_id, meeting_id) as (session, meeting):
            mine = [one for one in _all(session, meeting) if one.job_id == job_id]
            if not mine:
                raise NotFound("correction_missing", job=job_id[:40])
            return _mark(session, meeting, mine, undone=False)

    def restore_heard(self, user_id: str, meeting_id: str, number: int) -> int:
        """Take back every change of one utterance; tells how many."""
        with changing(self.database, user_id, meeting_id) as (session, meeting):
            of_one = [one for one in _all(session, meeting) if one.number == number]
            count = _mark(session, meeting, of_one, undone=True)
        self.learning.noticed_undoing(user_id, meeting_id)
        return count

    def _mark(self, user_id: str, meeting_id: str, change_id: int, *, undone: bool) -> None:
        with changing(self.database, user_id, meeting_id) as (session, meeting):
            found = rows.change(session, meeting=meeting, change_id=change_id)
            if found is None:
                raise NotFound("change_missing", change=change_id)
            _mark(session, meeting, [found], undone=undone)
        self.learning.noticed_text_change(user_id, meeting_id, number=found.number)


def _all(session: Session, meeting: Meeting) -> list[Change]:
    changes = rows.changes_of(session, meeting_id=meeting.id, transcript_job=meeting.transcript_job)
    return [one for of_one in changes.values() for one in of_one]


def _mark(session: Session, meeting: Meeting, changes: Sequence[Change], *, undone: bool) -> int:
    others = [one for one in changes if one.undone != undone]
    rows.set_undone(
        session, meeting=meeting, change_ids=[one.change_id for one in others], undone=undone
    )
    rows.refold(session, meeting=meeting, numbers=[one.number for one in others])
    return len(others)


def _check(text: str, *, heard: str) -> None:
    if not text:
        raise InvalidInput("text_empty")
    limit = min(LONGEST, max(_ALWAYS_ALLOWED, _TIMES_LONGER * len(heard)))
    if len(text) > limit:
        raise InvalidInput("text_too_long", length=len(text), limit=limit)
    if not is_clean(text):
        raise InvalidInput("text_unclean")
