import asyncio
from pathlib import Path

import pytest

from core.services.gate import Gate, Priority
from core.store.database import Database, open_database


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
    dead = gate._queue_up(Priority.CHAT)
    assert gate._try(dead, Priority.CHAT) == 0
    alive = gate._queue_up(Priority.CHAT)
    assert gate._try(alive, Priority.CHAT) == 1
    clock[0] += 20
    assert gate._try(alive, Priority.CHAT) == 0


def test_a_clock_set_back_does_not_close_the_gate(database: Database) -> None:
    clock = [100_000.0]
    gate = Gate(database=database, parallel=1, clock=lambda: clock[0])
    dead = gate._queue_up(Priority.CHAT)
    gate._try(dead, Priority.CHAT)
    clock[0] = 1000.0
    assert gate._try(gate._queue_up(Priority.CHAT), Priority.CHAT) == 0
