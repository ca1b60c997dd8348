"""Questions about who may do what with a meeting: its owner, and with whom it is shared.

`reach` is the one condition that says so; every question that finds a meeting goes through it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core.store.account_rows import Share, User
from core.store.tables import Meeting

May = Literal["read", "edit", "own"]
"""What somebody wants to do: "own" is what only the owner may (delete, transcribe anew, correct,
share), and each includes the one before it."""


def reach(user_id: str, may: May = "read") -> ColumnElement[bool]:
    """The condition on a Meeting that this person may do so much with it. Whoever is leaving may
    nothing any more, so that work of theirs that still runs finds nothing and keeps nothing."""
    allowed = col(Meeting.user_id) == user_id
    if may != "own":
        shared = select(Share.meeting_id).where(Share.user_id == user_id)
        if may == "edit":
            shared = shared.where(col(Share.may_edit).is_(True))
        # Not correlated: the question around it may have people and shares of its own.
        allowed = or_(allowed, col(Meeting.id).in_(shared.correlate(None)))
    leaving = select(User.id).where(User.id == user_id, col(User.leaving_at).is_not(None))
    return and_(allowed, ~leaving.correlate(None).exists())


def within_reach(user_id: str) -> SelectOfScalar[str]:
    """The ids of the meetings over which this person finds jobs and conversations of their own:
    their own, in the bin or not, and what is shared with them as long as it is."""
    mine = col(Meeting.user_id) == user_id
    return select(Meeting.id).where(reach(user_id), or_(mine, col(Meeting.deleted_at).is_(None)))


def role(session: Session, *, user_id: str, meeting_id: str) -> May | None:
    """The most that this person may do with a meeting that is not in the bin, None for nothing."""
    kinds: tuple[May, ...] = ("own", "edit", "read")
    for may in kinds:
        query = select(Meeting.id).where(
            Meeting.id == meeting_id, col(Meeting.deleted_at).is_(None), reach(user_id, may)
        )
        if session.exec(query).first():
            return may
    return None


def share(session: Session, *, meeting_id: str, user_id: str) -> Share | None:
    """What was granted to this person."""
    return session.get(Share, (meeting_id, user_id))


def shares(session: Session, *, meeting_id: str) -> list[tuple[Share, User]]:
    """With whom a meeting is shared, by name."""
    query = (
        select(Share, User)
        .join(User, col(User.id) == col(Share.user_id))
        .where(Share.meeting_id == meeting_id, col(User.leaving_at).is_(None))
        .order_by(col(User.folded))
    )
    return list(session.exec(query))


def ensure_share(session: Session, *, meeting_id: str, user_id: str, may_edit: bool) -> Share:
    """Grant it, or change what was granted; of two who do so at once one waits for the other."""
    query = select(Meeting.id).where(Meeting.id == meeting_id)
    session.exec(query.with_for_update(key_share=True)).first()
    found = share(session, meeting_id=meeting_id, user_id=user_id)
    if found is None:
        found = Share(meeting_id=meeting_id, user_id=user_id)
    found.may_edit = may_edit
    session.add(found)
    session.flush()
    return found


def delete_share(session: Session, *, meeting_id: str, user_id: str) -> bool:
    """Take it back; tells whether there was anything."""
    statement = delete(Share).where(
        col(Share.meeting_id) == meeting_id, col(Share.user_id) == user_id
    )
    return session.exec(statement).rowcount == 1


def shared_with(session: Session, *, user_id: str) -> list[tuple[Meeting, User, bool]]:
    """What others share with this person, the latest held first: meeting, owner, may it be
    edited."""
    query = (
        select(Meeting, User, Share.may_edit)
        .join(Share, col(Share.meeting_id) == col(Meeting.id))
        .join(User, col(User.id) == col(Meeting.user_id))
        .where(Share.user_id == user_id, reach(user_id), col(Meeting.deleted_at).is_(None))
        .order_by(col(Meeting.held_at).desc(), col(Meeting.created_at).desc())
    )
    return [(meeting, owner, may_edit) for meeting, owner, may_edit in session.exec(query)]


def delete_shares_of(session: Session, *, user_id: str, meeting_ids: Collection[str] = ()) -> None:
    """All that was granted to a person, and all over these meetings."""
    session.exec(
        delete(Share).where(
            or_(col(Share.user_id) == user_id, col(Share.meeting_id).in_(meeting_ids))
        )
    )
