"""Questions about a person's own templates. Each takes the person's id."""

from __future__ import annotations

from sqlmodel import Session, col, select

from core.store.tables import TemplateRow


def templates(session: Session, *, user_id: str) -> list[TemplateRow]:
    """A person's own templates that are not deleted, the oldest first."""
    query = (
        select(TemplateRow)
        .where(TemplateRow.user_id == user_id, col(TemplateRow.deleted_at).is_(None))
        .order_by(col(TemplateRow.created_at), col(TemplateRow.id))
    )
    return list(session.exec(query))


def template(
    session: Session, *, user_id: str, key: str, deleted: bool = False
) -> TemplateRow | None:
    """One of a person's own templates; with `deleted` one that they deleted."""
    row = session.get(TemplateRow, key)
    if row is None or row.user_id != user_id or (row.deleted_at is not None) != deleted:
        return None
    return row
