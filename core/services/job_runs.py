"""A job's row and its workflow, changed together: begun, stopped, run again.

The row goes first, and its state settles who of several that ask at the same moment does it. Where
a process dies between the two, upkeep makes them agree (services.job_upkeep).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case
from sqlmodel import col

from core.services.workflows import Workflows
from core.store import job_records
from core.store.database import Database
from core.store.job_records import ENDED, LIVE
from core.store.tables import Job
from core.store.types import now

STOPPING = "stopping"
"""The step of a job that was cancelled while a process worked on it, until that lets go of it."""
_LETS_GO_WITHIN = 3.0
"""Seconds in which a process that lives notices that its job was cancelled."""
_LOOK_EVERY = 0.05
_FOLLOWING = 1000
"""Added to the priority of what nobody asked for by hand just now."""


@dataclass(frozen=True)
class JobRuns:
    """Works on everybody's jobs: the caller has checked whose they are."""

    database: Database
    workflows: Workflows

    def ask_for(self, wanted: Job, *, again: bool, follows: bool) -> Job:
        """The job of this id, begun unless it was before. One that ended badly goes on with the
        options that are `wanted` now; one that ended well is done anew where `again` says so."""
        with self.database.writing() as session:
            job, is_new = job_records.ensure_job(session, job=wanted)
            waiting = job_records.count_waiting(session, job=job)
        if is_new:
            # One more for each that waits already: who gives a hundred recordings at once does not
            # stand before somebody else with one.
            self._enqueue(job, priority=1 + waiting + (_FOLLOWING if follows else 0))
        elif job.state in ("failed", "cancelled") or (job.state == "finished" and again):
            self.again(job, whole=job.state == "finished", unless=LIVE, options=wanted.options)
        return self._row(job.id) or job

    def cancel(self, job: Job) -> None:
        """Stop a job, unless it has ended. A process that works on it notices at its next look."""
        step = case((col(Job.state) == "running", STOPPING), else_=col(Job.step))
        with self.database.writing() as session:
            changed = job_records.update_job(
                session, job_id=job.id, unless=ENDED, state="cancelled", step=step
            )
        if changed:
            self.workflows.cancel(job.id)

    def again(self, job: Job, *, whole: bool, unless: tuple[str, ...], **values: Any) -> None:
        """Run a job that has ended again: from the step that did not end well, or the `whole`. Does
        nothing where its state is among `unless` by now, because somebody else was faster. Waits
        for a process that is only just being stopped: the two would do the same twice."""
        self._wait_until_let_go(job)
        with self.database.writing() as session:
            changed = job_records.update_job(
                session,
                job_id=job.id,
                unless=unless,
                state="queued",
                error=None,
                progress=0.0,
                step="queued",
                step_facts={},
                tries=0,
                reached=0.0,
                **values,
            )
        if not changed:
            return
        if self.workflows.status(job.id) is None:
            self._enqueue(self._row(job.id) or job, priority=1)
        else:
            self.workflows.run_again(job_id=job.id, stage=job.stage, whole=whole)

    def _wait_until_let_go(self, job: Job) -> None:
        """Until the process that worked on a job has told that it does no more, or is taken for
        dead."""
        until = time.monotonic() + _LETS_GO_WITHIN
        there: Job | None = job
        while there and there.state == "cancelled" and there.step == STOPPING:
            since = abs((now() - there.updated_at).total_seconds())
            if since > _LETS_GO_WITHIN or time.monotonic() > until:
                return
            time.sleep(_LOOK_EVERY)
            there = self._row(job.id)

    def _enqueue(self, job: Job, *, priority: int) -> None:
        self.workflows.ensure_enqueued(
            job_id=job.id, stage=job.stage, arguments=arguments_of(job), priority=priority
        )

    def _row(self, job_id: str) -> Job | None:
        with self.database.reading() as session:
            return job_records.job(session, job_id=job_id)


def arguments_of(job: Job) -> dict[str, Any]:
    """What the workflow is started with. It knows the person, the meeting and every option."""
    return {
        "job_id": job.id,
        "user_id": job.user_id,
        "meeting_id": job.meeting_id,
        "options": job.options,
    }
