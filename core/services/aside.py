"""Synchronous work begun from the model loop, in a thread that no end of the process waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from core.engines.base import CheckCancelled
from core.errors import MinutesError

T = TypeVar("T")


async def aside(work: Callable[[CheckCancelled], T]) -> T:
    """What `work` returns or raises. It is given a check that raises MinutesError("job_cancelled")
    once whoever waits here was cancelled; the loop does not wait for it to notice."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[T] = loop.create_future()
    stopped = threading.Event()

    def check() -> None:
        if stopped.is_set():
            raise MinutesError("job_cancelled")

    def settle(result: T | None, error: BaseException | None) -> None:
        if ended.done():
            return
        if error is not None:
            ended.set_exception(error)
        else:
            ended.set_result(result)  # type: ignore[arg-type]  # None is T's where there is no error

    def run() -> None:
        result, failed = None, None
        try:
            result = work(check)
        except BaseException as error:
            failed = error
        with suppress(RuntimeError):  # the loop is gone, and with it who waited
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=run, name="aside", daemon=True).start()
    try:
        return await ended
    finally:
        stopped.set()
