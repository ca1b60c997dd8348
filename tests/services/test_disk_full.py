"""A disk that takes nothing more: a clear sentence, nothing half saved, and work that goes on.

Real errors, without being root: a process is limited to files of a size (what a quota does), or
SQLite to a number of pages (what it calls a full disk).
"""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import event

from core.app import ROOT, App
from core.errors import InvalidInput, MinutesError
from core.messages import say
from core.services import room
from core.services.recordings import About
from core.services.room import takes_bytes
from core.store.tables import Job, Meeting, Turn
from core.worker.room import FULL, Room
from core.worker.supervisor import Supervisor
from tests.doubles.ollama import OllamaDouble
from tests.services.conftest import write
from tests.services.test_chat import ask
from tests.services.test_minutes import LLM, MEETING, long_meeting
from tests.waiting import until
from tests.worker.conftest import app
from tests.worker.test_worker import MODEL, SPEECH, WHISPER, child_pid, kept

__all__ = ["app"]

Make = Callable[..., Meeting]
_NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture
def worker(app: App, tmp_path: Path) -> Iterator[Supervisor]:
    """A real worker; its log lies where it is not limited for long."""
    supervisor = Supervisor(folder=app.settings.folder, root=ROOT, log=tmp_path / "log")
    supervisor.start()
    yield supervisor
    supervisor.stop()


