"""Waiting, by polling, for what another process or thread is about to do."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def until(
    is_so: Callable[[], Found],
    *,
    seconds: float = 60,
    what: str | Callable[[], str] = "what was waited for",
    every: float = 0.02,
) -> Found:
    """What `is_so` gives once that is true. AssertionError names `what` did not come about within
    `seconds`; the first look is at once, the last one after the time is over."""
    end = time.monotonic() + seconds
    while not (found := is_so()):
        if time.monotonic() > end:
            missed = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {seconds:.0f} s: {missed}")
        time.sleep(every)
    return found


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
