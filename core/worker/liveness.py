"""Workers that share a database watch each other: each counts its beats in a row of its own, and
the jobs of one whose count stands still are taken over.

Only counts are compared, each by its watcher's own steady clock: what the machines' clocks say, and
whether they are set, does not matter. A watcher that could not see or show life for a while (its
database was away, its process slept) has seen nothing, and begins to watch anew.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import ConfigError
from core.services.job_upkeep import JobUpkeep
from core.store import worker_beats
from core.store.database import Database
from core.store.worker_beats import Worker
from core.worker.supervisor import UNUSABLE

BEAT = 5.0
"""Seconds between two beats."""
DEAD_AFTER = 30.0
"""Seconds without a beat after which a worker is dead."""
_FORGOTTEN_AFTER = 7 * 86400.0

log = logging.getLogger(__name__)


@dataclass
class Watcher:
    """What a worker saw of the others. `clock` is steady and never set."""

    dead_after: float
    most_between: float
    """Seconds between two looks after which the watcher must have slept."""
    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, tuple[int, float]] = field(default_factory=dict, init=False)
    """By worker: its count, and since when it stands."""
    _since: float | None = field(default=None, init=False)
    _looked: float = field(default=0.0, init=False)

    def look(self, counts: Mapping[str, int]) -> None:
        """Take note of the counts that are there now."""
        at = self.clock()
        if self._since is None or at - self._looked > self.most_between:
            self._since, self._seen = at, {}
        self._looked = at
        self._seen = {
            name: before if (before := self._seen.get(name)) and before[0] == count else (count, at)
            for name, count in counts.items()
        }

    def saw_nothing(self) -> None:
        """The database did not answer."""
        self._since = None

    def dead(self) -> set[str]:
        """Those whose count stood still for as long as it takes, looked at all the time."""
        at = self.clock()
        return {name for name, (_, since) in self._seen.items() if at - since >= self.dead_after}

    def alive(self) -> set[str] | None:
        """Those who are not dead; None before anybody can be judged."""
        if self._since is None or self.clock() - self._since < self.dead_after:
            return None
        return self._seen.keys() - self.dead()


@dataclass
class Liveness:
    """Beats for this worker and takes over from the dead."""

    database: Database
    upkeep: JobUpkeep
    me: Worker
    folder: Path
    """The data folder, for a sentence."""

    def start(self) -> None:
        """Show life from now on. Call before the first job is taken."""
        with self.database.writing() as session:
            worker_beats.begin(session, self.me)
            worker_beats.forget_old(session, silent_for=_FORGOTTEN_AFTER)
        threading.Thread(target=self._run, name="liveness", daemon=True).start()

    def _run(self) -> None:
        watcher = Watcher(DEAD_AFTER, most_between=4 * BEAT)
        ended = threading.Event()
        while not ended.wait(BEAT):
            try:
                if not self._beat():
                    log.error("%s", ConfigError("worker_twin", folder=str(self.folder)))
                    os._exit(UNUSABLE)
                self._watch(watcher)
            except Exception as error:  # whatever it is, the next beat must come
                watcher.saw_nothing()
                log.warning("workers cannot watch each other now: %s", error)

    def _beat(self) -> bool:
        with self.database.writing() as session:
            return worker_beats.beat(session, self.me)

    def _watch(self, watcher: Watcher) -> None:
        with self.database.reading() as session:
            counts = worker_beats.counts(session)
            storages = worker_beats.storages(session)
        # Somebody may hold a job and have no row: a worker of an older release.
        held = dict.fromkeys(self.upkeep.holders(), -1)
        watcher.look(held | counts)
        dead = watcher.dead() - {self.me.executor}
        if dead & held.keys():
            self.upkeep.take_over(dead=dead)
        alive = watcher.alive()
        if alive is not None:
            self.upkeep.say_where({storages[name] for name in alive if name in storages})
