"""What keeps jobs in order while nobody looks: rows and workflows agree, what a dead worker had
goes on elsewhere, and old checkpoints, which hold what was said, are deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.services.job_runs import arguments_of
from core.services.jobs import ENDED, TRANSCRIBE
from core.services.workflows import WatchedWorkflows
from core.store import job_records, worker_beats
from core.store.database import Database
from core.store.tables import Job
from core.store.types import now

_SETTLED = timedelta(seconds=10)
"""A row that was touched later may be ahead of its workflow."""
_FINISHED_KEPT = timedelta(days=7)
_ENDED_BADLY_KEPT = timedelta(days=30)
"""Retry goes on from their checkpoints; after that it begins anew."""
_NOT_HERE = "recording_not_here"
_AGAIN = 1
"""Priority of what was asked for long ago and got lost."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobUpkeep:
    """Everybody's jobs, seen by a worker."""

    database: Database
    workflows: WatchedWorkflows
    now: Callable[[], datetime] = now

    def reconcile(self) -> None:
        """Make rows and workflows agree: a process may have died between writing the two."""
        for job in self._live():
            status = self.workflows.status(job.id)
            if status is None:
                self.workflows.ensure_enqueued(
                    job_id=job.id, stage=job.stage, arguments=arguments_of(job), priority=_AGAIN
                )
            elif status == "finished":
                self._end(job, state=status, progress=1.0, step=status, step_facts={})
            elif status in ENDED:
                died = {"kind": "EngineFailed", "code": "job_died", "facts": {}}
                self._end(job, state=status, error=job.error or died)

    def holders(self) -> set[str]:
        """Whoever has begun jobs and not ended them, by name."""
        return {one.executor for one in self.workflows.held()}

    def take_over(self, *, dead: Collection[str]) -> None:
        """Put the jobs of dead workers back into their queues, so that the living go on with them.
        One worker at a time: a job that another has begun meanwhile is not the dead one's."""
        with self.database.writing() as session:
            if not worker_beats.take_turn(session):
                return
            taken = [one for one in self.workflows.held() if one.executor in dead]
            self.workflows.take_over(taken)
        for one in taken:
            log.warning("job %s of %s, which is dead, goes on elsewhere", one.job_id, one.executor)

    def say_where(self, storages: Collection[str]) -> None:
        """Tell in the rows of transcriptions that wait for a worker that can read their recordings;
        `storages` are the folders that workers read now."""
        for job in self._live():
            if job.stage != TRANSCRIBE or job.state != "queued":
                continue
            storage = self.workflows.storage_of(job.id)
            missing = storage is not None and storage.name not in storages
            if missing and storage is not None and job.step != _NOT_HERE:
                facts = {"host": storage.host, "folder": storage.folder}
                self._set_step(job, _NOT_HERE, facts)
            elif not missing and job.step == _NOT_HERE:
                self._set_step(job, "queued", {})

    def forget_old(self) -> int:
        """Delete the checkpoints of jobs that ended long ago; returns how many jobs. Their rows
        stay as long as their meeting."""
        ended = [
            *self.workflows.ended_before(self.now() - _FINISHED_KEPT, well=True),
            *self.workflows.ended_before(self.now() - _ENDED_BADLY_KEPT, well=False),
        ]
        for job_id in ended:
            self.workflows.forget([job_id])
        return len(ended)

    def _live(self) -> list[Job]:
        with self.database.reading() as session:
            return job_records.all_live(session, at=self.now(), older_than=_SETTLED)

    def _end(self, job: Job, **values: Any) -> None:
        with self.database.writing() as session:
            job_records.update_job(session, job_id=job.id, unless=ENDED, **values)

    def _set_step(self, job: Job, step: str, facts: dict[str, str]) -> None:
        log.info("job %s: %s %s", job.id, step, facts)
        with self.database.writing() as session:
            job_records.update_job(
                session, job_id=job.id, unless=(*ENDED, "running"), step=step, step_facts=facts
            )
