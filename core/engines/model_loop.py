"""The one event loop that owns all model calls of a process, in a thread of its own.

Async is a must there: only a cancelled task closes the HTTP request, and only a closed request
frees the model server. Everything else in `core` stays synchronous.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from typing import Any, TypeVar

from core.engines.base import CheckCancelled

T = TypeVar("T")
_LOOK_EVERY = 0.25
"""Seconds between two looks at `check` while a call runs."""
_CLOSE_WITHIN = 1.0
"""Seconds that calls have to end when the process does."""


class ModelLoop:
    """Starts on first use and lives until `close`. `closing` tells a cancelled task that nobody
    asked for it to stop: the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.closing = False

    def spawn(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin `work`; cancelling the future cancels its task."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def run(self, work: Coroutine[Any, Any, T], *, check: CheckCancelled) -> T:
        """Wait for `work`. When `check` raises, the work is cancelled first, then it propagates."""
        future = self.spawn(work)
        while True:
            try:
                return future.result(timeout=_LOOK_EVERY)
            except FutureTimeout:
                if future.done():
                    raise
            try:
                check()
            except BaseException:
                future.cancel()
                self._wait_until_ended(future)
                raise

    def close(self) -> None:
        """Cancel what runs and let go of the thread and its sockets; calls that do not end within a
        second are left to the end of the process. Not to be used afterwards."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        self.closing = True
        ended = asyncio.run_coroutine_threadsafe(_end_all(), loop)
        with suppress(FutureTimeout):
            ended.result(timeout=2 * _CLOSE_WITHIN)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=_CLOSE_WITHIN)
        if not thread.is_alive():
            loop.close()

    def _wait_until_ended(self, future: Future[Any]) -> None:
        try:
            future.result(timeout=2)
        except (CancelledError, FutureTimeout):
            return

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="model-loop", daemon=True
                )
                self._thread.start()
            return self._loop


async def _end_all() -> None:
    """Cancel every task of this loop but the one that asks, and wait a second for them."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=_CLOSE_WITHIN)
    await asyncio.get_running_loop().shutdown_asyncgens()
