"""The durable workflow "correct": plan, read each part, keep, then ask for the minutes that were
wanted. A step's result is JSON; the changes commit with their checkpoint (see workflows)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from dbos import DBOS, SQLAlchemyDatasource
from sqlmodel import Session

from core.app import App
from core.services.jobs import meeting_for
from core.services.wanted import WritingWanted
from core.store.failures import as_raised
from core.worker.standing import SOON, JobsAtWork, Watched


@dataclass(frozen=True)
class CorrectionSteps:
    """What the workflow does, without DBOS: each method is one step."""

    app: App
    watched: Watched

    def plan(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Engine and parts."""
        with self.watched(job) as watch:
            watch.tell(0.0, "planning")
            meeting = meeting_for(self.app.database, job)
            return self.app.correction.plan(meeting, llm=job["options"]["llm"], check=watch.check)

    def read(self, job: Mapping[str, Any], plan: dict[str, Any], number: int) -> dict[str, Any]:
        """Corrections of one part."""
        with self.watched(job) as watch:
            parts = len(plan["parts"])
            watch.tell((number - 1) / parts, "correcting_part", part=number, parts=parts)
            meeting = meeting_for(self.app.database, job)
            return self.app.correction.read(meeting, plan, number=number, check=watch.check)

    def ask_for_minutes(self, job: Mapping[str, Any], outcome: Mapping[str, Any]) -> None:
        """The minutes that were wanted after the correction; not where the meeting was heard anew
        meanwhile, which asks for its own."""
        with self.watched(job):
            then = job["options"].get("then")
            if then and outcome["step"] != "correction_overtaken":
                self.app.jobs.write(
                    meeting_for(self.app.database, job),
                    user_id=job["user_id"],
                    wanted=WritingWanted.from_json(then),
                    part_of=job["job_id"],
                    follows=True,
                )

    def finish(self, job: Mapping[str, Any], outcome: Mapping[str, Any]) -> None:
        """All is kept; the row tells what came of it."""
        with self.watched(job) as watch:
            watch.progress.finished(outcome["step"], **outcome["facts"])


def register(
    app: App, *, rows: SQLAlchemyDatasource, standing: JobsAtWork, most_recoveries: int
) -> None:
    """Make the workflow known to DBOS. Call once, before launch."""
    steps = CorrectionSteps(app, standing.watched)
    plan_correction = DBOS.step(name="plan_correction")(standing.patiently(steps.plan, pauses=SOON))
    read_correction = DBOS.step(name="read_correction")(standing.patiently(steps.read))
    ask_for_minutes = DBOS.step(name="ask_for_minutes_corrected")(
        standing.patiently(steps.ask_for_minutes)
    )
    finish_correction = DBOS.step(name="finish_correction")(standing.patiently(steps.finish))

    @rows.transaction(name="keep_corrections")
    @as_raised()
    def keep_corrections(
        job: dict[str, Any], plan: dict[str, Any], read: list[dict[str, Any]]
    ) -> dict[str, Any]:
        return app.correction.keep(
            cast(Session, rows.sql_session()),
            meeting_for(app.database, job),
            plan,
            read,
            job_id=job["job_id"],
        )

    @DBOS.workflow(name="correct", max_recovery_attempts=most_recoveries)
    def correct(job: dict[str, Any]) -> None:
        with standing.begun(job):
            plan = plan_correction(job)
            read = [read_correction(job, plan, n) for n in range(1, len(plan["parts"]) + 1)]
            outcome = keep_corrections(job, plan, read)
            ask_for_minutes(job, outcome)
            finish_correction(job, outcome)

    del correct  # DBOS knows it by name
