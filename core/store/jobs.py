"""The client's side of the durable jobs: enqueue, cancel, run again. It runs no workflow.

DBOS keeps workflows in tables of its own; what a person sees of them is `job_records`. A queue a
stage, so that a long transcription never stands before somebody's minutes.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, Serializer
from sqlalchemy.engine import make_url

from core.store.failures import store_failures

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


def migrate_jobs(url: str) -> None:
    """Create or upgrade the job engine's tables; safe from several processes at once."""
    DBOS.migrate(url)
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        with sqlite3.connect(parsed.database) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()


@dataclass
class DurableJobs:
    """What services may do with workflows. Connects on first use."""

    url: str
    _client: DBOSClient | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @store_failures()
    def ensure_enqueued(self, *, job_id: str, stage: str, arguments: Mapping[str, Any]) -> None:
        """Start the workflow of this id, unless it was started before."""
        self._connected().enqueue(
            {
                "workflow_name": stage,
                "queue_name": QUEUES[stage],
                "workflow_id": job_id,
                "app_version": VERSION,
            },
            dict(arguments),
        )

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
    def cancel(self, job_id: str) -> None:
        """Stop it between steps; a running step asks for itself."""
        self._connected().cancel_workflow(job_id)

    @store_failures()
    def run_again(self, *, job_id: str, stage: str, whole: bool = False) -> None:
        """Run a workflow that ended: from the step that failed, or from its beginning."""
        client = self._connected()
        status = self._ended(job_id)
        if status == "cancelled" and not whole:
            client.resume_workflow(job_id, queue_name=QUEUES[stage])
            return
        failed = [
            step["function_id"]
            for step in client.list_workflow_steps(job_id, load_output=True)
            if step["error"] is not None
        ]
        first = 1 if whole or not failed else min(failed)
        client.rewind_workflow(job_id, start_step=first, queue_name=QUEUES[stage])

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
                client.delete_workflow(job_id, delete_children=True)

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
                )
            return self._client
