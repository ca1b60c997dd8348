"""All that belongs to one person, wherever it is: to be taken along, or to go with them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from core.store.account_rows import ApiToken, Invitation, Share, SignIn, User
from core.store.memory_rows import Lesson, MemoryEntry, NamedStyle, Style
from core.store.tables import (
    Choice,
    ItemRow,
    Job,
    Meeting,
    MinutesRow,
    Recording,
    TemplateRow,
    Thread,
    Turn,
    Upload,
    UtteranceRow,
)
from core.store.types import now

_AT_ONCE = 500
"""Rows of a transcript read at once."""


def meetings(session: Session, *, user_id: str) -> list[Meeting]:
    """A person's meetings, also those in the bin, the first held first."""
    query = select(Meeting).where(Meeting.user_id == user_id)
    return list(session.exec(query.order_by(col(Meeting.held_at), col(Meeting.id))))


def utterances(session: Session, *, meeting_id: str, after: int) -> list[UtteranceRow]:
    """The next rows of a transcript after that number, also those that are hidden."""
    query = (
        select(UtteranceRow)
        .where(UtteranceRow.meeting_id == meeting_id, col(UtteranceRow.number) > after)
        .order_by(col(UtteranceRow.number))
        .limit(_AT_ONCE)
    )
    return list(session.exec(query))


def minutes_versions(session: Session, *, user_id: str, meeting_id: str) -> list[int]:
    """The versions of a meeting's minutes that are this person's own."""
    query = select(MinutesRow.version).where(
        MinutesRow.meeting_id == meeting_id, MinutesRow.user_id == user_id
    )
    return list(session.exec(query.order_by(col(MinutesRow.version))))


def minutes(
    session: Session, *, user_id: str, meeting_id: str, version: int
) -> tuple[MinutesRow, list[ItemRow]] | None:
    """One version of this person's with its items; None where it is gone."""
    query = select(MinutesRow).where(
        MinutesRow.meeting_id == meeting_id,
        MinutesRow.user_id == user_id,
        MinutesRow.version == version,
    )
    row = session.exec(query).first()
    if row is None:
        return None
    items = select(ItemRow).where(ItemRow.minutes_id == row.id).order_by(col(ItemRow.position))
    return row, list(session.exec(items))


def threads(session: Session, *, user_id: str, meeting_id: str) -> list[Thread]:
    """A person's conversations about a meeting, the oldest first."""
    query = select(Thread).where(Thread.user_id == user_id, Thread.meeting_id == meeting_id)
    return list(session.exec(query.order_by(col(Thread.created_at), col(Thread.id))))


def styles(session: Session, *, user_id: str) -> list[tuple[NamedStyle, list[Style]]]:
    """A person's named styles, also those taken away, with all their versions."""
    query = select(Style).where(Style.user_id == user_id).order_by(col(Style.version))
    texts = list(session.exec(query))
    named = session.exec(
        select(NamedStyle).where(NamedStyle.user_id == user_id).order_by(col(NamedStyle.created_at))
    )
    return [(one, [text for text in texts if text.named_style_id == one.id]) for one in named]


def entries(session: Session, *, user_id: str) -> list[MemoryEntry]:
    """All that is remembered of a person, or was proposed."""
    query = select(MemoryEntry).where(MemoryEntry.user_id == user_id)
    return list(session.exec(query.order_by(col(MemoryEntry.created_at), col(MemoryEntry.id))))


def lessons(session: Session, *, user_id: str) -> list[Lesson]:
    """What there was to learn from what a person did."""
    query = select(Lesson).where(Lesson.user_id == user_id).order_by(col(Lesson.created_at))
    return list(session.exec(query))


def choices(session: Session, *, user_id: str) -> dict[str, str]:
    """What a person chose, by the setting's name."""
    rows = session.exec(select(Choice).where(Choice.owner == user_id).order_by(col(Choice.name)))
    return {row.name: row.value for row in rows}


