"""What services must know of the engine that runs long work (core.store.jobs.DurableJobs)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from core.store.jobs import Held
from core.store.places import Storage


class Workflows(Protocol):
    """What a person does with jobs."""

    def ensure_enqueued(
        self, *, job_id: str, stage: str, arguments: Mapping[str, Any], priority: int
    ) -> None:
        """Start it unless it was started before; of two that wait, the lower priority first."""
        ...

    def status(self, job_id: str) -> str | None:
        """queued, running, finished, failed, cancelled; None where there is none."""
        ...

    def cancel(self, job_id: str) -> None:
        """Stop it."""
        ...

    def run_again(self, *, job_id: str, stage: str, whole: bool = False) -> None:
        """Run it again after its end."""
        ...

    def forget(self, job_ids: Sequence[str]) -> None:
        """Stop them and delete all that was kept of them."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class WatchedWorkflows(Workflows, Protocol):
    """What upkeep must know besides."""

    def storage_of(self, job_id: str) -> Storage | None:
        """Where the recording lies that a job needs."""
        ...

    def held(self) -> list[Held]:
        """What executors have begun and not ended."""
        ...

    def take_over(self, held: Iterable[Held]) -> None:
        """Put them back into their queues."""
        ...

    def ended_before(self, moment: datetime, *, well: bool) -> list[str]:
        """Jobs that ended before then."""
        ...
