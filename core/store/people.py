"""Questions about people, their choices and their styles."""

from __future__ import annotations

from sqlmodel import Session, col, select

from core.store.tables import Choice, Style, User


def user_by_name(session: Session, *, name: str) -> User | None:
    """The person of that name."""
    return session.exec(select(User).where(User.name == name)).first()


def ensure_user(session: Session, *, name: str) -> User:
    """The person of that name, made if new."""
    found = user_by_name(session, name=name)
    if found:
        return found
    user = User(name=name)
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


def newest_style(session: Session, *, user_id: str) -> Style | None:
    """The style in force, None before the first."""
    query = select(Style).where(Style.user_id == user_id).order_by(col(Style.version).desc())
    return session.exec(query).first()


def style_version(session: Session, *, user_id: str, version: int) -> Style | None:
    """One version of a person's style."""
    query = select(Style).where(Style.user_id == user_id, Style.version == version)
    return session.exec(query).first()


def styles(session: Session, *, user_id: str) -> list[Style]:
    """All versions of a person's style, newest first."""
    query = select(Style).where(Style.user_id == user_id).order_by(col(Style.version).desc())
    return list(session.exec(query))
