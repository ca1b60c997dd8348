"""Which models are in memory: loading, reloading, keep_alive, and who runs when.

`slots` requests at a time per model, in the order of arrival (OLLAMA_NUM_PARALLEL, 1 as in the
recording four-at-once; the cache is one for all slots); only the queue for loading is bounded
(recording queue-full, research §1.5).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.ollama.faults import BUSY
from tests.doubles.ollama.models import Model
from tests.doubles.ollama.wire import RefusalError

DEFAULT_NUM_CTX = 4096
KEEP_ALIVE_SECONDS = 300.0
FOREVER = 100 * 365 * 86400.0
MAX_LOADED = 3
_RUNNER_OPTIONS = ("num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread")


@dataclass
class Runner:
    """A loaded model. `held` is the text that its cache holds; `key` what makes it reload."""

    model: Model
    key: tuple[Any, ...]
    num_ctx: int
    expires_at: float = 0.0
    held: str = ""
    running: int = 0


@dataclass
class Lease:
    """The right to run on a runner. `load_ns` is what load_duration will say."""

    runner: Runner
    load_ns: int
    loaded: bool = False
    reloaded: bool = False


def effective_num_ctx(model: Model, options: dict[str, Any]) -> int:
    """Never above the model's own (recording ps-after-num-ctx-above-model)."""
    return min(int(options.get("num_ctx") or DEFAULT_NUM_CTX), model.context_length)


def keep_alive_seconds(value: Any) -> float:
    """Seconds, a Go duration ("1h30m") or a negative number for ever."""
    if value is None:
        return KEEP_ALIVE_SECONDS
    if isinstance(value, (int, float)):
        return FOREVER if value < 0 else float(value)
    text = str(value)
    if text in ("0", "-0"):
        return 0.0
    if not re.fullmatch(r"-?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+", text):
        kind = "missing unit in" if re.fullmatch(r"-?\d+", text) else "invalid"
        raise RefusalError(400, f'time: {kind} duration "{text}"')
    units = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
    parts = re.findall(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)", text)
    total = sum(float(number) * units[unit] for number, unit in parts)
    return FOREVER if text.startswith("-") else total


def _release(turn: asyncio.Semaphore, times: int) -> None:
    for _ in range(times):
        turn.release()


@dataclass
class Scheduler:
    """`load_delay`: real seconds a load takes; `max_queue`: waiting for it, beyond which 503;
    `slots`: set it before the first request."""

    modern: bool
    load_delay: float = 0.0
    max_queue: int = 512
    slots: int = 1
    runners: dict[str, Runner] = field(default_factory=dict)
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _turns: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    _waiting: int = 0

    @asynccontextmanager
    async def lease(
        self, model: Model, options: dict[str, Any], *, shift: bool, keep_alive: float, run: bool
    ) -> AsyncIterator[Lease]:
        """Waits for the load queue, then for the model's turn. `run=False` only loads."""
        turn = self._turns.setdefault(model.name, asyncio.Semaphore(self.slots))
        mine = False
        await self._enter_queue()
        try:
            lease, mine = await self._ensure_loaded(model, options, shift, turn)
        finally:
            self._loading.release()
        if run and not mine:
            await turn.acquire()
            mine = True
        elif mine and not run:
            turn.release()
            mine = False
        lease.runner.running += 1
        try:
            yield lease
        finally:
            lease.runner.running -= 1
            lease.runner.expires_at = time.time() + keep_alive
            if mine:
                turn.release()

    async def _enter_queue(self) -> None:
        if self._loading.locked() and self._waiting >= self.max_queue:
            raise RefusalError(503, BUSY)
        self._waiting += 1
        try:
            await self._loading.acquire()
        finally:
            self._waiting -= 1

    async def _ensure_loaded(
        self, model: Model, options: dict[str, Any], shift: bool, turn: asyncio.Semaphore
    ) -> tuple[Lease, bool]:
        self.expire()
        key = self._key(model, options, shift)
        old = self.runners.get(model.name)
        if old is not None and old.key == key:
            return Lease(old, load_ns=60_000_000), False
        taken = 0
        try:
            while taken < self.slots:  # a reload waits for whoever runs
                await turn.acquire()
                taken += 1
            if self.load_delay:
                await asyncio.sleep(self.load_delay)
        except asyncio.CancelledError:
            _release(turn, taken)
            raise
        _release(turn, self.slots - 1)
        reloaded = self.runners.pop(model.name, None) is not None
        self._make_room()
        runner = Runner(model, key, effective_num_ctx(model, options))
        runner.expires_at = time.time() + KEEP_ALIVE_SECONDS
        self.runners[model.name] = runner
        load_ns = 450_000_000 + model.size + (7_500_000_000 if self.modern and reloaded else 0)
        return Lease(runner, load_ns, loaded=True, reloaded=reloaded), True

    def _key(self, model: Model, options: dict[str, Any], shift: bool) -> tuple[Any, ...]:
        """0.30 also reloads when `shift` or auto against given num_ctx changes (research §2)."""
        key: list[Any] = [effective_num_ctx(model, options)]
        key += [options.get(name) for name in _RUNNER_OPTIONS[1:]]
        if self.modern:
            key += [shift, options.get("num_ctx") is None]
        return tuple(key)

    def _make_room(self) -> None:
        idle = sorted((r for r in self.runners.values() if not r.running),
                      key=lambda r: r.expires_at)  # fmt: skip
        while len(self.runners) >= MAX_LOADED and idle:
            self.drop(idle.pop(0).model.name)

    def drop(self, name: str) -> None:
        self.runners.pop(name, None)

    def expire(self) -> None:
        for name, runner in list(self.runners.items()):
            if not runner.running and runner.expires_at <= time.time():
                self.drop(name)
