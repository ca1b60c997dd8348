"""Questions about files that are arriving."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from core.store.tables import Upload


def upload(session: Session, *, user_id: str, upload_id: str) -> Upload | None:
    """An upload, if it is this person's."""
    query = select(Upload).where(Upload.id == upload_id, Upload.user_id == user_id)
    return session.exec(query).first()


def unended_of(session: Session, *, user_id: str) -> list[Upload]:
    """A person's uploads whose bytes are here and no meeting's yet, the latest first."""
    query = (
        select(Upload)
        .where(Upload.user_id == user_id, col(Upload.ended_at).is_(None))
        .order_by(col(Upload.created_at).desc(), col(Upload.id))
    )
    return list(session.exec(query))


def unended(session: Session) -> list[Upload]:
    """Everybody's uploads whose bytes are here and no meeting's yet."""
    return list(session.exec(select(Upload).where(col(Upload.ended_at).is_(None))))


def ended_before(session: Session, *, moment: datetime) -> list[Upload]:
    """Everybody's uploads that ended before `moment`."""
    return list(session.exec(select(Upload).where(col(Upload.ended_at) < moment)))
