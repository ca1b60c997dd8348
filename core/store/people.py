"""Questions about people and their choices."""

from __future__ import annotations

import unicodedata

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core.store.account_rows import User
from core.store.tables import Choice


def folded_name(name: str) -> str:
    """A name as it is looked up: without case, width and spaces, so that no two people's look
    alike."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def user_by_name(session: Session, *, name: str) -> User | None:
    """The person of that name."""
    return session.exec(select(User).where(User.folded == folded_name(name))).first()


def ensure_user(session: Session, *, name: str) -> User:
    """The person of that name, made if new."""
    found = user_by_name(session, name=name)
    if found:
        return found
    user = User(name=name, folded=folded_name(name))
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:  # two ask at the same moment: PostgreSQL has more than one writer
        made = user_by_name(session, name=name)
        if made is None:
            raise
        return made
    return user


def choice(session: Session, *, owner: str, name: str) -> str | None:
    """What `owner` chose for the setting `name`, None where nothing was chosen."""
    row = session.get(Choice, (owner, name))
    return row.value if row else None


def ensure_choice(session: Session, *, owner: str, name: str, value: str | None) -> None:
    """Keep a choice; None forgets it."""
    mine = (col(Choice.owner) == owner, col(Choice.name) == name)
    if value is None:
        session.exec(delete(Choice).where(*mine))
        return
    change = update(Choice).where(*mine).values(value=value)
    if session.exec(change).rowcount:
        return
    try:
        with session.begin_nested():
            session.add(Choice(owner=owner, name=name, value=value))
    except IntegrityError:  # as in ensure_user
        session.exec(change)
