"""Questions about changes of utterances' texts. The caller has checked whose meeting it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from core.domain.text_changes import Change, fold
from core.store.shares import reach
from core.store.tables import Meeting, TextChange, UtteranceRow
from core.store.types import now


def lock_meeting(session: Session, *, user_id: str, meeting_id: str) -> Meeting | None:
    """A meeting that the person may change, held until the transaction ends: two changes of a text
    take turns."""
    query = select(Meeting).where(
        Meeting.id == meeting_id, reach(user_id, "edit"), col(Meeting.deleted_at).is_(None)
    )
    return session.exec(query.with_for_update()).first()


def changes_of(
    session: Session, *, meeting_id: str, transcript_job: str | None
) -> dict[int, list[Change]]:
    """All changes of one hearing by utterance, oldest first."""
    query = (
        select(TextChange)
        .where(TextChange.meeting_id == meeting_id, TextChange.transcript_job == transcript_job)
        .order_by(col(TextChange.id))
    )
    found: dict[int, list[Change]] = {}
    for row in session.exec(query):
        found.setdefault(row.number, []).append(_change(row))
    return found


def heard_texts(session: Session, *, meeting_id: str) -> dict[int, str]:
    """What was heard in the utterances whose text is another one now."""
    query = select(UtteranceRow.number, UtteranceRow.heard_text).where(
        UtteranceRow.meeting_id == meeting_id, col(UtteranceRow.heard_text).is_not(None)
    )
    return {number: heard for number, heard in session.exec(query) if heard is not None}


def utterance(session: Session, *, meeting_id: str, number: int) -> UtteranceRow | None:
    """One utterance."""
    return session.get(UtteranceRow, (meeting_id, number))


def add_change(
    session: Session,
    *,
    meeting: Meeting,
    number: int,
    kind: str,
    before: str,
    after: str,
    why: str | None = None,
    job_id: str | None = None,
) -> int:
    """Note a change; returns its id. `refold` makes it felt."""
    row = TextChange(
        meeting_id=meeting.id,
        transcript_job=meeting.transcript_job,
        number=number,
        kind=kind,
        before=before,
        after=after,
        why=why,
        job_id=job_id,
    )
    session.add(row)
    session.flush()
    assert row.id is not None, "flushed"
    return row.id


def change(session: Session, *, meeting: Meeting, change_id: int) -> Change | None:
    """A change of the transcript that is in force."""
    row = session.get(TextChange, change_id)
    if row is None or row.meeting_id != meeting.id or row.transcript_job != meeting.transcript_job:
        return None
    return _change(row)


def set_undone(
    session: Session, *, meeting: Meeting, change_ids: Iterable[int], undone: bool
) -> None:
    """Mark changes of this meeting as undone, or as in force again."""
    query = select(TextChange).where(
        TextChange.meeting_id == meeting.id, col(TextChange.id).in_(list(change_ids))
    )
    moment: datetime | None = now() if undone else None
    for row in session.exec(query):
        row.undone_at = moment
    session.flush()


def refold(session: Session, *, meeting: Meeting, numbers: Iterable[int]) -> bool:
    """Bring the texts of utterances in line with their changes; tells whether one is another now,
    which is then noted in the meeting."""
    changes = changes_of(session, meeting_id=meeting.id, transcript_job=meeting.transcript_job)
    query = select(UtteranceRow).where(
        UtteranceRow.meeting_id == meeting.id, col(UtteranceRow.number).in_(set(numbers))
    )
    changed = [put_in_force(row, changes) for row in session.exec(query)]
    if any(changed):
        meeting.edited_at = now()
        session.add(meeting)
    return any(changed)


def put_in_force(row: UtteranceRow, changes: Mapping[int, list[Change]]) -> bool:
    """Give a row the text that follows from its changes; tells whether it had another."""
    heard = row.text if row.heard_text is None else row.heard_text
    text = fold(heard, changes.get(row.number, ())).text
    had = row.text
    row.text, row.heard_text = text, None if text == heard else heard
    return text != had


def _change(row: TextChange) -> Change:
    assert row.id is not None, "kept"
    return Change(
        change_id=row.id,
        number=row.number,
        kind=row.kind,
        before=row.before,
        after=row.after,
        why=row.why,
        job_id=row.job_id,
        undone=row.undone_at is not None,
    )
