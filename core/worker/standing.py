"""How a job stands while this process works on it: counted when it begins, watched in each step,
tried again where a failure may pass, told where the person sees it when it does not.

Knows nothing of DBOS, and nothing of what a step does.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.errors import EngineFailed, MinutesError
from core.services.job_progress import Progress
from core.store import job_records
from core.store.database import Database
from core.store.failures import PASSING as DATABASE_PASSING
from core.store.failures import store_failures
from core.worker.room import FULL, Room

LOOK_EVERY = 0.5
"""Seconds between two looks at whether a job was cancelled."""
_TELL_EVERY = 0.3
"""Seconds between two writes of progress."""
_MOST_TRIES = 7
"""So many processes may begin on a job without getting on. It is more than a window has
(services.deaths), whose sentence says where in the recording it is."""
_GOT_ON = 0.01
"""By this share of the whole a job must get further than ever to have got on within a step."""
PAUSES = (2.0, 4.0, 8.0, 15.0, 30.0, *[60.0] * 14)
"""Seconds to wait before a step is tried again: a quarter of an hour in all. Ollama is started
again, its model is updated, a laptop wakes and its database server is not there yet."""
SOON = PAUSES[:3]
"""For a step in which nothing is lost yet: the person who asked just now had better know."""
_ENGINE_PASSING = ("ollama_unreachable", "ollama_broke_off", "ollama_busy")

log = logging.getLogger(__name__)


class JobCancelled(Exception):
    """The person cancelled; the step ends without a result."""


class JobElsewhere(Exception):
    """Another worker has taken the job over: this one was asleep, and must touch nothing of it."""


class _MayPass(Exception):
    """A step failed in a way that may pass by itself."""

    def __init__(self, error: MinutesError) -> None:
        self.error = error
        super().__init__(str(error))


class Holders(Protocol):
    """Who works on what (core.store.jobs.DurableJobs)."""

    def holder(self, job_id: str) -> str | None:
        """The name of the worker that has this job now, empty where none has, None for a job that
        was cancelled."""
        ...


@dataclass
class Watch:
    """Progress and cancellation of one running step, each at its own pace. A database that is away
    for a moment stops nothing: what cannot be looked up or told now is, a little later."""

    progress: Progress
    is_ours: Callable[[], bool]
    reached: float
    _looked: float = field(default=0.0, init=False)
    _told: float = field(default=0.0, init=False)
    _step: str = field(default="", init=False)

    def check(self) -> None:
        """Raise JobCancelled if the job was cancelled, JobElsewhere if somebody else has it."""
        if time.monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = time.monotonic()
        with _unless_away():
            if self.progress.cancelled():
                raise JobCancelled
            if not self.is_ours():
                raise JobElsewhere

    def tell(
        self, share: float, step: str, *, found: list[dict[str, Any]] | None = None, **facts: Any
    ) -> None:
        """Show where the job is, and what it found so far where that is known."""
        self.check()
        if step == self._step and time.monotonic() - self._told < _TELL_EVERY:
            return
        self._step, self._told = step, time.monotonic()
        with _unless_away():
            self.progress.at(share, step, found=found, **facts)
            if share >= self.reached + _GOT_ON:
                self.reached = share
                self.progress.got_on()


Watched = Callable[[Mapping[str, Any]], AbstractContextManager[Watch]]


@dataclass(frozen=True)
class JobsAtWork:
    """The jobs that this process works on. `executor` is its name where others may take its jobs
    over, None where nobody may."""

    database: Database
    workflows: Holders
    executor: str | None
    room: Room
    _reached: dict[str, float] = field(default_factory=dict, init=False, repr=False)

    @contextmanager
    def begun(self, job: Mapping[str, Any]) -> Iterator[None]:
        """A process begins on a job, or goes on with it after another died: around all of its
        steps, and itself none. Raises where too many died of it; tells the person what ends it."""
        ended_well = False
        try:
            self._count(job["job_id"])
            with store_failures():  # the job engine's, which notes what each step did
                yield
            ended_well = True
        except MinutesError as error:
            # Of a transaction, or ours: a step tells its failures itself.
            self.fail(job, error)
            raise RuntimeError(str(error)) from error
        finally:
            self._reached.pop(job["job_id"], None)
            if not ended_well:
                with _unless_away():
                    self._progress(job).let_go()

    @contextmanager
    def watched(self, job: Mapping[str, Any]) -> Iterator[Watch]:
        """A step at work: its failure is put where the person sees it, then raised again."""
        progress = self._progress(job)
        try:
            progress.running()
            yield Watch(progress, lambda: self.is_ours(job), self._reached.get(job["job_id"], 0.0))
            with _unless_away():  # what was done is done
                progress.got_on()
        except JobCancelled:
            log.info("job %s stopped: it was cancelled", job["job_id"])
            raise
        except JobElsewhere:
            log.warning("job %s stopped: another worker has it now", job["job_id"])
            raise
        except MinutesError as error:
            if error.code in (*DATABASE_PASSING, *_ENGINE_PASSING):
                raise _MayPass(error) from error
            self.fail(job, error)
            raise RuntimeError(str(error)) from error
        except Exception as error:  # the worker's edge: a person must see that it failed
            reference = job["job_id"][:8]
            log.exception("job failed (reference %s)", reference)
            self.fail(job, EngineFailed("unexpected", reference=reference))
            raise RuntimeError(str(error)) from error

    def patiently(
        self, step: Callable[..., Any], *, pauses: Sequence[float] = PAUSES
    ) -> Callable[..., Any]:
        """A step as a plain function (DBOS notes things on what it registers), tried again where
        its failure may pass."""

        def call(job: Mapping[str, Any], *arguments: Any) -> Any:
            for pause in pauses:
                try:
                    return step(job, *arguments)
                except _MayPass as passing:
                    self._wait(job, passing.error, pause)
            try:
                return step(job, *arguments)
            except _MayPass as lasting:
                self.fail(job, lasting.error)
                raise RuntimeError(str(lasting.error)) from lasting.error

        call.__qualname__ = call.__name__ = step.__name__
        return call

    def fail(self, job: Mapping[str, Any], error: MinutesError) -> None:
        """Show the person what the job ended with, if it is still ours."""
        # By its code: a log outlives a meeting that was deleted, and holds no name of it.
        facts = {name: fact for name, fact in error.facts.items() if name not in ("name", "title")}
        log.warning("job %s failed: %s %s", job["job_id"], error.code, facts)
        if error.code in FULL:
            self.room.stand_still()
        with _unless_away():
            if self.is_ours(job):
                self._progress(job).failed(error)

    def is_ours(self, job: Mapping[str, Any]) -> bool:
        """Whether no other worker has taken the job over."""
        if self.executor is None:
            return True
        return self.workflows.holder(job["job_id"]) in (self.executor, None)

    def _count(self, job_id: str) -> None:
        tries, reached = 0, 0.0
        with _unless_away(), self.database.writing() as session:
            tries, reached = job_records.begin_job(session, job_id=job_id)
        self._reached[job_id] = reached
        if tries > _MOST_TRIES:
            raise EngineFailed("job_deadly", tries=_MOST_TRIES)

    def _wait(self, job: Mapping[str, Any], error: MinutesError, pause: float) -> None:
        log.warning("job %s waits %.0f s: %s", job["job_id"], pause, error)
        watch = Watch(self._progress(job), lambda: self.is_ours(job), 1.0)
        until = time.monotonic() + pause
        told = False
        while (left := until - time.monotonic()) > 0:
            watch.check()
            if not told:
                with _unless_away():
                    watch.progress.waiting(error)
                    told = True
            time.sleep(min(LOOK_EVERY, left))

    def _progress(self, job: Mapping[str, Any]) -> Progress:
        return Progress(database=self.database, job_id=job["job_id"], clock=time.time)


@contextmanager
def _unless_away() -> Iterator[None]:
    """What is of no use now is left, where the database is away or busy or its disk is full."""
    try:
        yield
    except MinutesError as error:
        if error.code not in (*DATABASE_PASSING, *FULL):
            raise
