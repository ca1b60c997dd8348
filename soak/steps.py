"""Which step of which job was running: read from the job engine's own tables, where each finished
step is a row. The step at work is the one after the last row."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import mean

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from core.settings import Settings

_RUNNING = """
select w.workflow_uuid, w.name, w.executor_id,
  o.function_id, o.function_name, o.completed_at_epoch_ms
from {s}workflow_status w
left join {s}operation_outputs o on o.workflow_uuid = w.workflow_uuid and o.function_id =
  (select max(function_id) from {s}operation_outputs x where x.workflow_uuid = w.workflow_uuid)
where w.status = 'PENDING'
"""
_STEPS = """
select w.workflow_uuid, w.name, o.function_id, o.function_name,
  o.started_at_epoch_ms, o.completed_at_epoch_ms
from {s}operation_outputs o join {s}workflow_status w on w.workflow_uuid = o.workflow_uuid
order by o.workflow_uuid, o.function_id
"""
_UNENDED = "select workflow_uuid, name, status from {s}workflow_status where status <> 'SUCCESS'"
_SHORTEST = 0.004
Place = tuple[str, str | None]
"""A stage, and the step in it that was done last; None before the first."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """A job that runs, or that its worker left when it died: after its step `last`, the `number`th
    (None and -1 where none is done)."""

    job_id: str
    stage: str
    executor: str
    number: int
    last: str | None
    done_at: float
    """When that step was done, seconds since 1970."""

    @property
    def place(self) -> Place:
        """Where in which stage it is."""
        return self.stage, self.last


@dataclass(frozen=True, slots=True)
class Done:
    """A finished step."""

    job_id: str
    stage: str
    number: int
    name: str
    seconds: float


@dataclass
class Engines:
    """The job engine's tables of one house."""

    url: str
    _engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self._engine = create_engine(self.url)

    @classmethod
    def of(cls, settings: Settings) -> Engines:
        """Those that these settings name."""
        return cls(settings.jobs_database)

    def running(self) -> list[AtWork]:
        """The jobs at work now, and where each is."""
        return [
            AtWork(job, stage, executor, -1 if number is None else number, last, (at or 0) / 1000)
            for job, stage, executor, number, last, at in self._rows(_RUNNING)
        ]

    def steps(self) -> list[Done]:
        """Every finished step, job by job in order."""
        return [
            Done(job, stage, number, name, ((ended or 0) - (begun or 0)) / 1000)
            for job, stage, number, name, begun, ended in self._rows(_STEPS)
        ]

    def unended(self) -> list[str]:
        """The jobs that did not end well, by the job engine's word."""
        return [f"{stage} {job} is {status}" for job, stage, status in self._rows(_UNENDED)]

    def close(self) -> None:
        """Let go of the tables."""
        self._engine.dispose()

    def _rows(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        schema = "" if self.url.startswith("sqlite") else "dbos."
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query.format(s=schema)))]


@dataclass(frozen=True)
class Course:
    """How jobs went that nobody disturbed: which step follows where, and how long it takes."""

    follows: dict[Place, str]
    seconds: dict[str, float]

    @classmethod
    def of(cls, steps: list[Done]) -> Course:
        """Learned from finished steps."""
        counted: defaultdict[Place, Counter[str]] = defaultdict(Counter)
        times: defaultdict[str, list[float]] = defaultdict(list)
        before: dict[str, str] = {}
        for step in steps:
            counted[step.stage, before.get(step.job_id)][step.name] += 1
            before[step.job_id] = step.name
            times[step.name].append(step.seconds)
        follows = {place: names.most_common(1)[0][0] for place, names in counted.items()}
        return cls(follows, {name: max(_SHORTEST, mean(each)) for name, each in times.items()})

    def longest_delay(self, place: Place) -> float:
        """Seconds that the step after a place takes, about."""
        return self.seconds.get(self.follows.get(place, ""), _SHORTEST)


def is_fresh(one: AtWork, *, since: float) -> bool:
    """Whether a step was done since then: the job is at work, and not what a dead worker left."""
    return one.done_at > since


def now() -> float:
    """Seconds since 1970, as the job engine counts."""
    return time.time()
