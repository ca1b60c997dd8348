"""Questions about what is remembered of a person. Each takes the person's id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from core.domain.memory import Entry, Kind, Status
from core.store.account_rows import User
from core.store.memory_rows import MemoryEntry

_AT_ONCE = 500
"""Ids in one statement: SQLite takes some thousands at most."""


def hold(session: Session, *, user_id: str) -> None:
    """Wait until nobody else changes what is remembered of this person. SQLite's one writer needs
    no more."""
    query = select(User.id).where(User.id == user_id)
    session.exec(query.with_for_update(key_share=True)).first()


def rows(session: Session, *, user_id: str) -> list[MemoryEntry]:
    """A person's entries, to be changed."""
    return list(session.exec(select(MemoryEntry).where(MemoryEntry.user_id == user_id)))


def entries(
    session: Session,
    *,
    user_id: str,
    kind: Kind | None = None,
    status: Status | None = None,
) -> list[Entry]:
    """A person's entries, the oldest first. Read by columns: there may be ten thousand."""
    columns = MemoryEntry.__table__.c  # type: ignore[attr-defined]
    query = sql_select(
        columns.id,
        columns.kind,
        columns.status,
        columns.text,
        columns.heard,
        columns.note,
        columns.source,
        columns.created_at,
        columns.updated_at,
        columns.used_at,
        columns.replaces,
    ).where(columns.user_id == user_id)
    if kind is not None:
        query = query.where(columns.kind == kind.value)
    if status is not None:
        query = query.where(columns.status == status.value)
    session.flush()
    found = session.connection().execute(query.order_by(columns.created_at, columns.id))
    return [
        Entry(entry_id, Kind(of_kind), Status(state), text, tuple(heard), note, source, *rest)
        for entry_id, of_kind, state, text, heard, note, source, *rest in found
    ]


def row(session: Session, *, user_id: str, entry_id: str) -> MemoryEntry | None:
    """One entry of this person."""
    found = session.get(MemoryEntry, entry_id)
    return found if found is not None and found.user_id == user_id else None


def is_taken(session: Session, *, entry_id: str) -> bool:
    """Whether somebody has an entry of that id."""
    return session.get(MemoryEntry, entry_id) is not None


def alike(session: Session, *, user_id: str, kind: Kind, fingerprint: str) -> MemoryEntry | None:
    """The person's entry of that fingerprint, whatever became of it."""
    query = select(MemoryEntry).where(
        MemoryEntry.user_id == user_id,
        MemoryEntry.kind == kind.value,
        MemoryEntry.fingerprint == fingerprint,
    )
    return session.exec(query).first()


def count(session: Session, *, user_id: str) -> int:
    """How many entries the person has, those out of force among them."""
    query = select(func.count()).where(col(MemoryEntry.user_id) == user_id)
    return session.exec(query).one()


def note_used(session: Session, *, user_id: str, entry_ids: Sequence[str], at: datetime) -> None:
    """Note that a model was given these; who notes others meanwhile waits, since rows that two
    change in different orders are a deadlock."""
    hold(session, user_id=user_id)
    for first in range(0, len(entry_ids), _AT_ONCE):
        session.connection().execute(
            update(MemoryEntry)
            .where(
                col(MemoryEntry.user_id) == user_id,
                col(MemoryEntry.id).in_(entry_ids[first : first + _AT_ONCE]),
            )
            .values(used_at=at)
        )


def replacing(session: Session, *, user_id: str, entry_id: str) -> list[MemoryEntry]:
    """The person's entries that put this one out of force, or would."""
    query = select(MemoryEntry).where(
        MemoryEntry.user_id == user_id, MemoryEntry.replaces == entry_id
    )
    return list(session.exec(query))


def entry(found: MemoryEntry) -> Entry:
    """A row as the domain knows it."""
    return Entry(
        entry_id=found.id,
        kind=Kind(found.kind),
        status=Status(found.status),
        text=found.text,
        heard=tuple(found.heard),
        note=found.note,
        source=dict(found.source),
        created_at=found.created_at,
        updated_at=found.updated_at,
        used_at=found.used_at,
        replaces=found.replaces,
    )
