"""The client's side of the durable jobs: enqueue, cancel, run again. It runs no workflow.

DBOS keeps workflows in tables of its own; what a person sees of them is `job_records`. A queue a
stage, so that a long transcription never stands before somebody's minutes. Where workers share a
server's database, transcriptions have a queue for each folder of recordings, so that a worker gets
none whose recording it cannot read.
"""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, Serializer
from sqlalchemy.engine import make_url

from core.store.database import is_shared
from core.store.failures import store_failures
from core.store.places import Storage, name_of_storage

APPLICATION = "minutesai"
VERSION = "1"
"""Pinned: jobs of one version run under it for ever. Workflow changes go through DBOS.patch."""
SERIALIZER: Serializer = DBOSPortableJSONSerializer()
"""JSON rows: nothing is unpickled from a database."""
QUEUES = {"transcribe": "transcribe", "correct": "minutes", "minutes": "minutes"}
"""By stage. What a model does waits in one queue."""

_END_WITHIN = 5.0
_LOOK_EVERY = 0.05
_FAILED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_ENDED = ["SUCCESS", "CANCELLED", *_FAILED]
_MOST_AT_ONCE = 500


def migrate_jobs(url: str) -> None:
    """Create or upgrade the job engine's tables; safe from several processes at once."""
    with store_failures():
        DBOS.migrate(url)
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            with sqlite3.connect(parsed.database) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            connection.close()


@dataclass(frozen=True, slots=True)
class Held:
    """A workflow that an executor began and has not ended."""

    job_id: str
    executor: str
    queue: str


