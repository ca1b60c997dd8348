"""Questions about what was tried in vain of late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from core.store.account_rows import Attempts


def held_attempts(session: Session, *, key: str, at: datetime) -> Attempts:
    """The row of `key`, made if new (count 0), kept from changing until the transaction ends."""
    insert: Any = postgresql.insert
    if session.connection().dialect.name == "sqlite":
        insert = sqlite.insert
    fresh = {"key": key, "count": 0, "first_at": at, "last_at": at}
    session.connection().execute(insert(Attempts).values(fresh).on_conflict_do_nothing())
    return session.exec(select(Attempts).where(Attempts.key == key).with_for_update()).one()


def forget_attempts(session: Session, *, key: str) -> None:
    """Begin to count anew."""
    session.exec(delete(Attempts).where(col(Attempts.key) == key))


def take_back_attempt(session: Session, *, key: str) -> None:
    """One that was counted was not in vain."""
    one_less = update(Attempts).where(col(Attempts.key) == key, col(Attempts.count) > 0)
    session.exec(one_less.values(count=col(Attempts.count) - 1))


def forget_old_attempts(session: Session, *, before: datetime) -> None:
    """Forget what nobody went on with."""
    session.exec(delete(Attempts).where(col(Attempts.last_at) < before))
