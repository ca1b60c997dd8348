"""The durable workflows. A step's result is JSON and its rows commit with its checkpoint.

Registered by `register` with explicit names, because importing a module must open nothing. Change a
workflow only through DBOS.patch: jobs of the last release must still be replayable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from dbos import DBOS, SQLAlchemyDatasource
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from core.app import App
from core.services.job_progress import found_json
from core.services.jobs import meeting_for
from core.services.minutes_json import composed_json, minutes_from_composed
from core.services.reading_progress import Standing
from core.services.wanted import WritingWanted
from core.store.failures import as_raised
from core.store.jobs import SERIALIZER
from core.worker import correction, listening
from core.worker.standing import SOON, JobsAtWork, Watched

_MANY_RECOVERIES = 100_000
"""DBOS counts every process that ever began on a job. A long one may outlive many of them as long
as it gets on, so it is we who count (see core.worker.standing)."""


@dataclass(frozen=True)
class Steps:
    """What the workflows do, without DBOS: each method is one step."""

    app: App
    watched: Watched

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
                user_id=job["user_id"],
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
                user_id=job["user_id"],
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
            part_of = job["job_id"]
            if wanted.correct:
                self.app.jobs.correct(
                    meeting, llm=wanted.llm, then=wanted, part_of=part_of, follows=True
                )
            else:
                self.app.jobs.write(
                    meeting,
                    user_id=job["user_id"],
                    wanted=wanted,
                    part_of=part_of,
                    follows=True,
                )

    def finish(self, job: Mapping[str, Any]) -> None:
        """All is kept."""
        with self.watched(job) as watch:
            watch.progress.finished()


def register(app: App, standing: JobsAtWork) -> None:
    """Make the workflows known to DBOS. Call once, before launch."""
    steps = Steps(app, standing.watched)
    rows = SQLAlchemyDatasource.create(
        app.settings.database,
        engine=app.database.engine,
        sessionmaker=sessionmaker(class_=Session, expire_on_commit=False),
        serializer=SERIALIZER,
    )
    step: dict[str, Callable[..., Any]] = {
        name: DBOS.step(name=name)(standing.patiently(getattr(steps, name)))
        for name in ("hear", "read", "read_all", "compose", "ask_for_minutes", "finish")
    }
    step["plan"] = DBOS.step(name="plan")(standing.patiently(steps.plan, pauses=SOON))

    def session() -> Session:
        return cast(Session, rows.sql_session())

    @rows.transaction(name="keep_utterances")
    @as_raised()
    def keep_utterances(job: dict[str, Any], result: dict[str, Any]) -> int:
        return app.transcription.keep(
            session(), meeting_for(app.database, job), result, job_id=job["job_id"]
        )

    @rows.transaction(name="keep_minutes")
    @as_raised()
    def keep_minutes(job: dict[str, Any], composed: dict[str, Any]) -> int:
        return app.minutes.keep(
            session(),
            meeting_for(app.database, job),
            minutes_from_composed(composed),
            job_id=job["job_id"],
        )

    hear_by_windows = listening.register(
        app, rows=rows, standing=standing, keep_utterances=keep_utterances
    )

    @DBOS.workflow(name="transcribe", max_recovery_attempts=_MANY_RECOVERIES)
    def transcribe(job: dict[str, Any]) -> None:
        with standing.begun(job):
            if DBOS.patch("hear-by-windows"):
                hear_by_windows(job)
            else:  # a job of the first release that had heard all of its recording
                keep_utterances(job, step["hear"](job))
            step["ask_for_minutes"](job)
            step["finish"](job)

    @DBOS.workflow(name="minutes", max_recovery_attempts=_MANY_RECOVERIES)
    def minutes(job: dict[str, Any]) -> None:
        with standing.begun(job):
            plan = step["plan"](job)
            if DBOS.patch("read-parts-together"):
                readings = step["read_all"](job, plan)
            else:  # a job of the first release that is half done
                readings = [step["read"](job, plan, n) for n in range(1, len(plan["parts"]) + 1)]
            keep_minutes(job, step["compose"](job, plan, readings))
            step["finish"](job)

    correction.register(app, rows=rows, standing=standing, most_recoveries=_MANY_RECOVERIES)
    del transcribe, minutes  # DBOS knows them by name
