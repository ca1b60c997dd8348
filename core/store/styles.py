"""Questions about a person's named styles and their texts. Each takes the person's id.

`Style.version` counts all texts of a person, so whoever adds one holds the person's row first.
"""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.store.account_rows import User
from core.store.memory_rows import NamedStyle, Style


def hold(session: Session, *, user_id: str) -> None:
    """Wait until nobody else changes this person's styles. SQLite's one writer needs no more."""
    session.exec(select(User.id).where(User.id == user_id).with_for_update()).first()


def named_styles(session: Session, *, user_id: str) -> list[NamedStyle]:
    """A person's styles that are not removed, the oldest first."""
    query = (
        select(NamedStyle)
        .where(NamedStyle.user_id == user_id, col(NamedStyle.deleted_at).is_(None))
        .order_by(col(NamedStyle.created_at), col(NamedStyle.id))
    )
    return list(session.exec(query))


def named_style(
    session: Session, *, user_id: str, style_id: str, removed: bool = False
) -> NamedStyle | None:
    """One of a person's styles; with `removed` one that they removed."""
    row = session.get(NamedStyle, style_id)
    if row is None or row.user_id != user_id or (row.deleted_at is not None) != removed:
        return None
    return row


def default_style(session: Session, *, user_id: str) -> NamedStyle | None:
    """The style that is used where none is chosen, None before the first."""
    query = select(NamedStyle).where(
        NamedStyle.user_id == user_id,
        col(NamedStyle.is_default),
        col(NamedStyle.deleted_at).is_(None),
    )
    return session.exec(query).first()


def ensure_default_style(session: Session, *, user_id: str) -> NamedStyle:
    """The default style, made if there is none. Its name is empty: pages have a word for it."""
    found = default_style(session, user_id=user_id)
    if found:
        return found
    named = NamedStyle(user_id=user_id, name="", is_default=True)
    session.add(named)
    session.flush()
    return named


def add_text(session: Session, *, named: NamedStyle, text: str) -> Style:
    """The next version of a style; the caller holds the person's styles."""
    style = Style(
        user_id=named.user_id,
        named_style_id=named.id,
        version=last_version(session, user_id=named.user_id) + 1,
        text=text,
    )
    session.add(style)
    session.flush()
    return style


def last_version(session: Session, *, user_id: str) -> int:
    """The newest number that any text of any of the person's styles has; 0 before the first."""
    query = select(func.max(Style.version)).where(Style.user_id == user_id)
    return session.exec(query).one() or 0


def newest_texts(session: Session, *, user_id: str) -> dict[str, Style]:
    """The text in force of each of the person's styles that has one, by the style's id."""
    newest = (
        select(func.max(Style.version))
        .where(Style.user_id == user_id)
        .group_by(col(Style.named_style_id))
    )
    query = select(Style).where(Style.user_id == user_id, col(Style.version).in_(newest))
    return {style.named_style_id: style for style in session.exec(query)}


def newest_text(session: Session, *, named: NamedStyle) -> Style | None:
    """The text in force of one style, None before the first."""
    query = (
        select(Style)
        .where(Style.named_style_id == named.id)
        .order_by(col(Style.version).desc())
        .limit(1)
    )
    return session.exec(query).first()


def newest_style(session: Session, *, user_id: str) -> Style | None:
    """The text in force of the default style, None before the first."""
    named = default_style(session, user_id=user_id)
    return newest_text(session, named=named) if named else None


def texts(session: Session, *, named: NamedStyle) -> list[Style]:
    """All versions of one style, newest first."""
    query = (
        select(Style).where(Style.named_style_id == named.id).order_by(col(Style.version).desc())
    )
    return list(session.exec(query))


def style_version(session: Session, *, user_id: str, version: int) -> Style | None:
    """One version of a person's styles, by its number."""
    query = select(Style).where(Style.user_id == user_id, Style.version == version)
    return session.exec(query).first()


def styles(session: Session, *, user_id: str) -> list[Style]:
    """All versions of all of a person's styles, newest first."""
    query = select(Style).where(Style.user_id == user_id).order_by(col(Style.version).desc())
    return list(session.exec(query))
