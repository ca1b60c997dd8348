"""Questions about who may call the model. Times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import and_, delete, func, or_, update
from sqlmodel import Session, col, select

from core.store.tables import Lease


@dataclass(frozen=True, slots=True)
class Holder:
    """A process of a host."""

    host: str
    process: int


def add(session: Session, *, holder: Holder, priority: int, at: float) -> str:
    """Queue up; tells the new lease's id."""
    lease = Lease(
        host=holder.host,
        process=holder.process,
        priority=priority,
        created_at=at,
        beat_at=at,
    )
    session.add(lease)
    session.flush()
    return lease.id


def take_turns(session: Session) -> None:
    """Let no other transaction judge the queue until this one ends. SQLite has one writer anyway;
    on PostgreSQL two that look at the same time would both find the place free."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE lease IN EXCLUSIVE MODE")


def remove_dead(session: Session, *, host: str, is_alive: Callable[[int], bool]) -> None:
    """Remove the leases of processes of this host that have ended."""
    for lease in session.exec(select(Lease).where(Lease.host == host)):
        if not is_alive(lease.process):
            session.delete(lease)
    session.flush()


def try_grant(
    session: Session,
    *,
    lease_id: str,
    holder: Holder,
    priority: int,
    parallel: int,
    at: float,
    dead_after: float,
) -> int:
    """Grant the lease if it is its turn and a place is free. Tells how many calls are before it:
    0 means that it is granted. Leases without a heartbeat for `dead_after` seconds are removed."""
    session.exec(
        delete(Lease).where(
            col(Lease.id) != lease_id,
            # A clock set back must not keep a dead lease alive for ever.
            or_(col(Lease.beat_at) < at - dead_after, col(Lease.beat_at) > at + dead_after),
        )
    )
    lease = session.get(Lease, lease_id)
    if lease is None:  # removed while this process slept: back to the end of the queue
        lease = Lease(
            id=lease_id,
            host=holder.host,
            process=holder.process,
            priority=priority,
            created_at=at,
            beat_at=at,
        )
        session.add(lease)
        session.flush()
    if lease.granted:
        return 0
    lease.beat_at = at
    running = session.exec(
        select(func.count()).select_from(Lease).where(col(Lease.granted).is_(True))
    ).one()
    waiting_before = session.exec(
        select(func.count())
        .select_from(Lease)
        .where(
            col(Lease.granted).is_(False),
            or_(
                col(Lease.priority) < lease.priority,
                and_(
                    col(Lease.priority) == lease.priority,
                    or_(
                        col(Lease.created_at) < lease.created_at,
                        and_(col(Lease.created_at) == lease.created_at, col(Lease.id) < lease.id),
                    ),
                ),
            ),
        )
    ).one()
    if running + waiting_before < parallel:
        lease.granted = True
        return 0
    return max(1, running + waiting_before - parallel + 1)


def beat(session: Session, *, lease_id: str, at: float) -> None:
    """Show life."""
    session.exec(update(Lease).where(col(Lease.id) == lease_id).values(beat_at=at))


def remove(session: Session, *, lease_id: str) -> None:
    """Give the place back."""
    session.exec(delete(Lease).where(col(Lease.id) == lease_id))
