"""Work on a model that goes on in this server process whatever page is open: one at a time for each
model, seen by every page, cancelled at once. It ends with the process.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from core.engines.model_loop import ModelLoop
from core.errors import MinutesError

FINISHED, FAILED, CANCELLED = "finished", "failed", "cancelled"
ENDED = (FINISHED, FAILED, CANCELLED)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelTask:
    """Work on `model` that runs or has ended; `key` tells this try from another."""

    key: str
    model: str
    state: str
    error: MinutesError | None = None


T = TypeVar("T", bound=ModelTask)


def new_key() -> str:
    """A key for one try."""
    return uuid.uuid4().hex


@dataclass(frozen=True)
class ModelTasks(Generic[T]):
    """The last task of each model, in the order they were first asked for."""

    loop: ModelLoop
    _kept: dict[str, T] = field(default_factory=dict, init=False)
    _running: dict[str, Future[None]] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def all(self) -> list[T]:
        """What runs and what has ended since the server started."""
        with self._lock:
            return list(self._kept.values())

    def of(self, model: str) -> T | None:
        """A model's last task."""
        with self._lock:
            return self._kept.get(model)

    def start(
        self,
        model: str,
        *,
        begin: Callable[[T | None], T],
        work: Callable[[T], Coroutine[Any, Any, None]],
    ) -> T:
        """Begin a task, which `begin` makes from the one before; one that runs is left alone."""
        with self._lock:
            before = self._kept.get(model)
            if before is not None and before.state not in ENDED:
                return before
            begun = begin(before)
            self._kept[model] = begun
            self._running[model] = self.loop.spawn(self._until_its_end(begun, work))
        return begun

    def cancel(self, model: str) -> None:
        """Stop a task at once."""
        with self._lock:
            found, running = self._kept.get(model), self._running.get(model)
            if found is None or found.state in ENDED or running is None:
                return
            self._kept[model] = replace(found, state=CANCELLED)
        running.cancel()

    def forget(self, model: str) -> None:
        """Take an ended task off the list."""
        with self._lock:
            if model in self._kept and self._kept[model].state in ENDED:
                del self._kept[model]

    def set(self, begun: T, **values: Any) -> None:
        """Change what is told of a task while it runs."""
        with self._lock:
            found = self._kept.get(begun.model)
            # One that was cancelled and begun anew is another.
            if found is not None and found.key == begun.key and found.state not in ENDED:
                self._kept[begun.model] = replace(found, **values)

    async def _until_its_end(
        self, begun: T, work: Callable[[T], Coroutine[Any, Any, None]]
    ) -> None:
        try:
            await work(begun)
            self.set(begun, state=FINISHED, error=None)
        except asyncio.CancelledError:
            self.set(begun, state=CANCELLED)
            raise
        except MinutesError as error:
            self.set(begun, state=FAILED, error=error)
        except Exception:  # the task's edge: nobody above it would see what happened
            reference = begun.key[:8]
            log.exception("work on %s failed (reference %s)", begun.model, reference)
            self.set(begun, state=FAILED, error=MinutesError("unexpected", reference=reference))