def templates(session: Session, *, user_id: str) -> list[TemplateRow]:
    """A person's own kinds of minutes, also those taken away."""
    query = select(TemplateRow).where(TemplateRow.user_id == user_id)
    return list(session.exec(query.order_by(col(TemplateRow.created_at), col(TemplateRow.id))))


def tokens(session: Session, *, user_id: str) -> list[ApiToken]:
    """A person's API tokens."""
    query = select(ApiToken).where(ApiToken.user_id == user_id)
    return list(session.exec(query.order_by(col(ApiToken.created_at), col(ApiToken.id))))


def sign_ins(session: Session, *, user_id: str) -> list[SignIn]:
    """The browsers by which a person is in."""
    query = select(SignIn).where(SignIn.user_id == user_id).order_by(col(SignIn.created_at))
    return list(session.exec(query))


def invitations(session: Session, *, user_id: str) -> list[Invitation]:
    """Whom a person invited."""
    query = select(Invitation).where(Invitation.user_id == user_id)
    return list(session.exec(query.order_by(col(Invitation.created_at))))


def jobs(session: Session, *, user_id: str) -> list[Job]:
    """All jobs of a person, the oldest first."""
    query = select(Job).where(Job.user_id == user_id)
    return list(session.exec(query.order_by(col(Job.created_at), col(Job.id))))


def uploads(session: Session, *, user_id: str) -> list[Upload]:
    """What a person sends or sent of late."""
    query = select(Upload).where(Upload.user_id == user_id).order_by(col(Upload.created_at))
    return list(session.exec(query))


def leaving(session: Session) -> list[str]:
    """Who is being deleted."""
    return list(session.exec(select(User.id).where(col(User.leaving_at).is_not(None))))


def shut_out(session: Session, *, user_id: str) -> None:
    """Nobody gets in as this person any more, nor by an invitation of theirs."""
    for row in (SignIn, ApiToken, Invitation):
        session.exec(delete(row).where(col(row.user_id) == user_id))
    session.exec(update(Invitation).where(col(Invitation.used_by) == user_id).values(used_by=None))


def bin_meetings(session: Session, *, user_id: str) -> None:
    """Put every meeting of a person into the bin, and share none."""
    mine = select(Meeting.id).where(Meeting.user_id == user_id)
    session.exec(
        delete(Share).where((col(Share.user_id) == user_id) | col(Share.meeting_id).in_(mine))
    )
    session.exec(
        update(Meeting)
        .where(col(Meeting.user_id) == user_id, col(Meeting.deleted_at).is_(None))
        .values(deleted_at=now())
    )


def delete_made(session: Session, *, user_id: str) -> None:
    """What a person made of others' meetings: minutes, conversations, jobs."""
    minutes = select(MinutesRow.id).where(MinutesRow.user_id == user_id)
    threads = select(Thread.id).where(Thread.user_id == user_id)
    for statement in (
        delete(ItemRow).where(col(ItemRow.minutes_id).in_(minutes)),
        delete(MinutesRow).where(col(MinutesRow.user_id) == user_id),
        delete(Turn).where(col(Turn.thread_id).in_(threads)),
        delete(Thread).where(col(Thread.user_id) == user_id),
        delete(Job).where(col(Job.user_id) == user_id),
    ):
        session.exec(statement)


def delete_person(session: Session, *, user_id: str) -> Sequence[str]:
    """The rest of a person, and the person; returns the hashes of recordings that no meeting had.
    IntegrityError where something of theirs has come about meanwhile."""
    of_person = select(Recording.sha256).where(Recording.user_id == user_id)
    hashes = list(session.exec(of_person))
    for row in (Lesson, MemoryEntry, Style, NamedStyle, TemplateRow, Recording, Upload):
        session.exec(delete(row).where(col(row.user_id) == user_id))
    session.exec(delete(Choice).where(col(Choice.owner) == user_id))
    shut_out(session, user_id=user_id)
    session.exec(delete(User).where(col(User.id) == user_id))
    return hashes
