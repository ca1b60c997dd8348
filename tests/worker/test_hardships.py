"""What befalls a worker: work that kills it, a model that is away, a database that another program
holds, an order to end; and what it forgets by itself."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.app import App
from core.domain.transcript import Utterance
from core.errors import EngineFailed, EngineUnavailable, MinutesError
from core.messages import say
from core.services.job_upkeep import JobUpkeep
from core.services.recordings import About
from core.store import people
from core.store.failures import PASSING
from core.store.jobs import DurableJobs
from core.store.tables import Job
from core.store.types import now
from core.worker import standing
from core.worker.room import Room
from core.worker.standing import JobCancelled, JobsAtWork
from core.worker.supervisor import Supervisor
from tests.doubles.ollama import OllamaDouble
from tests.services.test_minutes import MEETING, long_meeting
from tests.waiting import until
from tests.worker.conftest import ended
from tests.worker.machines import Machine
from tests.worker.test_windows import long_recording, taken_in, unbroken
from tests.worker.test_worker import EXTRACTIVE, MODEL, SPEECH, WHISPER, kept, transcribed

__all__ = ["long_recording", "unbroken"]


def die_of_it(place: str) -> None:
    """A worker process that dies at that place."""
    died = subprocess.run(
        [sys.executable, "-m", "tests.worker.deadly_worker", place],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.mark.parametrize(
    ("place", "deaths", "code"), [("hear", 5, "window_deadly"), ("compose", 8, "job_deadly")]
)
def test_work_that_kills_whoever_does_it_is_given_up_and_can_be_tried_again(
    app: App, tmp_path: Path, place: str, deaths: int, code: str
) -> None:
    if place == "hear":
        job = app.jobs.transcribe(
            taken_in(app, SPEECH / "ko-15s.opus"), language="ko", whisper_model=WHISPER
        )
    else:
        supervisor = Supervisor(folder=app.settings.folder, root=Path.cwd())
        supervisor.start()
        meeting = transcribed(app, kept(app, tmp_path, MEETING))
        supervisor.stop()
        job = app.jobs.write(meeting, wanted=EXTRACTIVE)
    for _ in range(deaths):  # the first of them that composed had got on before
        die_of_it(place)
    worker = Machine(app.settings.folder, {}).start()
    try:
        failed = ended(app, job)
        assert (failed.state, (failed.error or {})["code"]) == ("failed", code)
        assert ended(app, app.jobs.retry(job.user_id, job.id)).state == "finished"
    finally:
        worker.end()


def test_a_worker_that_gets_on_may_be_killed_as_often_as_anybody_likes(app: App) -> None:
    """Each process goes a little further than all before it."""
    job = a_job(app)
    at_work = work(app)
    for share in (0.0, *(step / 20 for step in range(1, 20))):
        with at_work.begun({"job_id": job.id}), at_work.watched({"job_id": job.id}) as watch:
            watch.tell(share, "reading_part", part=1, parts=1)
            assert app.jobs.get(job.user_id, job.id).tries <= 1
    for _ in range(7):
        with pytest.raises(KeyboardInterrupt), at_work.begun({"job_id": job.id}):
            raise KeyboardInterrupt  # as a death leaves it
    with pytest.raises(RuntimeError, match="7 times"), at_work.begun({"job_id": job.id}):
        pass
    assert (app.jobs.get(job.user_id, job.id).error or {})["code"] == "job_deadly"


class Nobody:
    """Holds no job."""

    def holder(self, _job_id: str) -> str | None:
        return None


def work(app: App) -> JobsAtWork:
    return JobsAtWork(
        app.database, workflows=Nobody(), executor=None, room=Room(app.settings.folder)
    )


def a_job(app: App) -> Job:
    user = app.people.local_person()
    meeting, _ = app.recordings.keep(
        user.id, source=SPEECH / "ko-15s.opus", name="x.opus", about=About()
    )
    return app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)


@pytest.mark.parametrize(
    "error",
    [
        EngineUnavailable("ollama_unreachable", url="http://127.0.0.1:11434"),
        EngineFailed("ollama_broke_off", model="gemma3:4b"),
        EngineUnavailable("ollama_busy", model="gemma3:4b"),
        *(EngineFailed(code) for code in PASSING),
    ],
    ids=lambda error: error.code,
)
def test_a_step_whose_failure_may_pass_is_tried_again_and_says_so(
    app: App, error: MinutesError
) -> None:
    job = a_job(app)
    at_work = work(app)
    seen: list[str] = []

    def step(arguments: dict[str, Any]) -> str:
        with at_work.watched(arguments):
            seen.append(app.jobs.get(job.user_id, job.id).step)
            if len(seen) < 3:
                raise error
            return "done"

    assert at_work.patiently(step, pauses=(0.01, 0.01))({"job_id": job.id}) == "done"
    assert seen[1:] == [f"waiting_{error.code}"] * 2
    for language in ("ko", "en"):
        assert say(f"steps.waiting_{error.code}", language, **error.facts)
    seen.clear()
    with pytest.raises(RuntimeError):
        at_work.patiently(step, pauses=(0.01,))({"job_id": job.id})
    assert (app.jobs.get(job.user_id, job.id).error or {})["code"] == error.code


def test_who_waits_for_a_model_can_be_cancelled(app: App) -> None:
    job = a_job(app)
    at_work = work(app)

    def step(arguments: dict[str, Any]) -> None:
        with at_work.watched(arguments):
            app.jobs.cancel(job.user_id, job.id)
            raise EngineUnavailable("ollama_busy", model="gemma3:4b")

    begun = time.monotonic()
    with pytest.raises(JobCancelled):
        at_work.patiently(step, pauses=(60,))({"job_id": job.id})
    assert time.monotonic() - begun < 2
    assert sum(standing.PAUSES) == pytest.approx(900, rel=0.05)


def test_a_model_that_is_started_again_in_the_middle_costs_the_calls_that_ran(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, long_meeting(120)))
    double.fail_next("tcp_abort", 2, when=lambda body: "part 2 of" in str(body).lower())
    job = app.jobs.write(meeting, wanted=MODEL)
    waited: list[str] = []

    def look() -> bool:
        seen = app.jobs.get(job.user_id, job.id)
        waited.append(seen.step)
        return seen.state == "finished"

    until(look, seconds=90)
    assert "waiting_ollama_broke_off" in waited
    minutes = app.minutes.newest(meeting.user_id, meeting.id)
    assert minutes is not None
    assert minutes.draft.coverage.complete


def test_a_database_that_another_program_holds_for_long_is_waited_for(
    app: App, worker: Supervisor, long_recording: Path, unbroken: tuple[Utterance, ...]
) -> None:
    """Longer than a page waits, which then says so; the worker goes on, and nothing is lost."""
    meeting = taken_in(app, long_recording)
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)
    until(lambda: app.jobs.get(job.user_id, job.id).step == "hearing")
    told: list[MinutesError] = []

    def as_a_page() -> None:
        try:
            with app.database.writing() as session:
                people.ensure_choice(session, owner="machine", name="language", value="ko")
        except MinutesError as error:
            told.append(error)

    page = threading.Thread(target=as_a_page)
    other = sqlite3.connect(app.settings.folder / "minutes.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    page.start()
    held = time.monotonic()
    page.join(60)
    until(lambda: time.monotonic() - held > 40)
    assert app.jobs.get(job.user_id, job.id).state == "running"  # who only reads waits for nobody
    other.execute("ROLLBACK")
    other.close()
    assert [error.code for error in told] == ["database_locked"]
    assert ended(app, job).state == "finished"
    assert app.meetings.transcript(meeting.user_id, meeting.id).utterances == unbroken


def test_checkpoints_go_after_some_time_and_what_was_kept_stays(
    app: App, worker: Supervisor, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, MEETING))
    workflows = DurableJobs(app.settings.jobs_database, tmp_path)
    job = app.jobs.of_meeting(meeting.user_id, meeting.id)[0]
    until(lambda: workflows.status(job.id) == "finished")

    def upkeep(days: float) -> JobUpkeep:
        return JobUpkeep(app.database, workflows, now=lambda: now() + timedelta(days=days))

    assert upkeep(6.9).forget_old() == 0
    assert upkeep(7.1).forget_old() == 1
    assert workflows.status(job.id) is None
    with sqlite3.connect(app.settings.folder / "jobs.sqlite") as database:
        assert "김지수" not in "\n".join(database.iterdump())
    database.close()
    upkeep(7.1).reconcile()
    assert app.jobs.get(job.user_id, job.id).state == "finished"
    assert app.meetings.transcript(meeting.user_id, meeting.id).utterances
    # The same may be asked for again, and is done anew.
    other = app.jobs.transcribe(meeting, language="en", whisper_model=None)
    assert ended(app, other).state == "finished"
    again = app.meetings.get(meeting.user_id, meeting.id)
    app.jobs.transcribe(again, language=None, whisper_model=None)
    until(lambda: app.meetings.get(meeting.user_id, meeting.id).transcript_job == job.id)
    workflows.close()


def test_a_worker_that_is_told_to_end_ends_within_two_seconds_and_loses_nothing(
    app: App, long_recording: Path, unbroken: tuple[Utterance, ...]
) -> None:
    meeting = taken_in(app, long_recording)
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)
    worker = Machine(app.settings.folder, {}).start()
    try:
        worker.until_logged("hearing window 1")
        assert worker.process is not None
        told = time.monotonic()
        os.kill(worker.process.pid, signal.SIGTERM)
        assert worker.process.wait(10) == 0
        assert time.monotonic() - told < 2
        worker.start()
        assert ended(app, job).state == "finished"
    finally:
        worker.end()
    assert worker.windows("heard") == [0, 1, 2]
    assert app.meetings.transcript(meeting.user_id, meeting.id).utterances == unbroken


@pytest.mark.parametrize("shift", [timedelta(days=-2), timedelta(days=2)])
def test_a_clock_that_was_set_does_not_hide_a_job_that_got_lost(
    app: App, tmp_path: Path, shift: timedelta
) -> None:
    """Its workflow is missing; the row's times are of another day."""
    job = a_job(app)
    workflows = DurableJobs(app.settings.jobs_database, tmp_path)
    workflows.forget([job.id])
    JobUpkeep(app.database, workflows, now=lambda: now() + shift).reconcile()
    assert workflows.status(job.id) == "queued"
    workflows.close()
