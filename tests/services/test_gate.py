"""Who may call the model, and when: in one process and in several."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlmodel import col, select

from core.services import gate as gates
from core.services.gate import Gate, Priority
from core.store.database import Database, open_database
from core.store.machine_rows import Lease

HERE = socket.gethostname()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path}/minutes.sqlite")


async def _hold(gate: Gate, name: str, order: list[str], *, priority: Priority) -> None:
    async with gate.lease(priority=priority):
        order.append(name)
        await asyncio.sleep(0.02)


def test_only_so_many_calls_run_at_a_time(database: Database) -> None:
    gate = Gate(database=database, parallel=2)
    running = peak = 0

    async def call() -> None:
        nonlocal running, peak
        async with gate.lease(priority=Priority.MINUTES):
            running += 1
            peak = max(peak, running)
            await asyncio.sleep(0.05)
            running -= 1

    async def all_of_them() -> None:
        await asyncio.gather(*(call() for _ in range(6)))

    asyncio.run(all_of_them())
    assert peak == 2


def test_a_chat_goes_before_minutes_that_came_earlier(database: Database) -> None:
    gate = Gate(database=database, parallel=1)
    order: list[str] = []

    async def scene() -> None:
        async with gate.lease(priority=Priority.MINUTES):
            waiting = [asyncio.create_task(_hold(gate, "part", order, priority=Priority.MINUTES))]
            await asyncio.sleep(0.15)
            waiting.append(asyncio.create_task(_hold(gate, "chat", order, priority=Priority.CHAT)))
            await asyncio.sleep(0.15)
        await asyncio.gather(*waiting)

    asyncio.run(scene())
    assert order == ["chat", "part"]


def test_the_place_in_the_queue_is_told(database: Database) -> None:
    gate = Gate(database=database, parallel=1)
    places: list[int] = []

    async def scene() -> None:
        async with gate.lease(priority=Priority.CHAT):

            async def wait() -> None:
                async with gate.lease(priority=Priority.CHAT, on_position=places.append):
                    pass

            task = asyncio.create_task(wait())
            await asyncio.sleep(0.2)
        await task

    asyncio.run(scene())
    assert places == [1, 0]


def test_a_cancelled_caller_gives_its_place_back(database: Database) -> None:
    gate = Gate(database=database, parallel=1)

    async def scene() -> None:
        task = asyncio.create_task(_hold(gate, "first", [], priority=Priority.CHAT))
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(2), gate.lease(priority=Priority.CHAT):
            pass

    asyncio.run(scene())


def test_a_dead_holder_loses_its_place(database: Database) -> None:
    """A process that was killed beats no more; a quarter of a minute later others go on."""
    clock = [1000.0]
    gate = Gate(database=database, parallel=1, clock=lambda: clock[0])
    assert gate._try("dead", Priority.CHAT) == 0
    assert gate._try("alive", Priority.CHAT) == 1
    clock[0] += 20
    assert gate._try("alive", Priority.CHAT) == 0


def test_a_clock_set_back_does_not_close_the_gate(database: Database) -> None:
    clock = [100_000.0]
    gate = Gate(database=database, parallel=1, clock=lambda: clock[0])
    assert gate._try("dead", Priority.CHAT) == 0
    clock[0] = 1000.0
    assert gate._try("alive", Priority.CHAT) == 0


def _queued(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Lease.id).order_by(col(Lease.created_at))))


def _put(database: Database, name: str, *, host: str, process: int, at: float) -> None:
    """A place that another process holds."""
    with database.writing() as session:
        session.add(
            Lease(
                id=name,
                host=host,
                process=process,
                priority=Priority.CHAT,
                granted=True,
                created_at=at,
                beat_at=at,
            )
        )


@pytest.fixture
def ended() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("host", "silent", "before"),
    [
        (HERE, 0.0, 0),  # its end is seen at once
        ("another-host", 0.0, 1),  # whether it lives there cannot be asked
        ("another-host", 14.0, 1),
        ("another-host", 16.0, 0),
    ],
)
def test_the_place_of_a_process_that_ended_is_free(
    database: Database, ended: int, host: str, silent: float, before: int
) -> None:
    gate = Gate(database=database, parallel=1, clock=lambda: 1000.0)
    _put(database, "gone", host=host, process=ended, at=1000.0 - silent)
    assert gate._try("mine", Priority.CHAT) == before
    assert _queued(database) == (["mine"] if before == 0 else ["gone", "mine"])


def test_a_process_of_another_host_with_the_number_of_one_that_ended_keeps_its_place(
    database: Database, ended: int
) -> None:
    gate = Gate(database=database, parallel=1, clock=lambda: 1000.0)
    _put(database, "gone", host=HERE, process=ended, at=1000.0)
    _put(database, "there", host="another-host", process=ended, at=1000.0)
    assert gate._try("mine", Priority.CHAT) == 1
    assert sorted(_queued(database)) == ["mine", "there"]


def test_the_place_of_another_process_that_lives_is_kept(database: Database) -> None:
    gate = Gate(database=database, parallel=1, clock=lambda: 1000.0)
    _put(database, "parent", host=HERE, process=os.getppid(), at=1000.0)
    assert gate._try("mine", Priority.CHAT) == 1


def test_first_come_first_served_whichever_process_asks(database: Database) -> None:
    """Two gates stand for two processes; each caller comes when the one before it has its place."""
    ours, theirs = (Gate(database=database, parallel=1) for _ in range(2))
    order: list[int] = []

    async def call(number: int, come: asyncio.Event) -> None:
        gate = ours if number % 2 else theirs
        async with gate.lease(priority=Priority.MINUTES, on_position=lambda _: come.set()):
            order.append(number)

    async def scene() -> None:
        tasks = []
        async with ours.lease(priority=Priority.CHAT):
            for number in range(6):
                come = asyncio.Event()
                tasks.append(asyncio.create_task(call(number, come)))
                await come.wait()
        await asyncio.gather(*tasks)

    asyncio.run(scene())
    assert order == list(range(6))


def _call_often(url: str, slots: Path, parallel: int, times: int) -> None:
    """Takes one of `parallel` files for the length of each call; fails where none is free."""
    gates._POLL = 0.002
    gate = Gate(database=open_database(url), parallel=parallel)

    async def call() -> None:
        for _ in range(times):
            async with gate.lease(priority=Priority.MINUTES):
                mine = next(slots / str(n) for n in range(parallel) if _take(slots / str(n)))
                for _ in range(20):
                    await asyncio.sleep(0)
                mine.unlink()

    async def calls() -> None:
        await asyncio.gather(*(call() for _ in range(3)))

    asyncio.run(calls())
    gate.database.dispose()


def _take(path: Path) -> bool:
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
        return True
    return False


def contend(url: str, slots: Path, *, parallel: int) -> list[int | None]:
    """Two processes of three callers each; tells how they ended (0: never too many at a time)."""
    spawn = get_context("spawn")
    contenders = [
        spawn.Process(target=_call_often, args=(url, slots, parallel, 15)) for _ in range(2)
    ]
    for contender in contenders:
        contender.start()
    for contender in contenders:
        contender.join(60)
    return [contender.exitcode for contender in contenders]


@pytest.mark.parametrize("parallel", [1, 2])
def test_processes_that_contend_never_have_more_than_their_places(
    database: Database, tmp_path: Path, parallel: int
) -> None:
    slots = tmp_path / "slots"
    slots.mkdir()
    url = f"sqlite:///{tmp_path}/minutes.sqlite"
    assert contend(url, slots, parallel=parallel) == [0, 0]
    assert _queued(database) == []
