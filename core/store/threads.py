"""Questions about conversations and their turns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, update
from sqlmodel import Session, col, select

from core.store.shares import within_reach
from core.store.tables import Thread, Turn


def thread(session: Session, *, user_id: str, thread_id: str) -> Thread | None:
    """A conversation, if it is this person's, over a meeting that they may still read."""
    query = select(Thread).where(Thread.id == thread_id, _of(user_id))
    return session.exec(query).first()


def hold(session: Session, *, thread_id: str) -> None:
    """Wait until nobody else puts a question in this conversation. SQLite's one writer needs no
    more."""
    query = select(Thread.id).where(Thread.id == thread_id)
    session.exec(query.with_for_update(key_share=True)).first()


def threads(session: Session, *, user_id: str, meeting_id: str) -> list[Thread]:
    """A person's conversations about a meeting, newest first."""
    query = (
        select(Thread)
        .where(_of(user_id), Thread.meeting_id == meeting_id)
        .order_by(col(Thread.created_at).desc())
    )
    return list(session.exec(query))


def turns(session: Session, *, thread_id: str) -> list[Turn]:
    """The turns of a conversation in order."""
    query = select(Turn).where(Turn.thread_id == thread_id).order_by(col(Turn.number))
    return list(session.exec(query))


def turn(session: Session, *, user_id: str, turn_id: str) -> Turn | None:
    """A turn, if it is this person's, over a meeting that they may still read."""
    query = (
        select(Turn)
        .join(Thread, col(Thread.id) == col(Turn.thread_id))
        .where(Turn.id == turn_id, _of(user_id))
    )
    return session.exec(query).first()


def next_number(session: Session, *, thread_id: str) -> int:
    """The number of the next turn; the first is 1."""
    query = select(func.max(Turn.number)).where(Turn.thread_id == thread_id)
    return (session.exec(query).one() or 0) + 1


def update_turn(
    session: Session, *, turn_id: str, unless: tuple[str, ...] = (), **values: object
) -> bool:
    """Set columns of a turn, unless its state is among `unless`; tells whether it was set."""
    statement = (
        update(Turn).where(col(Turn.id) == turn_id, col(Turn.state).not_in(unless)).values(**values)
    )
    return session.exec(statement).rowcount == 1


def makers(session: Session, *, host: str) -> set[int]:
    """The processes of a host that, by their word, answer turns now."""
    query = select(Turn.process).where(
        col(Turn.state).in_(("queued", "running")), Turn.host == host
    )
    return {process for process in session.exec(query) if process is not None}


def fail_turns_of(
    session: Session, *, host: str, processes: Sequence[int], error: dict[str, object]
) -> int:
    """Mark the turns failed that these processes of a host answered; tells how many."""
    statement = (
        update(Turn)
        .where(
            col(Turn.state).in_(("queued", "running")),
            col(Turn.host) == host,
            col(Turn.process).in_(processes),
        )
        .values(state="failed", error=error)
    )
    return int(session.exec(statement).rowcount)


def silent_turns(session: Session, *, before: datetime) -> bool:
    """Whether some turn's maker has shown no life since `before`."""
    query = select(Turn.id).where(col(Turn.state).in_(("queued", "running")), Turn.beat_at < before)
    return session.exec(query.limit(1)).first() is not None


def fail_silent_turns(session: Session, *, before: datetime, error: dict[str, object]) -> int:
    """Mark turns failed whose maker has shown no life since `before`; tells how many."""
    statement = (
        update(Turn)
        .where(col(Turn.state).in_(("queued", "running")), col(Turn.beat_at) < before)
        .values(state="failed", error=error)
    )
    return int(session.exec(statement).rowcount)


def live_turns(session: Session, *, user_id: str, meeting_id: str | None = None) -> list[Turn]:
    """A person's turns that wait or are being answered, also over what they may not read any
    more; only those over one meeting if asked."""
    query = (
        select(Turn)
        .join(Thread, col(Thread.id) == col(Turn.thread_id))
        .where(Thread.user_id == user_id, col(Turn.state).in_(("queued", "running")))
    )
    if meeting_id is not None:
        query = query.where(Thread.meeting_id == meeting_id)
    return list(session.exec(query))


def _of(user_id: str) -> ColumnElement[bool]:
    return and_(col(Thread.user_id) == user_id, col(Thread.meeting_id).in_(within_reach(user_id)))
