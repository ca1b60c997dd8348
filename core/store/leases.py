"""Questions about who may call the model. Times are seconds since 1970.

The queue is a few rows, so one SELECT reads all of it and the judging is done here: each call of a
model waits for these statements, and they are plain SQL rather than objects for that reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlmodel import Session

from core.store.machine_rows import Lease

_LEASE = Lease.metadata.tables[str(Lease.__tablename__)]
_ROWS = select(_LEASE)
_ADD = insert(_LEASE)
_REMOVE = delete(_LEASE).where(_LEASE.c.id == bindparam("lease_id"))
_BEAT = update(_LEASE).where(_LEASE.c.id == bindparam("lease_id"))
_FRESH = 1.0
"""A heartbeat younger than this many seconds is not written again: who waits looks often."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process of a host."""

    host: str
    process: int


def try_grant(
    session: Session,
    *,
    lease_id: str,
    holder: Holder,
    priority: int,
    parallel: int,
    clock: Callable[[], float],
    dead_after: float,
    is_alive: Callable[[int], bool],
) -> int:
    """Queue up if not there yet, and grant the lease if it is its turn and a place is free. Tells
    how many calls are before it: 0 means that it is granted.

    Removed are first the leases of ended processes of this host (`is_alive` judges a process) and
    those without a heartbeat for `dead_after` seconds. One that was removed so, because its process
    slept, queues up again at the end.
    """
    connection = session.connection()
    _take_turns(connection)
    # Asked only now: who had to wait for the lock must not be older than who had it before.
    at = clock()
    rows = _living(
        connection, besides=lease_id, holder=holder, at=at, dead_after=dead_after, is_alive=is_alive
    )
    mine = next((row for row in rows if row.id == lease_id), None)
    if mine is not None and mine.granted:
        return 0
    before = _before(rows, mine=mine, priority=priority)
    granted = before < parallel
    if mine is None:
        connection.execute(
            _ADD,
            {
                "id": lease_id,
                "host": holder.host,
                "process": holder.process,
                "priority": priority,
                "granted": granted,
                "created_at": at,
                "beat_at": at,
            },
        )
    elif granted or not 0 <= at - mine.beat_at < _FRESH:
        connection.execute(_BEAT, {"lease_id": lease_id, "granted": granted, "beat_at": at})
    return 0 if granted else before - parallel + 1


def beat(session: Session, *, lease_id: str, at: float) -> None:
    """Show life."""
    session.connection().execute(_BEAT, {"lease_id": lease_id, "beat_at": at})


def remove(session: Session, *, lease_id: str) -> None:
    """Give the place back."""
    session.connection().execute(_REMOVE, {"lease_id": lease_id})


def _take_turns(connection: Connection) -> None:
    """Let no other transaction judge the queue until this one ends. SQLite has one writer anyway;
    on PostgreSQL two that look at the same time would both find the place free."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE lease IN EXCLUSIVE MODE")


def _living(
    connection: Connection,
    *,
    besides: str,
    holder: Holder,
    at: float,
    dead_after: float,
    is_alive: Callable[[int], bool],
) -> Sequence[Row[Any]]:
    """The queue without those whose process has ended or is silent; `besides` is never one."""
    rows = connection.execute(_ROWS).all()
    others = {row.process for row in rows if row.host == holder.host} - {holder.process}
    ended = {process for process in others if not is_alive(process)}
    dead = {
        row.id
        for row in rows
        if row.id != besides
        # A clock set back must not keep a dead lease alive for ever: so the distance, not the age.
        and (
            (row.host == holder.host and row.process in ended) or abs(at - row.beat_at) > dead_after
        )
    }
    if not dead:
        return rows
    connection.execute(_REMOVE, [{"lease_id": lease_id} for lease_id in dead])
    return [row for row in rows if row.id not in dead]


def _before(rows: Sequence[Row[Any]], *, mine: Row[Any] | None, priority: int) -> int:
    """How many calls run or go first: chat before minutes, then first come, first served."""
    if mine is None:
        return sum(row.granted or row.priority <= priority for row in rows)
    place = (mine.priority, mine.created_at, mine.id)
    return sum(row.granted or (row.priority, row.created_at, row.id) < place for row in rows)
