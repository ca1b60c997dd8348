"""Fetching models through Ollama. It goes on in this process whatever page is open, and only ever
begins at a person's word. Every page sees the same pulls.

A pull ends with its server process; what Ollama has by then it keeps, and the next start goes on.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from collections.abc import AsyncGenerator
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from core.engines.factory import Engines
from core.engines.model_loop import ModelLoop
from core.engines.ollama.pulling import PullProgress, checked_model_name, source_of
from core.errors import MinutesError

RUNNING, FINISHED, FAILED, CANCELLED = "running", "finished", "failed", "cancelled"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pull:
    """One model that is fetched, or was. `key` tells this try from another; `source` is the host
    the model comes from."""

    key: str
    model: str
    source: str
    state: str = RUNNING
    progress: PullProgress = PullProgress()
    error: MinutesError | None = None


@dataclass(frozen=True)
class Pulls:
    """The pulls of this server process, in the order they were first asked for."""

    engines: Engines
    loop: ModelLoop
    _pulls: dict[str, Pull] = field(default_factory=dict, init=False)
    _tasks: dict[str, Future[None]] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def all(self) -> list[Pull]:
        """What runs and what has ended since the server started."""
        with self._lock:
            return list(self._pulls.values())

    def start(self, name: str) -> Pull:
        """Begin to fetch a model, or go on; one that is being fetched is left alone.

        Raises InvalidInput for a name that is none, ConfigError where the model runs elsewhere.
        """
        model = checked_model_name(name)
        lines = self.engines.pull(model)
        with self._lock:
            before = self._pulls.get(model)
            if before is not None and before.state == RUNNING:
                return before
            begun = Pull(key=uuid.uuid4().hex, model=model, source=source_of(model))
            self._pulls[model] = begun
            self._tasks[model] = self.loop.spawn(self._follow(begun, lines))
        return begun

    def cancel(self, model: str) -> None:
        """Stop fetching at once; what is there is kept by Ollama for the next start."""
        with self._lock:
            found, task = self._pulls.get(model), self._tasks.get(model)
            if found is None or found.state != RUNNING or task is None:
                return
            self._pulls[model] = replace(found, state=CANCELLED)
        task.cancel()

    def forget(self, model: str) -> None:
        """Take an ended pull off the list."""
        with self._lock:
            if model in self._pulls and self._pulls[model].state != RUNNING:
                del self._pulls[model]

    async def _follow(self, begun: Pull, lines: AsyncGenerator[PullProgress, None]) -> None:
        try:
            async with aclosing(lines):
                async for progress in lines:
                    self._set(begun, progress=progress)
            self._set(begun, state=FINISHED)
        except asyncio.CancelledError:
            self._set(begun, state=CANCELLED)
            raise
        except MinutesError as error:
            self._set(begun, state=FAILED, error=error)
        except Exception:  # the task's edge: nobody above it would see what happened
            reference = uuid.uuid4().hex[:8]
            log.exception("fetching %s failed (reference %s)", begun.model, reference)
            unexpected = MinutesError("unexpected", reference=reference)
            self._set(begun, state=FAILED, error=unexpected)

    def _set(self, begun: Pull, **values: object) -> None:
        with self._lock:
            found = self._pulls.get(begun.model)
            # One that was cancelled and begun anew belongs to another task.
            if found is not None and found.key == begun.key and found.state == RUNNING:
                self._pulls[begun.model] = replace(found, **values)  # type: ignore[arg-type]
