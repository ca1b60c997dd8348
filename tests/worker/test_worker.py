"""Durable work, proved on a real worker process that is really killed."""

import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.app import App
from core.services.jobs import error_of
from core.services.recordings import About
from core.services.wanted import WritingWanted
from core.store.tables import Meeting
from core.worker.supervisor import Supervisor
from tests.doubles.ollama import OllamaDouble
from tests.services.test_minutes import LLM, MEETING, long_meeting
from tests.waiting import until
from tests.worker.conftest import ended

SPEECH = Path("tests/data/speech")
WHISPER = str(Path("tests/data/whisper-closed-vocabulary").resolve())
EXTRACTIVE = WritingWanted(llm="extractive", style_version=None)
MODEL = WritingWanted(llm=LLM, style_version=None)


def kept(app: App, tmp_path: Path, text: str, name: str = "회의.txt") -> Meeting:
    source = tmp_path / name
    source.write_text(text, encoding="utf-8")
    user = app.people.local_person()
    about = About(held_at=datetime(2026, 11, 23, tzinfo=UTC), time_zone="Asia/Seoul")
    return app.recordings.keep(user.id, source=source, name=name, about=about)[0]


def transcribed(app: App, meeting: Meeting) -> Meeting:
    job = app.jobs.transcribe(meeting, language=None, whisper_model=None)
    assert ended(app, job).state == "finished"
    return app.meetings.get(meeting.user_id, meeting.id)


def child_pid(supervisor: Supervisor) -> int:
    until(lambda: supervisor._child is not None and supervisor._child.poll() is None)
    assert supervisor._child is not None
    return supervisor._child.pid


def test_a_recording_becomes_a_transcript_and_minutes(app: App, worker: Supervisor) -> None:
    user = app.people.local_person()
    meeting, new = app.recordings.keep(
        user.id, source=SPEECH / "ko-2min.opus", name="녹음.opus", about=About()
    )
    assert new
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER, then=EXTRACTIVE)
    done = ended(app, job)
    assert done.state == "finished", done.error
    assert done.progress == 1.0
    spoken = app.meetings.transcript(user.id, meeting.id)
    truth = json.loads((SPEECH / "ko-2min.json").read_text("utf-8"))
    wanted = [row["text"] for row in truth]
    heard = " ".join(one.text for one in spoken.utterances)
    assert sum(text in heard for text in wanted) >= 0.95 * len(wanted)
    assert spoken.language == "ko"
    until(lambda: app.minutes.newest(user.id, meeting.id) is not None)
    minutes = app.minutes.newest(user.id, meeting.id)
    assert minutes is not None
    assert minutes.draft.coverage.complete


def test_asking_twice_is_one_job(app: App, worker: Supervisor, tmp_path: Path) -> None:
    meeting = kept(app, tmp_path, MEETING)
    first = app.jobs.transcribe(meeting, language=None, whisper_model=None)
    second = app.jobs.transcribe(meeting, language=None, whisper_model=None)
    assert first.id == second.id
    assert ended(app, first).state == "finished"
    other = app.jobs.transcribe(meeting, language="en", whisper_model=None)
    assert other.id != first.id
    assert ended(app, other).state == "finished"
    # Back to the first options: the utterances there now are of the second.
    meeting = app.meetings.get(meeting.user_id, meeting.id)
    assert meeting.transcript_job == other.id
    app.jobs.transcribe(meeting, language=None, whisper_model=None)
    until(lambda: app.meetings.get(meeting.user_id, meeting.id).transcript_job == first.id)


@pytest.mark.parametrize("times", [3])
def test_a_worker_that_is_killed_again_and_again_still_ends_once(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path, times: int
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, long_meeting(120)))
    double.delay_first = 0.3
    job = app.jobs.write(meeting, wanted=MODEL)
    for killed in range(times):
        before = len(double.chats)
        until(lambda: len(double.chats) > before)  # noqa: B023 (used at once)
        os.kill(child_pid(worker), signal.SIGKILL)
        assert worker._child is not None
        until(lambda: worker._child is not None and worker._child.poll() is None)
        assert killed < times
    done = ended(app, job)
    assert done.state == "finished", done.error
    assert app.minutes.versions(meeting.user_id, meeting.id) == [1]
    minutes = app.minutes.newest(meeting.user_id, meeting.id)
    assert minutes is not None
    assert minutes.draft.coverage.complete
    found = [(item.kind, item.text, item.utterances) for item in minutes.draft.items]
    assert len(found) == len(set(found))


def test_a_cancelled_job_stops_at_once_and_can_go_on(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, MEETING))
    double.delay_first = 30
    job = app.jobs.write(meeting, wanted=MODEL)
    until(lambda: double.chats)
    app.jobs.cancel(meeting.user_id, job.id)
    until(lambda: double.chats[-1].disconnected, seconds=3)
    assert app.jobs.get(meeting.user_id, job.id).state == "cancelled"
    assert app.minutes.newest(meeting.user_id, meeting.id) is None
    double.delay_first = 0
    assert ended(app, app.jobs.retry(meeting.user_id, job.id)).state == "finished"
    assert app.minutes.newest(meeting.user_id, meeting.id) is not None


def test_a_failed_job_says_why_and_is_run_again_from_where_it_failed(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, long_meeting(120)))
    double.fail_next("oom_500", when=lambda body: "part 2 of" in json.dumps(body).lower())
    job = app.jobs.write(meeting, wanted=MODEL)
    failed = ended(app, job)
    assert failed.state == "failed"
    error = error_of(failed.error)
    assert error is not None
    assert error.code == "model_out_of_memory"
    read_before = sum("format" in record.body for record in double.chats)
    assert read_before >= 2
    assert ended(app, app.jobs.retry(meeting.user_id, job.id)).state == "finished"
    asked = [record.raw for record in double.chats]
    assert len(asked) == len(set(asked)) + 1  # only what had failed was asked again


def test_a_meeting_that_is_deleted_while_it_is_read_fails_quietly(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, MEETING))
    double.delay_first = 1
    job = app.jobs.write(meeting, wanted=MODEL)
    until(lambda: double.chats)
    app.meetings.delete(meeting.user_id, meeting.id)
    failed = ended(app, job)
    assert failed.state == "failed"
    assert (failed.error or {})["code"] == "meeting_missing"


def test_two_supervisors_have_one_worker(app: App, worker: Supervisor) -> None:
    child_pid(worker)
    other = Supervisor(folder=app.settings.folder, root=worker.root)
    from core.worker.lock import is_running

    until(lambda: is_running(app.settings.folder))
    other.start()
    other.stop()
    assert other._child is None


def test_the_worker_ends_with_its_supervisor(app: App) -> None:
    supervisor = Supervisor(folder=app.settings.folder, root=Path.cwd())
    supervisor.start()
    child_pid(supervisor)
    supervisor.stop()
    assert supervisor._child is not None
    assert supervisor._child.poll() is not None


def test_a_worker_that_is_still_starting_ends_at_once(app: App) -> None:
    """It takes some seconds until it reads what its supervisor says by closing its input."""
    supervisor = Supervisor(folder=app.settings.folder, root=Path.cwd())
    supervisor.start()
    until(lambda: supervisor._child is not None)
    supervisor.stop()
    assert supervisor._child is not None
    assert supervisor._child.returncode == -signal.SIGTERM
