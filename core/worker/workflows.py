"""The durable workflows. A step's result is JSON and its rows commit with its checkpoint.

Registered by `register` with explicit names, because importing a module must open nothing. Change a
workflow only through DBOS.patch: jobs of the last release must still be replayable.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from dbos import DBOS, SQLAlchemyDatasource
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from core.app import App
from core.errors import EngineFailed, MinutesError
from core.services.job_progress import Progress, found_json
from core.services.jobs import meeting_for
from core.services.minutes_json import composed_json, minutes_from_composed
from core.services.reading_progress import Standing
from core.services.wanted import WritingWanted
from core.store.jobs import SERIALIZER
from core.worker import correction, listening

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
"""Seconds between two looks at whether a job was cancelled."""
_TELL_EVERY = 0.3
"""Seconds between two writes of progress."""
_MOST_RECOVERIES = 5
"""A job that has killed its worker so often is not started again by itself."""


_MANY_RECOVERIES = 100_000
"""A long recording may outlive many workers as long as it gets on: what kills its worker again and
again at the same place is stopped there (see core.services.deaths)."""


class JobCancelled(Exception):
    """The person cancelled; the step ends without a result."""


@dataclass
class Watch:
    """Progress and cancellation of one running step, each at its own pace."""

    progress: Progress
    _looked: float = field(default=0.0, init=False)
    _told: float = field(default=0.0, init=False)
    _step: str = field(default="", init=False)

    def check(self) -> None:
        """Raise JobCancelled if the job was cancelled."""
        if time.monotonic() - self._looked >= _LOOK_EVERY:
            self._looked = time.monotonic()
            if self.progress.cancelled():
                raise JobCancelled

    def tell(
        self, share: float, step: str, *, found: list[dict[str, Any]] | None = None, **facts: Any
    ) -> None:
        """Show where the job is, and what it found so far where that is known."""
        self.check()
        if step != self._step or time.monotonic() - self._told >= _TELL_EVERY:
            self._step, self._told = step, time.monotonic()
            self.progress.at(share, step, found=found, **facts)


@dataclass(frozen=True)
class Steps:
    """What the workflows do, without DBOS: each method is one step."""

    app: App

    def hear(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """The recording as utterances, all in one step: for jobs of the first release."""
        with self.watched(job) as watch:
            options = job["options"]
            return self.app.transcription.hear(
                meeting_for(self.app.database, job),
                language=options["language"],
                whisper_model=options["whisper_model"],
                check=watch.check,
                progress=watch.tell,
            )

    def plan(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Engine and parts of the minutes."""
        with self.watched(job) as watch:
            watch.tell(0.0, "planning")
            return self.app.minutes.plan(
                meeting_for(self.app.database, job),
                wanted=WritingWanted.from_json(job["options"]),
                check=watch.check,
            )

    def read(self, job: Mapping[str, Any], plan: dict[str, Any], number: int) -> dict[str, Any]:
        """Items of one part."""
        with self.watched(job) as watch:
            parts = len(plan["parts"])
            watch.tell(0.95 * (number - 1) / (parts + 1), "reading_part", part=number, parts=parts)
            return self.app.minutes.read(
                meeting_for(self.app.database, job), plan, number=number, check=watch.check
            )

    def read_all(self, job: Mapping[str, Any], plan: dict[str, Any]) -> list[dict[str, Any]]:
        """Items of every part, some parts at once. Each answer is remembered as it comes, so that a
        crash costs the calls that were running."""
        with self.watched(job) as watch:

            def tell(standing: Standing) -> None:
                watch.tell(
                    0.95 * standing.share,
                    "reading_part",
                    found=found_json(standing.found),
                    part=standing.part,
                    parts=standing.parts,
                    seconds_left=standing.seconds_left,
                )

            meeting = meeting_for(self.app.database, job)
            return self.app.minutes.read_all(meeting, plan, check=watch.check, tell=tell)

    def compose(
        self, job: Mapping[str, Any], plan: dict[str, Any], readings: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """The whole minutes, not yet kept."""
        with self.watched(job) as watch:
            parts = len(plan["parts"])
            watch.tell(0.95 * parts / (parts + 1), "writing")
            composed = self.app.minutes.compose(
                meeting_for(self.app.database, job),
                plan,
                readings,
                wanted=WritingWanted.from_json(job["options"]),
                check=watch.check,
            )
            return composed_json(composed)

    def ask_for_minutes(self, job: Mapping[str, Any]) -> None:
        """What was wanted after the transcription. Nothing was said: nothing to write."""
        with self.watched(job):
            then = job["options"].get("then")
            meeting = meeting_for(self.app.database, job)
            transcript = self.app.meetings.transcript(meeting.user_id, meeting.id)
            if not then or not transcript.utterances:
                return
            wanted = WritingWanted.from_json(then)
            if wanted.correct:
                self.app.jobs.correct(meeting, llm=wanted.llm, then=wanted, part_of=job["job_id"])
            else:
                self.app.jobs.write(meeting, wanted=wanted, part_of=job["job_id"])

    def progress(self, job: Mapping[str, Any]) -> Progress:
        """The job's row."""
        return Progress(database=self.app.database, job_id=job["job_id"], clock=time.time)

    @contextmanager
    def watched(self, job: Mapping[str, Any]) -> Iterator[Watch]:
        """A step at work: its failure is put where the person sees it, then raised again."""
        progress = self.progress(job)
        progress.running()
        try:
            yield Watch(progress)
        except JobCancelled:
            log.info("job %s stopped: it was cancelled", job["job_id"])
            raise
        except MinutesError as error:
            log.warning("job %s failed: %s", job["job_id"], error)
            progress.failed(error)
            raise RuntimeError(str(error)) from error
        except Exception as error:  # the worker's edge: a person must see that it failed
            reference = job["job_id"][:8]
            log.exception("job failed (reference %s)", reference)
            progress.failed(EngineFailed("unexpected", reference=reference))
            raise RuntimeError(str(error)) from error


def _function(method: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function around a method: DBOS notes things on what it registers."""

    def call(*arguments: Any) -> Any:
        return method(*arguments)

    call.__qualname__ = call.__name__ = method.__name__
    return call


def register(app: App) -> None:
    """Make the workflows known to DBOS. Call once, before launch."""
    steps = Steps(app)
    rows = SQLAlchemyDatasource.create(
        app.settings.database,
        engine=app.database.engine,
        sessionmaker=sessionmaker(class_=Session, expire_on_commit=False),
        serializer=SERIALIZER,
    )
    step: dict[str, Callable[..., Any]] = {
        name: DBOS.step(name=name)(_function(getattr(steps, name)))
        for name in ("hear", "plan", "read", "read_all", "compose", "ask_for_minutes")
    }

    def session() -> Session:
        return cast(Session, rows.sql_session())

    @rows.transaction(name="keep_utterances")
    def keep_utterances(job: dict[str, Any], result: dict[str, Any]) -> int:
        return app.transcription.keep(
            session(), meeting_for(app.database, job), result, job_id=job["job_id"]
        )

    @rows.transaction(name="keep_minutes")
    def keep_minutes(job: dict[str, Any], composed: dict[str, Any]) -> int:
        return app.minutes.keep(
            session(),
            meeting_for(app.database, job),
            minutes_from_composed(composed),
            job_id=job["job_id"],
        )

    @DBOS.step(name="finish")
    def finish(job: dict[str, Any]) -> None:
        steps.progress(job).finished()

    hear_by_windows = listening.register(
        app, rows=rows, watched=steps.watched, keep_utterances=keep_utterances
    )

    @DBOS.workflow(name="transcribe", max_recovery_attempts=_MANY_RECOVERIES)
    def transcribe(job: dict[str, Any]) -> None:
        if DBOS.patch("hear-by-windows"):
            hear_by_windows(job)
        else:  # a job of the first release that had heard all of its recording
            keep_utterances(job, step["hear"](job))
        step["ask_for_minutes"](job)
        finish(job)

    @DBOS.workflow(name="minutes", max_recovery_attempts=_MOST_RECOVERIES)
    def minutes(job: dict[str, Any]) -> None:
        plan = step["plan"](job)
        if DBOS.patch("read-parts-together"):
            readings = step["read_all"](job, plan)
        else:  # a job of the first release that is half done
            readings = [step["read"](job, plan, n) for n in range(1, len(plan["parts"]) + 1)]
        keep_minutes(job, step["compose"](job, plan, readings))
        finish(job)

    correction.register(app, rows=rows, watched=steps.watched, most_recoveries=_MOST_RECOVERIES)
    del transcribe, minutes  # DBOS knows them by name
