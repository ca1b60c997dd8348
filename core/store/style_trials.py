"""What a style can be tried on."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.store.shares import reach
from core.store.tables import Meeting, MinutesRow


def meetings_with_minutes(session: Session, *, user_id: str, limit: int) -> list[Meeting]:
    """The meetings of which this person has minutes of their own, the last written first."""
    query = (
        select(Meeting)
        .join(MinutesRow, col(MinutesRow.meeting_id) == Meeting.id)
        .where(MinutesRow.user_id == user_id, reach(user_id), col(Meeting.deleted_at).is_(None))
        .group_by(col(Meeting.id))
        .order_by(func.max(MinutesRow.created_at).desc())
        .limit(limit)
    )
    return list(session.exec(query))
