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
from typing import Any, TypeVar

from core.engines.base import CheckCancelled

T = TypeVar("T")
_LOOK_EVERY = 0.25
"""Seconds between two looks at `check` while a call runs."""


class ModelLoop:
    """Starts on first use and lives as long as the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

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

    def _wait_until_ended(self, future: Future[Any]) -> None:
        try:
            future.result(timeout=2)
        except (CancelledError, FutureTimeout):
            return

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(
                    target=self._loop.run_forever, name="model-loop", daemon=True
                ).start()
            return self._loop
