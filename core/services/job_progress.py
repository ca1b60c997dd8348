"""How a running job tells where it is, and learns that it was cancelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.minutes import Item
from core.errors import MinutesError
from core.services.job_runs import STOPPING
from core.services.jobs import stored_error
from core.store import job_records
from core.store.database import Database

_MOST_FOUND = 200


@dataclass(frozen=True)
class Progress:
    """How a running job tells its state and learns that it was cancelled."""

    database: Database
    job_id: str
    clock: Callable[[], float]

    def running(self) -> None:
        """The job has begun. Said before each step, of which there may be hundreds: it costs a look
        and not a write where it was said before."""
        with self.database.reading() as session:
            job = job_records.job(session, job_id=self.job_id)
        if job is not None and job.state != "running":
            self._set(state="running")

    def at(
        self, share: float, step: str, *, found: list[dict[str, Any]] | None = None, **facts: Any
    ) -> None:
        """The job is at `share` (0..1), doing `step` (a message key under `steps`). `facts` may
        hold `seconds_left`; `found` is what it found so far (see `found_json`)."""
        more = {} if found is None else {"found": found}
        self._set(progress=min(1.0, max(0.0, share)), step=step, step_facts=facts, **more)

    def got_on(self) -> None:
        """The job is further than when its process began: who began before and died is forgotten.
        Costs a look and not a write where nobody did."""
        with self.database.reading() as session:
            job = job_records.job(session, job_id=self.job_id)
        if job is not None and job.tries:
            self._set(tries=0)

    def waiting(self, error: MinutesError) -> None:
        """The job waits for something that may come back. It stays at its share."""
        self._set(step=f"waiting_{error.code}", step_facts=dict(error.facts))

    def finished(self, step: str = "finished", **facts: Any) -> None:
        """The job has ended well; `step` with its `facts` may tell its outcome."""
        self._set(state="finished", progress=1.0, step=step, step_facts=facts, error=None)

    def failed(self, error: MinutesError) -> None:
        """The job has ended badly; the sentence is made where somebody reads it."""
        self._set(state="failed", error=stored_error(error))

    def let_go(self) -> None:
        """This process works on the job no more. Whoever waits for that may begin it again."""
        with self.database.writing() as session:
            job_records.let_go(session, job_id=self.job_id, step=STOPPING)

    def cancelled(self) -> bool:
        """Was it cancelled, or its meeting deleted for good?"""
        with self.database.reading() as session:
            job = job_records.job(session, job_id=self.job_id)
        return job is None or job.state == "cancelled"

    def _set(self, **values: Any) -> None:
        with self.database.writing() as session:
            job_records.update_job(session, job_id=self.job_id, unless=("cancelled",), **values)


def found_json(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Confirmed items as a running job shows them, the last ones first to be seen."""
    return [
        {"kind": item.kind.value, "text": item.text, "utterances": list(item.utterances)}
        for item in items[-_MOST_FOUND:]
    ]