@contextmanager
def no_room(worker: Supervisor) -> Iterator[None]:
    """The worker cannot write past what its databases' logs hold by now, and has met that when the
    block ends."""
    log = worker.log
    assert log is not None
    process = psutil.Process(child_pid(worker))
    largest = min(file.stat().st_size for file in worker.folder.glob("*.sqlite-wal"))
    process.rlimit(psutil.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    try:
        yield
        until(lambda: any(code in log.read_text("utf-8") for code in FULL))
    finally:
        process.rlimit(psutil.RLIMIT_FSIZE, _NO_LIMIT)


def goes_on(app: App, job: Job) -> None:
    """The job comes to its good end by itself, and never fails."""

    def is_done() -> bool:
        now = app.jobs.get(job.user_id, job.id)
        assert now.state in ("queued", "running", "finished"), now.error
        return now.state == "finished"

    until(is_done, seconds=90)


def test_a_window_for_which_there_is_no_room_is_heard_when_there_is(
    app: App, worker: Supervisor, tmp_path: Path
) -> None:
    user = app.people.local_person().id
    meeting, _ = app.recordings.keep(
        user, source=SPEECH / "ko-2min.opus", name="회의.opus", about=About()
    )
    job = app.jobs.transcribe(meeting, language="ko", whisper_model=WHISPER)
    log = worker.log
    assert log is not None
    until(lambda: log.exists() and "hearing window 0" in log.read_text("utf-8"))
    with no_room(worker):
        pass
    assert app.meetings.transcript(user, meeting.id).utterances == ()
    assert app.meetings.get(user, meeting.id).transcript_job is None
    goes_on(app, job)
    spoken = app.meetings.transcript(user, meeting.id).utterances
    assert [one.number for one in spoken] == list(range(1, len(spoken) + 1))
    whole, _ = _heard_by_itself(app, tmp_path)
    assert [(one.start, one.text) for one in spoken] == whole


def _heard_by_itself(app: App, tmp_path: Path) -> tuple[list[tuple[float, str]], None]:
    from core.engines.whisper import WhisperTranscriber

    whisper = WhisperTranscriber(WHISPER, tmp_path, "cpu")
    hearing = whisper.hear(SPEECH / "ko-2min.opus", language="ko", check=lambda: None)
    return [(one.start, one.text) for one in hearing.segments], None


def test_minutes_for_which_there_is_no_room_are_written_when_there_is(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    user = app.people.local_person().id
    meeting = kept(app, tmp_path, long_meeting(120))
    job = app.jobs.transcribe(meeting, language=None, whisper_model=None)
    until(lambda: app.jobs.get(user, job.id).state == "finished")
    double.delay_first = 1
    job = app.jobs.write(app.meetings.get(user, meeting.id), wanted=MODEL)
    until(lambda: double.chats)
    with no_room(worker):
        pass
    double.delay_first = 0
    assert app.minutes.newest(user, meeting.id) is None
    goes_on(app, job)
    assert app.minutes.versions(user, meeting.id) == [1]
    minutes = app.minutes.newest(user, meeting.id)
    assert minutes is not None
    assert minutes.draft.coverage.complete
    found = [(item.kind, item.text, item.utterances) for item in minutes.draft.items]
    assert len(found) == len(set(found))


@contextmanager
def full(app: App) -> Iterator[None]:
    """The app's database cannot become larger."""

    def limit(connection: Any, *_: object) -> None:
        cursor = connection.cursor()
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages}")
        cursor.close()

    engine = app.database.engine
    with closing(sqlite3.connect(app.settings.folder / "minutes.sqlite")) as connection:
        connection.execute("VACUUM")  # no page is free
    event.listen(engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(engine, "checkout", limit)
        engine.dispose()


def write_until_full(app: App, meeting: Meeting) -> None:
    """Write one version of the minutes after another."""
    for number in range(200):
        write(app, meeting, llm="extractive", job=str(number))


def keep_until_full(app: App, source: Path) -> None:
    """Give one transcript after another."""
    for number in range(500):
        source.write_text(f"{MEETING}\n{number}: {number}", encoding="utf-8")
        user = app.people.local_person().id
        app.recordings.keep(user, source=source, name=f"{number}.txt", about=About())


def test_minutes_and_transcripts_are_whole_or_not_there(
    app: App, make_meeting: Make, tmp_path: Path
) -> None:
    meeting = make_meeting(app, long_meeting(120))
    before = app.meetings.transcript(meeting.user_id, meeting.id)
    with full(app):
        with pytest.raises(InvalidInput) as failure:
            write_until_full(app, meeting)
        assert failure.value.code == "disk_full_write"
        versions = app.minutes.versions(meeting.user_id, meeting.id)
        assert versions == list(range(1, len(versions) + 1))
        drafts = [app.minutes.version(meeting.user_id, meeting.id, one).draft for one in versions]
        assert all(one.items == drafts[0].items for one in drafts)
        assert app.meetings.transcript(meeting.user_id, meeting.id) == before
        with pytest.raises(MinutesError) as refused:
            keep_until_full(app, tmp_path / "more.txt")
        assert refused.value.code == "disk_full_write"
    titles = [one.title for one in app.meetings.all(meeting.user_id)]
    assert len(titles) == len(set(titles))
    assert write(app, meeting, llm="extractive", job="again").version == len(versions) + 1


def test_an_answer_for_which_there_is_no_room_fails_and_is_given_when_there_is(
    app: App, make_meeting: Make, double: OllamaDouble
) -> None:
    meeting = make_meeting(app, MEETING)
    double.answer = lambda _: "12월 10일에 출시합니다 [4]. " + "그 이유는 다음과 같습니다. " * 2000
    with full(app):
        try:
            failed: Turn | None = ask(app, meeting, "언제 출시하나요?")
        except InvalidInput as error:  # not even the question could be kept
            assert error.code == "disk_full_write"  # noqa: PT017
            failed = None
    double.answer = lambda _: "12월 10일에 출시합니다 [4]."
    if failed is None:
        again = ask(app, meeting, "언제 출시하나요?")
    else:
        assert failed.state != "finished"
        assert (failed.error or {"code": "disk_full_write"})["code"] == "disk_full_write"
        app.chat._update(failed.id, unless=("finished",), state="failed")
        turn = app.chat.retry(meeting.user_id, failed.id, llm=LLM)
        again = app.chat.wait(meeting.user_id, turn.id, timeout=30)
    assert again.state == "finished"
    assert again.answer == "12월 10일에 출시합니다 [4]."
    assert len(app.chat.turns(meeting.user_id, again.thread_id)) == 1


def test_the_worker_knows_when_there_is_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Room(tmp_path)
    assert not place.is_back()  # it was never full
    with monkeypatch.context() as patched:
        patched.setattr(room, "LEAST", 2**62)
        assert not place.is_back()
    assert place.is_back()
    noted = Room(tmp_path)
    noted.note_full()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        assert not noted.is_back()  # a quota: the disk itself has room
        assert not takes_bytes(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert noted.is_back()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", FULL)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_sentence_says_what_is_kept_and_what_to_do(code: str, language: str) -> None:
    sentence = say(f"errors.{code}", language)
    assert ("공간을 비우" if language == "ko" else "Make room") in sentence
    assert ("그대로" if language == "ko" else "is kept") in sentence
