"""How a running job stands, for whoever shows it: time left, and what it has found so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.kinds import ItemKind
from core.store.tables import Job


@dataclass(frozen=True, slots=True)
class FoundSoFar:
    """Something that a job found and the transcript bears out; minutes may still merge it."""

    kind: ItemKind
    text: str
    utterances: tuple[int, ...]


def seconds_left(job: Job, *, at: datetime) -> float | None:
    """Seconds until a running job ends, by its speed so far; None while nothing is known. Counts
    down between two reports of the job, and stops at 0."""
    left = job.step_facts.get("seconds_left")
    if job.state != "running" or not isinstance(left, int | float):
        return None
    return max(0.0, float(left) - (at - job.updated_at).total_seconds())


def hearing_speed(job: Job) -> float | None:
    """How many seconds of sound a running job hears in a second; None where nothing is known."""
    speed = job.step_facts.get("speed")
    return float(speed) if job.state == "running" and isinstance(speed, int | float) else None


def found_so_far(job: Job) -> tuple[FoundSoFar, ...]:
    """What a running job found, in the order of the meeting."""
    return tuple(
        FoundSoFar(
            kind=ItemKind(found["kind"]),
            text=found["text"],
            utterances=tuple(found["utterances"]),
        )
        for found in job.found
    )
