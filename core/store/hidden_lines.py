"""Questions about utterances that nobody said, as it seems: hidden, or brought back by a person.
The caller has checked whose meeting it is. What is not hidden is read by store.meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from core.domain.phantoms import BY_HAND
from core.domain.transcript import Doubted, Utterance
from core.store.tables import Meeting, UtteranceRow
from core.store.types import now

Standing = tuple[str, str | None, bool]
"""What was heard, the reason against it, and whether it was brought back."""


def is_believed() -> ColumnElement[bool]:
    """The condition that an utterance is part of the transcript."""
    return or_(
        col(UtteranceRow.hidden_reason).is_(None), col(UtteranceRow.brought_back_at).is_not(None)
    )


def utterance_of(row: UtteranceRow) -> Utterance:
    """The row as everybody else knows it."""
    return Utterance(
        number=row.number, start=row.start, end=row.end, speaker=row.speaker, text=row.text
    )


def doubted(session: Session, *, meeting_id: str) -> tuple[Doubted, ...]:
    """The utterances that there is a reason against, in order; also those brought back."""
    query = (
        select(UtteranceRow)
        .where(UtteranceRow.meeting_id == meeting_id, col(UtteranceRow.hidden_reason).is_not(None))
        .order_by(col(UtteranceRow.number))
    )
    return tuple(
        Doubted(utterance_of(row), row.hidden_reason or "", row.brought_back_at is not None)
        for row in session.exec(query)
    )


def bring_back(session: Session, *, meeting: Meeting, numbers: Iterable[int]) -> int:
    """Make hidden utterances part of the transcript again; tells how many were none. One that a
    person had hidden is as if nobody had."""
    rows = [row for row in _rows(session, meeting, numbers) if row.hidden_reason]
    rows = [row for row in rows if row.brought_back_at is None]
    for row in rows:
        if row.hidden_reason == BY_HAND:
            row.hidden_reason = None
        else:
            row.brought_back_at = now()
    return _noted(session, meeting, len(rows))


def hide(session: Session, *, meeting: Meeting, numbers: Iterable[int]) -> int:
    """Take utterances out of the transcript, as one that was brought back or because a person says
    that nobody said them; tells how many were in it."""
    rows = [
        row
        for row in _rows(session, meeting, numbers)
        if row.hidden_reason is None or row.brought_back_at is not None
    ]
    for row in rows:
        row.hidden_reason = row.hidden_reason or BY_HAND
        row.brought_back_at = None
    return _noted(session, meeting, len(rows))


def by_person(
    session: Session, *, meeting_id: str, transcript_job: str | None
) -> dict[int, UtteranceRow]:
    """The utterances that a person hid or brought back, if those that are there are of this
    hearing: another one has other numbers."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.transcript_job != transcript_job:
        return {}
    query = select(UtteranceRow).where(
        UtteranceRow.meeting_id == meeting_id,
        or_(
            col(UtteranceRow.brought_back_at).is_not(None),
            col(UtteranceRow.hidden_reason) == BY_HAND,
        ),
    )
    return {row.number: row for row in session.exec(query)}


def decide(row: UtteranceRow, reason: str | None, *, decided: Mapping[int, UtteranceRow]) -> None:
    """Hide a row for `reason`, unless a person has decided otherwise on the same words."""
    row.hidden_reason = reason
    before = decided.get(row.number)
    if before is None or (before.heard_text or before.text) != row.text:
        return
    if before.hidden_reason == BY_HAND:
        row.hidden_reason = reason or BY_HAND
    elif reason is not None:
        row.brought_back_at = before.brought_back_at


def _rows(session: Session, meeting: Meeting, numbers: Iterable[int]) -> list[UtteranceRow]:
    query = select(UtteranceRow).where(
        UtteranceRow.meeting_id == meeting.id, col(UtteranceRow.number).in_(set(numbers))
    )
    return list(session.exec(query))


def _noted(session: Session, meeting: Meeting, changed: int) -> int:
    """The transcript is another one now: what was made of it is older (Meeting.edited_at)."""
    if changed:
        meeting.edited_at = now()
        session.add(meeting)
    return changed
