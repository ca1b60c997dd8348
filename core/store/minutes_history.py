"""Questions about how the versions of a meeting's minutes came about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import QueryableAttribute, load_only
from sqlmodel import Session, col, select

from core.store.tables import Job, MinutesRow


@dataclass(frozen=True, slots=True)
class VersionMade:
    """One version without its contents; `origin` and `based_on` as in MinutesRow."""

    version: int
    engine: str
    origin: str
    based_on: int | None
    transcript_job: str | None
    user_id: str
    created_at: datetime


_COLUMNS = tuple(
    cast("QueryableAttribute[Any]", getattr(MinutesRow, one.name)) for one in fields(VersionMade)
)


def versions(
    session: Session, *, meeting_id: str, user_ids: Collection[str] | None = None
) -> list[VersionMade]:
    """All versions, or those of these people, newest first."""
    query = (
        select(MinutesRow)
        .options(load_only(*_COLUMNS))  # the texts of a hundred versions are not wanted
        .where(MinutesRow.meeting_id == meeting_id)
        .order_by(col(MinutesRow.version).desc())
    )
    if user_ids is not None:
        query = query.where(col(MinutesRow.user_id).in_(user_ids))
    return [
        VersionMade(
            version=row.version,
            engine=row.engine,
            origin=row.origin,
            based_on=row.based_on,
            transcript_job=row.transcript_job,
            user_id=row.user_id,
            created_at=row.created_at,
        )
        for row in session.exec(query)
    ]


def carry_transcript(session: Session, *, minutes_id: str, transcript_job: str | None) -> None:
    """Say that a version rests on the transcript that the version before it rested on."""
    row = session.get(MinutesRow, minutes_id)
    assert row is not None, "kept in this transaction"
    row.transcript_job = transcript_job
    session.add(row)
    session.flush()


def written_at(session: Session, *, meeting_id: str, version: int) -> datetime:
    """When the contents of a version were last made from the transcript: changing or restoring
    minutes by hand reads nothing again. A job may have read before a text was changed and have
    ended after, so its beginning counts."""
    made = {one.version: one for one in versions(session, meeting_id=meeting_id)}
    one = made[version]
    while one.origin in ("edited", "restored") and one.based_on in made:
        one = made[one.based_on]
    begun = session.exec(
        select(Job.created_at)
        .join(MinutesRow, col(MinutesRow.job_id) == col(Job.id))
        .where(MinutesRow.meeting_id == meeting_id, MinutesRow.version == one.version)
    ).first()
    return begun or one.created_at
