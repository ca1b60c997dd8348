"""The one gate before the model: a row in the database for each call that waits or runs.

Ollama does not tell how many slots it has and queues without limit or order, so we queue: at most
`parallel` calls of all processes, chat before minutes, first come first served. A holder whose
process has ended loses its place: at once on its own host, elsewhere when its heartbeat is old.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeVar

import psutil

from core.errors import MinutesError
from core.store import leases
from core.store.database import Database
from core.store.types import new_id

_POLL = 0.1
_BEAT = 2.0
_DEAD_AFTER = 15.0
log = logging.getLogger(__name__)
T = TypeVar("T")


class Priority(IntEnum):
    """Who goes first; lower is earlier."""

    CHAT = 1
    MINUTES = 5
    LEARNING = 9


def _one_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "gate")


@dataclass(frozen=True)
class Gate:
    """`async with gate.lease(...)` holds one of `parallel` places while its block runs."""

    database: Database
    parallel: int
    clock: Callable[[], float] = time.time
    # One thread does all of this process's transactions here: the database would make them wait for
    # each other anyway, so no place is given back before the try that took it has ended, and a
    # stalled database holds up this thread alone.
    thread: ThreadPoolExecutor = field(
        default_factory=_one_thread, init=False, repr=False, compare=False
    )

    @asynccontextmanager
    async def lease(
        self, *, priority: Priority, on_position: Callable[[int], None] | None = None
    ) -> AsyncIterator[None]:
        """Wait for a place. `on_position` is told how many calls are before this one, at last 0."""
        lease_id = new_id()
        try:
            await self._wait(lease_id, priority, on_position)
            beating = asyncio.create_task(self._keep_beating(lease_id))
            try:
                yield
            finally:
                beating.cancel()
                with suppress(asyncio.CancelledError):
                    await beating
        finally:
            # Shielded: a cancelled caller must still give the place back.
            await asyncio.shield(self._in_turn(self._leave, lease_id))

    async def _wait(
        self, lease_id: str, priority: Priority, on_position: Callable[[int], None] | None
    ) -> None:
        last = -1
        while True:
            before = await self._in_turn(self._try, lease_id, priority)
            if on_position and before != last:
                on_position(before)
                last = before
            if before == 0:
                return
            await asyncio.sleep(_POLL)

    async def _keep_beating(self, lease_id: str) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            try:
                await self._in_turn(self._beat, lease_id)
            except MinutesError as error:
                log.warning("a heartbeat was not written: %s", error)

    def _in_turn(self, work: Callable[..., T], *arguments: object) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self.thread, work, *arguments)

    def _try(self, lease_id: str, priority: Priority) -> int:
        with self.database.writing() as session:
            return leases.try_grant(
                session,
                lease_id=lease_id,
                holder=leases.Holder(host=socket.gethostname(), process=os.getpid()),
                priority=priority,
                parallel=self.parallel,
                clock=self.clock,
                dead_after=_DEAD_AFTER,
                is_alive=psutil.pid_exists,
            )

    def _beat(self, lease_id: str) -> None:
        with self.database.writing() as session:
            leases.beat(session, lease_id=lease_id, at=self.clock())

    def _leave(self, lease_id: str) -> None:
        try:
            with self.database.writing() as session:
                leases.remove(session, lease_id=lease_id)
        except MinutesError as error:
            # The answer is there; a place that beats no more is free a quarter of a minute later.
            log.warning("a place before the model was not given back: %s", error)
