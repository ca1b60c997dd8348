"""Questions about people, their choices and their styles."""

from __future__ import annotations

import unicodedata

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.store.account_rows import User
from core.store.memory_rows import NamedStyle, Style
from core.store.tables import Choice


def folded_name(name: str) -> str:
    """A name as it is looked up: without case and width, so that no two people's look alike."""
    return unicodedata.normalize("NFKC", name).casefold()


def user_by_name(session: Session, *, name: str) -> User | None:
    """The person of that name."""
    return session.exec(select(User).where(User.folded == folded_name(name))).first()


def ensure_user(session: Session, *, name: str) -> User:
    """The person of that name, made if new."""
    found = user_by_name(session, name=name)
    if found:
        return found
    user = User(name=name, folded=folded_name(name))
    session.add(user)
    session.flush()
    return user


def choice(session: Session, *, owner: str, name: str) -> str | None:
    """What `owner` chose for the setting `name`, None where nothing was chosen."""
    row = session.get(Choice, (owner, name))
    return row.value if row else None


def ensure_choice(session: Session, *, owner: str, name: str, value: str | None) -> None:
    """Keep a choice; None forgets it."""
    row = session.get(Choice, (owner, name))
    if value is None:
        if row:
            session.delete(row)
        return
    session.merge(Choice(owner=owner, name=name, value=value))


def default_style(session: Session, *, user_id: str) -> NamedStyle | None:
    """The named style that is used where none is chosen, None before the first."""
    query = select(NamedStyle).where(
        NamedStyle.user_id == user_id,
        col(NamedStyle.is_default),
        col(NamedStyle.deleted_at).is_(None),
    )
    return session.exec(query).first()


def ensure_default_style(session: Session, *, user_id: str) -> NamedStyle:
    """The default style, made if there is none. Its name is empty: pages call it "default"."""
    found = default_style(session, user_id=user_id)
    if found:
        return found
    named = NamedStyle(user_id=user_id, name="", is_default=True)
    session.add(named)
    session.flush()
    return named


def last_version(session: Session, *, user_id: str) -> int:
    """The newest number that any text of any of the person's styles has; 0 before the first."""
    query = select(func.max(Style.version)).where(Style.user_id == user_id)
    return session.exec(query).one() or 0


def newest_style(session: Session, *, user_id: str) -> Style | None:
    """The text in force of the default style, None before the first."""
    query = (
        select(Style)
        .join(NamedStyle, col(NamedStyle.id) == Style.named_style_id)
        .where(
            Style.user_id == user_id,
            col(NamedStyle.is_default),
            col(NamedStyle.deleted_at).is_(None),
        )
        .order_by(col(Style.version).desc())
    )
    return session.exec(query).first()


def style_version(session: Session, *, user_id: str, version: int) -> Style | None:
    """One version of a person's style."""
    query = select(Style).where(Style.user_id == user_id, Style.version == version)
    return session.exec(query).first()


def styles(session: Session, *, user_id: str) -> list[Style]:
    """All versions of a person's style, newest first."""
    query = select(Style).where(Style.user_id == user_id).order_by(col(Style.version).desc())
    return list(session.exec(query))
