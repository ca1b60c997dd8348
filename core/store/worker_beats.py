"""Questions about which workers live, where several share a database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnClause, delete, literal_column, text, update
from sqlalchemy import select as select_values
from sqlmodel import Session, col, select

from core.store.machine_rows import WorkerBeat

_TAKING_OVER = 0x74616B65
"""PostgreSQL's advisory lock for whoever takes jobs over ("take")."""
_NOW: dict[str, ColumnClause[float]] = {
    "postgresql": literal_column("extract(epoch from clock_timestamp())::float8"),
    "sqlite": literal_column("(julianday('now') - 2440587.5) * 86400.0"),
}


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that works on jobs, under a name of its own; `run` differs from start to start."""

    executor: str
    run: str
    host: str
    process: int
    storage: str


def begin(session: Session, worker: Worker) -> None:
    """This is the worker of that name from now on."""
    before = session.get(WorkerBeat, worker.executor)
    fresh = WorkerBeat(
        executor=worker.executor,
        run=worker.run,
        host=worker.host,
        process=worker.process,
        storage=worker.storage,
        # Counted on, so that nobody takes the silence before for our own.
        beats=before.beats + 1 if before else 0,
        beat_at=_now(session),
    )
    session.merge(fresh)


def beat(session: Session, worker: Worker) -> bool:
    """Show life; False where another process has taken the name."""
    statement = (
        update(WorkerBeat)
        .where(col(WorkerBeat.executor) == worker.executor, col(WorkerBeat.run) == worker.run)
        .values(beats=col(WorkerBeat.beats) + 1, beat_at=_now(session))
    )
    if session.exec(statement).rowcount == 1:
        return True
    if session.get(WorkerBeat, worker.executor) is not None:
        return False
    begin(session, worker)  # forgotten: we slept for days
    return True


def counts(session: Session) -> dict[str, int]:
    """How often each worker has beaten."""
    return {row.executor: row.beats for row in session.exec(select(WorkerBeat))}


def storages(session: Session) -> dict[str, str]:
    """The folder of recordings of each worker."""
    return {row.executor: row.storage for row in session.exec(select(WorkerBeat))}


def forget_old(session: Session, *, silent_for: float) -> None:
    """Forget workers that have not beaten for so many seconds: a container's name never returns."""
    session.exec(delete(WorkerBeat).where(col(WorkerBeat.beat_at) < _now(session) - silent_for))


def take_turn(session: Session) -> bool:
    """Whether nobody else takes jobs over until this transaction ends."""
    if session.connection().dialect.name != "postgresql":
        return True  # SQLite has one writer anyway
    lock = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool(session.execute(lock, {"key": _TAKING_OVER}).scalar())


def _now(session: Session) -> float:
    return float(
        session.execute(select_values(_NOW[session.connection().dialect.name])).scalar_one()
    )
