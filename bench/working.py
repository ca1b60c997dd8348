"""A real worker process on fresh data, and jobs put to it as the app puts them. Times are those
that the job engine notes for its own steps: the product carries no timing code for us."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from dbos import DBOSClient, StepInfo

from bench.processes import NOWHERE, ROOT, Usage, end, environment
from core.app import App, build_app
from core.services.jobs import ENDED
from core.services.recordings import About
from core.settings import Settings
from core.store.jobs import APPLICATION, SERIALIZER
from core.store.tables import Job, Meeting
from tests.waiting import until

_LONGEST = 1800.0


@dataclass(frozen=True, slots=True)
class Done:
    """A finished job: seconds between two of its steps; the worker's peak memory in bytes and its
    processor's seconds meanwhile."""

    seconds: float
    peak: int
    cpu: float


@dataclass(frozen=True)
class Worker:
    """The worker and the app that asks it."""

    app: App
    process: psutil.Process

    def transcribe(self, source: Path, *, language: str | None, model: str | None) -> Done:
        """Seconds from the moment the step that decodes begins to its rows' commit."""
        meeting = take(self.app, source)
        with Usage(self.process) as used:
            job = self.app.jobs.transcribe(meeting, language=language, whisper_model=model)
            self._wait(job)
        # A transcript is read, not heard: its rows are kept at once.
        last = ("keep_transcript", "keep_utterances")
        return Done(self._between(job, "open_recording", *last), used.bytes, used.cpu)

    def write(self, meeting: Meeting, *, llm: str | None = None) -> Done:
        """Seconds from the plan's beginning to the commit of the minutes."""
        meeting = self.app.meetings.get(meeting.user_id, meeting.id)
        with Usage(self.process) as used:
            wanted = self.app.intake.wanted(meeting.user_id, llm=llm)
            job = self.app.jobs.write(meeting, wanted=wanted)
            self._wait(job)
        return Done(self._between(job, "plan", "keep_minutes"), used.bytes, used.cpu)

    def words(self, source: Path) -> int:
        """How many words of a file were heard."""
        meeting = take(self.app, source)
        spoken = self.app.meetings.transcript(meeting.user_id, meeting.id).utterances
        return sum(len(one.text.split()) for one in spoken)

    def _wait(self, job: Job) -> None:
        wait_for(self.app, job)

    def _between(self, job: Job, first: str, *last: str) -> float:
        """Seconds from the begin of step `first` to the end of whichever of `last` there is."""
        times = {step["function_name"]: step for step in steps_of(self.app, job)}
        begun = times[first]["started_at_epoch_ms"]
        ended = next(times[name] for name in last if name in times)["completed_at_epoch_ms"]
        assert begun is not None
        assert ended is not None
        return (ended - begun) / 1000


def wait_for(app: App, job: Job) -> None:
    """Until the job has ended; RuntimeError where it did not end well."""

    def ended() -> bool:
        return app.jobs.get(job.user_id, job.id).state in ENDED

    until(ended, seconds=_LONGEST, every=0.5, what=f"the end of {job.stage}")
    job = app.jobs.get(job.user_id, job.id)
    if job.state != "finished":
        raise RuntimeError(f"{job.stage} {job.state}: {job.error}")


def steps_of(app: App, job: Job) -> list[StepInfo]:
    """What the job engine noted of each step, in order."""
    client = DBOSClient(
        system_database_url=app.settings.jobs_database,
        application_name=APPLICATION,
        serializer=SERIALIZER,
    )
    try:
        return client.list_workflow_steps(job.id, load_output=False)
    finally:
        client.destroy()


def app_on(folder: Path) -> App:
    """An app on a data folder, with the built-in engine."""
    return build_app(Settings(data=folder, database_url=None, llm="extractive", ollama_url=NOWHERE))


def take(app: App, source: Path) -> Meeting:
    """A file as a meeting; the same file is the same meeting."""
    about = About(title=source.stem)
    return app.recordings.keep(
        app.people.local_person().id, source=source, name=source.name, about=about
    )[0]


@contextmanager
def worker_on(folder: Path, **variables: str) -> Iterator[Worker]:
    """A worker that lives as long as the block; its log is beside the folder. `variables` are
    settings of its environment."""
    app = app_on(folder)
    with (folder.parent / f"{folder.name}.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "core.worker", "--supervised"],
            cwd=ROOT,
            env=environment(MINUTES_DATA=str(folder), **variables),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
        try:
            yield Worker(app, psutil.Process(child.pid))
        finally:
            end(child)
            app.close()
