"""The loop of model calls."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import CancelledError

import pytest

from core.engines.model_loop import ModelLoop
from tests.waiting import until


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_closing_ends_what_runs_and_gives_everything_back() -> None:
    before, others = _open_files(), set(threading.enumerate())
    loop = ModelLoop()
    told: list[bool] = []
    begun = threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            told.append(loop.closing)
            raise

    future = loop.spawn(work())
    assert begun.wait(timeout=5)
    loop.close()
    with pytest.raises(CancelledError):
        future.result(timeout=5)
    assert told == [True]
    until(lambda: _open_files() <= before, seconds=5)
    assert not {one for one in threading.enumerate() if one.name == "model-loop"} - others


def test_one_that_was_never_used_closes_too() -> None:
    ModelLoop().close()
