"""The one gate before the model: a row in the database for each call that waits or runs.

Ollama does not tell how many slots it has and queues without limit or order, so we queue: at most
`parallel` calls of all processes, chat before minutes, first come first served. A holder whose
process has ended loses its place: at once on its own host, elsewhere when its heartbeat is old.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum

import psutil

from core.store import leases
from core.store.database import Database

_POLL = 0.1
_BEAT = 2.0
_DEAD_AFTER = 15.0


class Priority(IntEnum):
    """Who goes first; lower is earlier."""

    CHAT = 1
    MINUTES = 5


@dataclass(frozen=True)
class Gate:
    """`async with gate.lease(...)` holds one of `parallel` places while its block runs."""

    database: Database
    parallel: int
    clock: Callable[[], float] = time.time

    @asynccontextmanager
    async def lease(
        self, *, priority: Priority, on_position: Callable[[int], None] | None = None
    ) -> AsyncIterator[None]:
        """Wait for a place. `on_position` is told how many calls are before this one, at last 0."""
        lease_id = await asyncio.to_thread(self._queue_up, priority)
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
            await asyncio.shield(asyncio.to_thread(self._leave, lease_id))

    async def _wait(
        self, lease_id: str, priority: Priority, on_position: Callable[[int], None] | None
    ) -> None:
        last = -1
        while True:
            before = await asyncio.to_thread(self._try, lease_id, priority)
            if on_position and before != last:
                on_position(before)
                last = before
            if before == 0:
                return
            await asyncio.sleep(_POLL)

    async def _keep_beating(self, lease_id: str) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            await asyncio.to_thread(self._beat, lease_id)

    def _queue_up(self, priority: Priority) -> str:
        with self.database.writing() as session:
            return leases.add(session, holder=self._holder(), priority=priority, at=self.clock())

    def _try(self, lease_id: str, priority: Priority) -> int:
        with self.database.writing() as session:
            leases.take_turns(session)
            leases.remove_dead(session, host=self._holder().host, is_alive=psutil.pid_exists)
            return leases.try_grant(
                session,
                lease_id=lease_id,
                holder=self._holder(),
                priority=priority,
                parallel=self.parallel,
                at=self.clock(),
                dead_after=_DEAD_AFTER,
            )

    def _holder(self) -> leases.Holder:
        return leases.Holder(host=socket.gethostname(), process=os.getpid())

    def _beat(self, lease_id: str) -> None:
        with self.database.writing() as session:
            leases.beat(session, lease_id=lease_id, at=self.clock())

    def _leave(self, lease_id: str) -> None:
        with self.database.writing() as session:
            leases.remove(session, lease_id=lease_id)
