"""A heavy model that lives in a thread of its own: loaded on first use, once, and let go when idle.

The caller waits and is asked again and again whether to go on, so long work can be cancelled at
once; the model finishes its current piece in its thread before it takes the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Timer
from typing import Generic, TypeVar

from core.engines.native import give_back_memory

Model = TypeVar("Model")
Answer = TypeVar("Answer")

PATIENCE = 0.5
"""Seconds between two looks at whether the work was cancelled."""


class Resident(Generic[Model]):
    """Keeps one model. `load` makes it; after `idle` seconds without use it is let go."""

    def __init__(self, load: Callable[[], Model], *, idle: float) -> None:
        self._load = load
        self._idle = idle
        self._model: Model | None = None
        self._timer: Timer | None = None
        # One thread serialises loading, work and unloading: no other lock is needed.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")

    @property
    def is_loaded(self) -> bool:
        """Whether the model takes memory now."""
        return self._model is not None

    def use(self, work: Callable[[Model], Answer], *, check: Callable[[], None]) -> Answer:
        """What `work` makes of the model. When `check` raises, the caller leaves at once, and
        what the thread still does is thrown away."""
        future = self._thread.submit(self._work, work)
        try:
            while not wait([future], timeout=PATIENCE).done:
                check()
        except BaseException:
            future.cancel()
            raise
        return future.result()

    def _work(self, work: Callable[[Model], Answer]) -> Answer:
        if self._timer is not None:
            self._timer.cancel()
        if self._model is None:
            self._model = self._load()
        try:
            return work(self._model)
        finally:
            self._timer = Timer(self._idle, self._let_go)
            self._timer.daemon = True
            self._timer.start()

    def _let_go(self) -> None:
        with suppress(RuntimeError):  # the interpreter is going, and the thread is gone
            self._thread.submit(self._unload)

    def _unload(self) -> None:
        self._model = None
        give_back_memory()
