"""Working off lessons in the background: one at a time a person, the oldest first, each claimed in
the database. A lesson that a process left behind when it ended is taken up by the next one.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from core.engines.model_loop import ModelLoop
from core.errors import MinutesError
from core.services.jobs import stored_error
from core.store import lessons as store
from core.store.database import Database
from core.store.memory_rows import Lesson

_LOOK_EVERY = 1.0
"""Seconds between two looks for a lesson that has to wait until its edits have settled."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LessonWork:
    """Lets `learn` do what `is_due`; it returns how many proposals came of it. `failed` is told of
    a lesson of which nothing came because something went wrong."""

    database: Database
    loop: ModelLoop
    learn: Callable[[Lesson], Awaitable[int]]
    is_due: Callable[[Lesson], bool]
    failed: Callable[[Lesson], None]
    _tasks: dict[str, Future[None]] = field(default_factory=dict, init=False)
    _at_work: set[str] = field(default_factory=set, init=False)
    _started: threading.Event = field(default_factory=threading.Event, init=False)
    # Taken before a transaction, never inside one.
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def begin(self, user_id: str) -> None:
        """See to a person's lessons, where nobody does yet."""
        with self._lock:
            if user_id not in self._tasks:
                self._tasks[user_id] = self.loop.spawn(self._work_off(user_id))

    def take_up(self) -> None:
        """Go on with what nobody sees to; the first time that is also what an ended process had
        begun."""
        with self._lock, self.database.writing() as session:
            if not self._started.is_set():
                store.take_back(session, but=self._at_work)
            waiting = store.waiting_people(session)
        self._started.set()
        for user_id in waiting:
            self.begin(user_id)

    def wait(self, user_id: str, *, timeout: float | None = None) -> None:
        """Wait until a person's lessons are worked off here."""
        with self._lock:
            task = self._tasks.get(user_id)
        if task:
            task.result(timeout=timeout)

    async def _work_off(self, user_id: str) -> None:
        try:
            while True:
                lesson, waiting = await asyncio.to_thread(self._next, user_id)
                if lesson is not None:
                    await self._do(lesson)
                elif waiting:
                    await asyncio.sleep(_LOOK_EVERY)
                else:
                    return
        except BaseException:
            with self._lock:
                self._tasks.pop(user_id, None)
            raise

    def _next(self, user_id: str) -> tuple[Lesson | None, bool]:
        """The lesson to be done now, claimed, and whether any waits. Who finds none leaves in the
        same breath, so that whoever queues one later begins anew."""
        with self._lock:
            with self.database.reading() as session:
                queued = store.queued(session, user_id=user_id)
            for lesson in filter(self.is_due, queued):
                with self.database.writing() as session:
                    begun = store.begin(session, lesson_id=lesson.id)
                if begun:
                    self._at_work.add(lesson.id)
                    return lesson, True
            if not queued:
                self._tasks.pop(user_id, None)
            return None, bool(queued)

    async def _do(self, lesson: Lesson) -> None:
        error: MinutesError | None = None
        proposed = 0
        try:
            proposed = await self.learn(lesson)
        except MinutesError as failure:
            error = failure
        except Exception:  # the task's edge: nobody above it would see what happened
            reference = lesson.id[:8]
            log.exception("a lesson failed (reference %s)", reference)
            error = MinutesError("unexpected", reference=reference)
        await asyncio.to_thread(self._end, lesson, proposed, error)

    def _end(self, lesson: Lesson, proposed: int, error: MinutesError | None) -> None:
        if error:
            self.failed(lesson)
        with self._lock, self.database.writing() as session:
            stored = stored_error(error) if error else None
            store.end(session, lesson_id=lesson.id, proposed=proposed, error=stored)
            store.drop_old(session, user_id=lesson.user_id)
            self._at_work.discard(lesson.id)
