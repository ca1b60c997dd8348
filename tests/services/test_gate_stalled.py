"""The gate while someone else holds the database: answers go on and nothing is left behind."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from core.services import gate as gates
from core.services.gate import Gate, Priority
from core.store.database import Database, open_database
from core.store.machine_rows import Lease


@dataclass(frozen=True)
class Watched(Database):
    """Tells when somebody asks to write."""

    asked: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self.asked.set()
        with super().writing() as session:
            yield session


@pytest.fixture
def database(tmp_path: Path) -> Watched:
    return Watched(open_database(f"sqlite:///{tmp_path}/minutes.sqlite").engine)


async def _hold(gate: Gate, name: str, order: list[str]) -> None:
    async with gate.lease(priority=Priority.CHAT):
        order.append(name)


def _queued(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Lease.id).order_by(col(Lease.created_at))))


@pytest.fixture
def writer(tmp_path: Path, database: Watched) -> Iterator[sqlite3.Connection]:
    """Another process's connection, to hold the database with."""
    connection = sqlite3.connect(tmp_path / "minutes.sqlite", isolation_level=None)
    yield connection
    connection.close()


def test_who_gives_up_while_the_database_stalls_leaves_nothing_behind(
    database: Watched, writer: sqlite3.Connection
) -> None:
    """The try that was under way takes its place after all; it is given back after that."""
    gate = Gate(database=database, parallel=1)

    async def scene() -> None:
        task = asyncio.create_task(_hold(gate, "first", []))
        assert await asyncio.to_thread(database.asked.wait, 10)
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=0)
        assert not done
        writer.execute("COMMIT")
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()

    writer.execute("BEGIN IMMEDIATE")
    asyncio.run(scene())
    assert _queued(database) == []


def test_what_runs_goes_on_while_the_database_stalls(
    database: Watched, writer: sqlite3.Connection
) -> None:
    gate = Gate(database=database, parallel=2)
    order: list[str] = []

    async def scene() -> None:
        async with gate.lease(priority=Priority.CHAT):
            writer.execute("BEGIN IMMEDIATE")
            database.asked.clear()
            late = asyncio.create_task(_hold(gate, "late", order))
            assert await asyncio.to_thread(database.asked.wait, 10)
            for _ in range(1000):
                await asyncio.sleep(0)
            order.append("running")
            writer.execute("COMMIT")
        await late

    asyncio.run(scene())
    assert order == ["running", "late"]


def test_an_answer_is_not_lost_because_its_place_could_not_be_given_back(
    database: Watched, writer: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    clock = [1000.0]
    gate = Gate(database=database, parallel=1, clock=lambda: clock[0])
    database.dispose()
    event.listen(database.engine, "connect", _impatient)

    async def scene() -> str:
        async with gate.lease(priority=Priority.CHAT):
            writer.execute("BEGIN IMMEDIATE")
            return "answer"

    assert asyncio.run(scene()) == "answer"
    assert "was not given back" in caplog.text
    writer.execute("COMMIT")
    assert gate._try("next", Priority.CHAT) == 1
    clock[0] += 16
    assert gate._try("next", Priority.CHAT) == 0


def test_a_heartbeat_that_failed_is_tried_again(
    database: Watched,
    writer: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(gates, "_BEAT", 0.01)
    clock = [1000.0]
    gate = Gate(database=database, parallel=1, clock=lambda: clock[0])
    database.dispose()
    event.listen(database.engine, "connect", _impatient)

    async def scene() -> None:
        async with asyncio.timeout(20), gate.lease(priority=Priority.CHAT):
            writer.execute("BEGIN IMMEDIATE")
            while "was not written" not in caplog.text:
                await asyncio.sleep(0.005)
            writer.execute("COMMIT")
            clock[0] = 1010.0
            while _beat_at(database) != 1010.0:
                await asyncio.sleep(0.005)

    asyncio.run(scene())
    assert _queued(database) == []


def _impatient(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=0")


def _beat_at(database: Database) -> float:
    with database.reading() as session:
        return session.exec(select(Lease.beat_at)).one()
