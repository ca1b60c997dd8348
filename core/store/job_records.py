"""Questions about a person's jobs: what their pages show of the durable workflows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core.store.shares import within_reach
from core.store.tables import Job
from core.store.types import now

LIVE = ("queued", "running")
ENDED = ("finished", "failed", "cancelled")


def job(session: Session, *, job_id: str) -> Job | None:
    """A job by its id. The caller checks whose it is."""
    return session.get(Job, job_id)


def job_of(session: Session, *, user_id: str, job_id: str) -> Job | None:
    """A job, if it is this person's, over a meeting that they may still read."""
    return session.exec(select(Job).where(Job.id == job_id, _of(user_id))).first()


def ensure_job(session: Session, *, job: Job) -> tuple[Job, bool]:
    """The job of this id, and whether this made it. Where two ask at the same moment, one makes it:
    PostgreSQL has more than one writer."""
    found = session.get(Job, job.id)
    if found is None:
        try:
            with session.begin_nested():
                session.add(job)
            return job, True
        except IntegrityError:
            found = session.get(Job, job.id)
            if found is None:  # its meeting is gone
                raise
    return found, False


def jobs_of(session: Session, *, user_id: str, meeting_id: str | None = None) -> list[Job]:
    """A person's jobs over meetings that they may still read, newest first; only those over one
    meeting if asked."""
    query = select(Job).where(_of(user_id))
    if meeting_id is not None:
        query = query.where(Job.meeting_id == meeting_id)
    return list(session.exec(query.order_by(col(Job.created_at).desc())))


def jobs_over(session: Session, *, meeting_id: str) -> list[Job]:
    """Everybody's jobs over a meeting, newest first. The caller has checked who asks."""
    query = select(Job).where(Job.meeting_id == meeting_id)
    return list(session.exec(query.order_by(col(Job.created_at).desc())))


def jobs_by(session: Session, *, user_id: str) -> list[Job]:
    """All jobs of a person, also over what they may not read any more."""
    return list(session.exec(select(Job).where(Job.user_id == user_id)))


def live_jobs(session: Session, *, user_id: str) -> list[Job]:
    """A person's jobs that wait or run over meetings that they may still read, oldest first."""
    query = select(Job).where(_of(user_id), col(Job.state).in_(LIVE)).order_by(col(Job.created_at))
    return list(session.exec(query))


def update_job(
    session: Session, *, job_id: str, unless: tuple[str, ...] = (), **values: Any
) -> bool:
    """Set columns of a job, unless its state is among `unless`; tells whether it was set."""
    statement = (
        update(Job)
        .where(col(Job.id) == job_id, col(Job.state).not_in(unless))
        .values(updated_at=now(), **values)
    )
    return session.exec(statement).rowcount == 1


def count_waiting(session: Session, *, job: Job) -> int:
    """How many other jobs of its person and stage wait."""
    query = select(func.count()).where(
        Job.user_id == job.user_id,
        Job.stage == job.stage,
        Job.state == "queued",
        col(Job.id) != job.id,
    )
    return session.exec(query).one()


def begin_job(session: Session, *, job_id: str) -> tuple[int, float]:
    """Note that a process begins to work on a job. Tells how many have begun since it last got on,
    this one too, and how far it ever got."""
    statement = (
        update(Job)
        .where(col(Job.id) == job_id)
        .values(
            tries=col(Job.tries) + 1,
            reached=case(
                (col(Job.progress) > col(Job.reached), col(Job.progress)), else_=col(Job.reached)
            ),
        )
        .returning(col(Job.tries), col(Job.reached))
    )
    row = session.execute(statement).first()
    return (row[0], row[1]) if row else (0, 0.0)


def let_go(session: Session, *, job_id: str, step: str) -> None:
    """Note that nobody works any more on a job that was cancelled and stands at this step."""
    statement = (
        update(Job)
        .where(col(Job.id) == job_id, col(Job.state) == "cancelled", col(Job.step) == step)
        .values(step="cancelled")
    )
    session.exec(statement)


def all_live(session: Session, *, at: datetime, older_than: timedelta) -> list[Job]:
    """Everybody's jobs that wait or run and were not touched just now. Those touched in the future
    are among them: the clock was set back."""
    far = or_(col(Job.updated_at) < at - older_than, col(Job.updated_at) > at + older_than)
    return list(session.exec(select(Job).where(col(Job.state).in_(LIVE), far)))


def _of(user_id: str) -> ColumnElement[bool]:
    return and_(col(Job.user_id) == user_id, col(Job.meeting_id).in_(within_reach(user_id)))
