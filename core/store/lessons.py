"""Questions about lessons: what a person did that there may be something to learn from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from core.store.memory_rows import Lesson
from core.store.tables import Thread, Turn
from core.store.types import now

QUEUED, RUNNING, FINISHED, FAILED = "queued", "running", "finished", "failed"
DISMISSED = "dismissed"
"""A failed one that the person does not want to be told of any more."""
KEPT = 50
"""Ended lessons that a person may still look at; older ones go."""


def lessons(session: Session, *, user_id: str) -> list[Lesson]:
    """A person's lessons, newest first."""
    query = select(Lesson).where(Lesson.user_id == user_id)
    return list(session.exec(query.order_by(col(Lesson.created_at).desc(), col(Lesson.id))))


def lesson(session: Session, *, user_id: str, lesson_id: str) -> Lesson | None:
    """One lesson of this person."""
    found = session.get(Lesson, lesson_id)
    return found if found is not None and found.user_id == user_id else None


def open_lesson(session: Session, *, user_id: str, key: str) -> Lesson | None:
    """The lesson about this that nobody has begun."""
    query = select(Lesson).where(
        Lesson.user_id == user_id, Lesson.key == key, Lesson.state == QUEUED
    )
    return session.exec(query).first()


def queued(session: Session, *, user_id: str) -> list[Lesson]:
    """What a person's lessons wait for, in the order in which they are to be done."""
    query = select(Lesson).where(Lesson.user_id == user_id, Lesson.state == QUEUED)
    return list(session.exec(query.order_by(col(Lesson.created_at))))


def waiting_people(session: Session) -> list[str]:
    """Who has lessons that wait."""
    query = select(Lesson.user_id).where(Lesson.state == QUEUED).distinct()
    return list(session.exec(query))


def begin(session: Session, *, lesson_id: str) -> bool:
    """Take a lesson up; tells whether nobody else had."""
    return _set(session, Lesson.id == lesson_id, Lesson.state == QUEUED, state=RUNNING)


def end(
    session: Session, *, lesson_id: str, proposed: int, error: Mapping[str, Any] | None
) -> None:
    """A lesson has ended, with an error where one is given."""
    values = {"state": FAILED if error else FINISHED, "proposed": proposed}
    _set(session, Lesson.id == lesson_id, **values, error=error, ended_at=now())


def queue_again(session: Session, *, lesson_id: str, at: datetime) -> bool:
    """Put a failed lesson in the queue; tells whether it was one."""
    return _set(
        session,
        Lesson.id == lesson_id,
        Lesson.state == FAILED,
        state=QUEUED,
        error=None,
        ended_at=None,
        created_at=at,
    )


def dismiss(session: Session, *, lesson_id: str) -> bool:
    """Put a failed lesson out of sight; tells whether it was one, or was out of sight already."""
    mine = (Lesson.id == lesson_id, col(Lesson.state).in_((FAILED, DISMISSED)))
    return _set(session, *mine, state=DISMISSED)


def take_back(session: Session, *, but: Collection[str]) -> int:
    """Put lessons that somebody began and did not end in the queue, except these."""
    query = select(Lesson).where(Lesson.state == RUNNING, col(Lesson.id).not_in(list(but)))
    found = list(session.exec(query))
    for one in found:
        one.state = QUEUED
    return len(found)


def drop_over(session: Session, *, user_id: str, meeting_id: str) -> None:
    """Delete a person's lessons over one meeting: they hold pieces of it."""
    mine = (col(Lesson.user_id) == user_id, col(Lesson.meeting_id) == meeting_id)
    session.exec(delete(Lesson).where(*mine))


def drop_old(session: Session, *, user_id: str) -> None:
    """Delete a person's ended lessons but the last few."""
    states = (FINISHED, FAILED, DISMISSED)
    ended = [one.id for one in lessons(session, user_id=user_id) if one.state in states]
    if len(ended) > KEPT:
        session.exec(delete(Lesson).where(col(Lesson.id).in_(ended[KEPT:])))


def meeting_of(session: Session, *, thread_id: str) -> str | None:
    """The meeting that a conversation is about."""
    thread = session.get(Thread, thread_id)
    return thread.meeting_id if thread else None


def tell_turn(
    session: Session, *, turn_id: str, notice: dict[str, Any], instead_of: Collection[str]
) -> None:
    """Put a notice under a turn, in the place of those with the keys of `instead_of`."""
    turn = session.get(Turn, turn_id)
    if turn is not None:
        kept = [one for one in turn.notices if one.get("key") not in instead_of]
        turn.notices = [*kept, notice]


def _set(session: Session, *conditions: Any, **values: Any) -> bool:
    return session.exec(update(Lesson).where(*conditions).values(**values)).rowcount == 1