@dataclass
class DurableJobs:
    """What services may do with workflows. Connects on first use. `recordings` is the folder that
    recordings lie in."""

    url: str
    recordings: Path
    _client: DBOSClient | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def shared(self) -> bool:
        """Whether workers of several machines may use it."""
        return is_shared(self.url)

    @property
    def storage(self) -> str:
        """The name of this machine's folder of recordings, the same for all that share it."""
        return name_of_storage(self.recordings) if self.shared else ""

    def queue(self, stage: str) -> str:
        """Where a job of this stage waits that is asked for here."""
        queue = QUEUES[stage]
        return f"{queue}-{self.storage}" if self.shared and stage == "transcribe" else queue

    @store_failures()
    def ensure_enqueued(
        self, *, job_id: str, stage: str, arguments: Mapping[str, Any], priority: int
    ) -> None:
        """Start the workflow of this id, unless it was started before. Those of the same queue with
        a lower `priority` (from 1) go first."""
        wanted: EnqueueOptions = {
            "workflow_name": stage,
            "queue_name": self.queue(stage),
            "workflow_id": job_id,
            "app_version": VERSION,
            "priority": priority,
        }
        if self.shared:
            wanted["attributes"] = {
                "storage": self.storage,
                "host": socket.gethostname(),
                "folder": str(self.recordings),
            }
        self._connected().enqueue(wanted, dict(arguments))

    @store_failures()
    def status(self, job_id: str) -> str | None:
        """queued, running, finished, failed or cancelled; None where there is no such workflow."""
        found = self._connected().list_workflows(
            workflow_ids=[job_id], load_input=False, load_output=False
        )
        if not found:
            return None
        status = found[0].status
        names = {"SUCCESS": "finished", "CANCELLED": "cancelled", "PENDING": "running"}
        return "failed" if status in _FAILED else names.get(status, "queued")

    @store_failures()
    def holder(self, job_id: str) -> str | None:
        """The name of the executor that has this job now, empty where none has, None where it was
        cancelled or is not there."""
        found = self._connected().list_workflows(
            workflow_ids=[job_id], load_input=False, load_output=False
        )
        if not found or found[0].status == "CANCELLED":
            return None
        return found[0].executor_id or "" if found[0].status == "PENDING" else ""

    @store_failures()
    def storage_of(self, job_id: str) -> Storage | None:
        """Where the recording lies that a job needs; None where that was not noted."""
        found = self._connected().list_workflows(
            workflow_ids=[job_id], load_input=False, load_output=False
        )
        noted = (found[0].attributes or {}) if found else {}
        if not noted.get("storage"):
            return None
        return Storage(noted["storage"], noted["host"], noted["folder"])

    @store_failures()
    def cancel(self, job_id: str) -> None:
        """Stop it between steps; a running step asks for itself."""
        self._connected().cancel_workflow(job_id)

    @store_failures()
    def run_again(self, *, job_id: str, stage: str, whole: bool = False) -> None:
        """Run a workflow that ended: from the step that failed, or from its beginning."""
        client = self._connected()
        queue = self._queue_again(job_id, stage)
        status = self._ended(job_id)
        if status == "cancelled" and not whole:
            client.resume_workflow(job_id, queue_name=queue)
            return
        steps = client.list_workflow_steps(job_id, load_output=True)
        failed = [step["function_id"] for step in steps if step["error"] is not None]
        if whole or status == "finished":
            first = 1
        else:  # nothing of it failed: it was given up between two steps
            first = min(failed, default=1 + max((step["function_id"] for step in steps), default=0))
        client.rewind_workflow(job_id, start_step=first, queue_name=queue)

    def _queue_again(self, job_id: str, stage: str) -> str:
        """The queue it was in: where its recording lies."""
        storage = self.storage_of(job_id) if stage == "transcribe" else None
        return f"{QUEUES[stage]}-{storage.name}" if storage else self.queue(stage)

    def _ended(self, job_id: str) -> str | None:
        """Its status once it has ended: the person sees a failure a moment before the workflow has
        noted its own end. One that does not end was left by a dead worker, and is stopped."""
        deadline = time.monotonic() + _END_WITHIN
        while (status := self.status(job_id)) in ("running", "queued"):
            if time.monotonic() > deadline:
                self._connected().cancel_workflow(job_id)
                return "cancelled"
            time.sleep(_LOOK_EVERY)
        return status

    @store_failures()
    def forget(self, job_ids: Sequence[str]) -> None:
        """Stop workflows and delete their checkpoints, which hold what was said."""
        client = self._connected()
        for job_id in job_ids:
            if self.status(job_id) is not None:
                client.cancel_workflow(job_id)
            # Also where it is gone: a step that ran on meanwhile may have kept its result.
            client.delete_workflow(job_id, delete_children=True)

    @store_failures()
    def ended_before(self, moment: datetime, *, well: bool) -> list[str]:
        """Jobs that ended before then, well or otherwise; some hundreds at most."""
        found = self._connected().list_workflows(
            status="SUCCESS" if well else _ENDED[1:],
            completed_before=moment.isoformat(),
            limit=_MOST_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        return [one.workflow_id for one in found]

    @store_failures()
    def held(self) -> list[Held]:
        """What executors of this version began and have not ended."""
        found = self._connected().list_workflows(
            status="PENDING", app_version=VERSION, load_input=False, load_output=False
        )
        return [
            Held(one.workflow_id, one.executor_id or "", one.queue_name or QUEUES["minutes"])
            for one in found
        ]

    @store_failures()
    def take_over(self, held: Iterable[Held]) -> None:
        """Put jobs back into their queues; whoever had them can no longer record anything."""
        for one in held:
            self._connected().resume_workflow(one.job_id, queue_name=one.queue)

    @store_failures()
    def gather(self) -> None:
        """Bring transcriptions of a release that had one queue for all into this machine's."""
        if not self.shared:
            return
        found = self._connected().list_workflows(
            status="ENQUEUED",
            queue_name=QUEUES["transcribe"],
            load_input=False,
            load_output=False,
        )
        for one in found:
            self._connected().resume_workflow(one.workflow_id, queue_name=self.queue("transcribe"))

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._client is not None:
                self._client.destroy()
                self._client = None

    def _connected(self) -> DBOSClient:
        with self._lock:
            if self._client is None:
                migrate_jobs(self.url)
                self._client = DBOSClient(
                    system_database_url=self.url,
                    application_name=APPLICATION,
                    serializer=SERIALIZER,
                    # A page must not wait for ever for a database that is not there.
                    retry_connection_errors=False,
                )
            return self._client
