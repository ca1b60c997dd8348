"""Questions about recordings, meetings and their utterances. Each takes the person's id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from core.domain.transcript import Utterance
from core.store import hidden_lines
from core.store.account_rows import Share
from core.store.memory_rows import Lesson
from core.store.shares import May, reach, within_reach
from core.store.tables import (
    HeardWindow,
    ItemRow,
    Job,
    Meeting,
    MinutesRow,
    Reading,
    Recording,
    TextChange,
    Thread,
    Turn,
    UtteranceRow,
)
from core.store.text_changes import changes_of, put_in_force


def recording_by_hash(session: Session, *, user_id: str, sha256: str) -> Recording | None:
    """The person's recording with these bytes."""
    query = select(Recording).where(Recording.user_id == user_id, Recording.sha256 == sha256)
    return session.exec(query).first()


def recording_of(session: Session, *, meeting: Meeting) -> Recording:
    """The recording a meeting was made from."""
    recording = session.get(Recording, meeting.recording_id)
    assert recording is not None, "foreign key"
    return recording


def durations(session: Session, *, user_id: str) -> dict[str, float | None]:
    """The length in seconds of each meeting that a person may read, by the meeting's id."""
    query = (
        select(Meeting.id, Recording.duration)
        .join(Recording, col(Recording.id) == Meeting.recording_id)
        .where(col(Meeting.id).in_(within_reach(user_id)))
    )
    return dict(session.exec(query).all())


def recordings_with_hash(session: Session, *, sha256: str) -> int:
    """How many people keep these bytes."""
    query = select(func.count()).select_from(Recording).where(Recording.sha256 == sha256)
    return session.exec(query).one()


def meeting_of_recording(session: Session, *, recording_id: str) -> Meeting | None:
    """The meeting made from a recording."""
    return session.exec(select(Meeting).where(Meeting.recording_id == recording_id)).first()


def meeting_of_bytes(
    session: Session, *, user_id: str, sha256: str | None, size: int
) -> Meeting | None:
    """The person's meeting made from these bytes, in the bin or not; without a hash, one made from
    as many."""
    query = (
        select(Meeting)
        .join(Recording, col(Recording.id) == Meeting.recording_id)
        .where(Recording.user_id == user_id, Recording.size == size)
    )
    if sha256 is not None:
        query = query.where(Recording.sha256 == sha256)
    return session.exec(query).first()


def meeting(
    session: Session, *, user_id: str, meeting_id: str, may: May = "read"
) -> Meeting | None:
    """A meeting that is not in the bin, if this person may do so much with it (store.shares)."""
    query = select(Meeting).where(
        Meeting.id == meeting_id, reach(user_id, may), col(Meeting.deleted_at).is_(None)
    )
    return session.exec(query).first()


def deleted_meeting(session: Session, *, user_id: str, meeting_id: str) -> Meeting | None:
    """A meeting in this person's bin."""
    query = select(Meeting).where(
        Meeting.id == meeting_id, Meeting.user_id == user_id, col(Meeting.deleted_at).is_not(None)
    )
    return session.exec(query).first()


def deleted_meetings(session: Session, *, user_id: str) -> list[Meeting]:
    """A person's bin, the last deleted first."""
    query = (
        select(Meeting)
        .where(Meeting.user_id == user_id, col(Meeting.deleted_at).is_not(None))
        .order_by(col(Meeting.deleted_at).desc())
    )
    return list(session.exec(query))


def deleted_before(session: Session, *, moment: datetime) -> list[Meeting]:
    """Everybody's meetings that have been in a bin since before `moment`."""
    return list(session.exec(select(Meeting).where(col(Meeting.deleted_at) < moment)))


def meetings(session: Session, *, user_id: str) -> list[Meeting]:
    """All of a person's meetings that are not in the bin, the latest held first."""
    query = (
        select(Meeting)
        .where(Meeting.user_id == user_id, col(Meeting.deleted_at).is_(None))
        .order_by(col(Meeting.held_at).desc(), col(Meeting.created_at).desc())
    )
    return list(session.exec(query))


def utterances(session: Session, *, meeting_id: str) -> tuple[Utterance, ...]:
    """A meeting's utterances in order, without those that are hidden (store.hidden_lines): numbers
    may be left out. The caller has checked whose meeting it is."""
    query = (
        select(UtteranceRow)
        .where(UtteranceRow.meeting_id == meeting_id, hidden_lines.is_believed())
        .order_by(col(UtteranceRow.number))
    )
    return tuple(hidden_lines.utterance_of(row) for row in session.exec(query))


def ensure_utterances(
    session: Session,
    *,
    meeting_id: str,
    spoken: Sequence[Utterance],
    transcript_job: str | None = None,
    hidden: Mapping[int, str] | None = None,
) -> None:
    """Make these the meeting's utterances, whatever was there, some of them `hidden` for a reason.
    Changes that were made when the same job was heard before are in force again, and what a person
    brought back or hid then stays so, where they fit what was heard now."""
    decided = hidden_lines.by_person(session, meeting_id=meeting_id, transcript_job=transcript_job)
    for row in decided.values():
        session.expunge(row)
    session.exec(delete(UtteranceRow).where(col(UtteranceRow.meeting_id) == meeting_id))
    changes = changes_of(session, meeting_id=meeting_id, transcript_job=transcript_job)
    for utterance in spoken:
        row = UtteranceRow(
            meeting_id=meeting_id,
            number=utterance.number,
            start=utterance.start,
            end=utterance.end,
            speaker=utterance.speaker,
            text=utterance.text,
        )
        hidden_lines.decide(row, (hidden or {}).get(utterance.number), decided=decided)
        put_in_force(row, changes)
        session.add(row)


def delete_meeting(session: Session, *, meeting: Meeting) -> None:
    """A meeting with everything that hangs on it, whoever made it, and its recording's row."""
    minutes = select(MinutesRow.id).where(MinutesRow.meeting_id == meeting.id)
    threads = select(Thread.id).where(Thread.meeting_id == meeting.id)
    for statement in (
        delete(ItemRow).where(col(ItemRow.minutes_id).in_(minutes)),
        delete(MinutesRow).where(col(MinutesRow.meeting_id) == meeting.id),
        delete(Turn).where(col(Turn.thread_id).in_(threads)),
        delete(Thread).where(col(Thread.meeting_id) == meeting.id),
        delete(Job).where(col(Job.meeting_id) == meeting.id),
        delete(Reading).where(col(Reading.meeting_id) == meeting.id),
        delete(TextChange).where(col(TextChange.meeting_id) == meeting.id),
        delete(UtteranceRow).where(col(UtteranceRow.meeting_id) == meeting.id),
        delete(HeardWindow).where(col(HeardWindow.meeting_id) == meeting.id),
        delete(Share).where(col(Share.meeting_id) == meeting.id),
        delete(Lesson).where(col(Lesson.meeting_id) == meeting.id),
        delete(Meeting).where(col(Meeting.id) == meeting.id),
        delete(Recording).where(col(Recording.id) == meeting.recording_id),
    ):
        session.exec(statement)
