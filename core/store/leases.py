"""Questions about who may call the model. Times are seconds since 1970."""

from __future__ import annotations

from sqlalchemy import and_, delete, func, or_, update
from sqlmodel import Session, col, select

from core.store.tables import Lease


def add(session: Session, *, priority: int, at: float) -> str:
    """Queue up; tells the new lease's id."""
    lease = Lease(priority=priority, created_at=at, beat_at=at)
    session.add(lease)
    session.flush()
    return lease.id


def try_grant(
    session: Session, *, lease_id: str, priority: int, parallel: int, at: float, dead_after: float
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
        lease = Lease(id=lease_id, priority=priority, created_at=at, beat_at=at)
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
