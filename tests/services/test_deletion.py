"""What is deleted for good is gone from every file of the data folder."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from core.api import tidying
from core.app import ROOT, App, build_app
from core.domain.minutes import Minutes
from core.services.erasing import Erasing
from core.services.jobs import ENDED
from core.services.recordings import About
from core.settings import read_settings
from core.store import erasing, people
from core.store.tables import Choice, Meeting, Upload
from core.store.types import now
from core.worker.supervisor import Supervisor
from tests.services.conftest import RecordedWorkflows
from tests.services.test_minutes import MEETING
from tests.waiting import until
from tests.worker.conftest import ended
from tests.worker.test_worker import EXTRACTIVE, SPEECH, WHISPER

NAME = "비밀회의.txt"
SECRETS = ("비밀회의", "반대가 없으므로", "12월 10일", "왜 그렇게 정했나요")
AT_ONCE = timedelta(0)


def traces(app: App, secrets: tuple[str, ...] = SECRETS) -> dict[str, list[str]]:
    """Which files hold which of the secrets, as text or as JSON writes it."""
    found: dict[str, list[str]] = {}
    for file in sorted(app.settings.folder.rglob("*")):
        data = file.read_bytes() if file.is_file() else b""
        held = [
            one for one in secrets if one.encode() in data or one.encode("unicode_escape") in data
        ]
        if held:
            found[file.name] = held
    return found


def sweep(app: App) -> int:
    return app.meetings.sweep((app.settings.database, app.settings.jobs_database), after=AT_ONCE)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setenv("MINUTES_OLLAMA_URL", "http://127.0.0.1:9")
    built = build_app(read_settings())
    built.database.engine.dispose()

    def as_most_have_it(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA secure_delete=OFF")  # Debian's SQLite has it on

    event.listen(built.database.engine, "connect", as_most_have_it)
    return built


@pytest.fixture
def worker(app: App, tmp_path: Path):  # type: ignore[no-untyped-def]
    supervisor = Supervisor(folder=app.settings.folder, root=ROOT, log=app.settings.folder / "log")
    supervisor.start()
    yield supervisor
    supervisor.stop()
    app.close()


def written(app: App, name: str = NAME, text: str = MEETING) -> tuple[Meeting, Minutes]:
    """A meeting with transcript, minutes, a spoken summary and a question, by real jobs."""
    user = app.people.local_person().id
    source = app.settings.folder.parent / "given.txt"
    source.write_text(text, encoding="utf-8")
    meeting, _ = app.recordings.keep(user, source=source, name=name, about=About())
    job = app.jobs.transcribe(meeting, language=None, whisper_model=None, then=EXTRACTIVE)
    assert ended(app, job).state == "finished"
    until(lambda: app.minutes.newest(user, meeting.id))
    until(lambda: all(one.state in ENDED for one in app.jobs.all(user)))
    asked = app.chat.ask(user, meeting.id, "왜 그렇게 정했나요?", llm="extractive")
    app.chat.wait(user, asked.id, timeout=30)
    minutes = app.minutes.newest(user, meeting.id)
    assert minutes is not None
    place = app.narration.place(minutes)
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(text.encode())  # in the stead of a spoken summary
    with app.database.writing() as session:
        session.add(Upload(user_id=user, kind="file", name=name, meeting_id=meeting.id))
    return app.meetings.get(user, meeting.id), minutes


def test_no_file_holds_a_word_of_what_was_deleted_for_good(app: App, worker: Supervisor) -> None:
    meeting, minutes = written(app)
    user = meeting.user_id
    before = traces(app)
    assert {"minutes.sqlite-wal", "jobs.sqlite-wal"} <= set(before)  # it is there to be found
    app.meetings.delete(user, meeting.id)
    app.meetings.delete_for_good(user, meeting.id)
    assert traces(app)  # free pages and the log of writes
    assert sweep(app) == 1
    assert traces(app) == {}
    assert not app.narration.place(minutes).exists()
    assert sweep(app) == 0
    with app.database.reading() as session:
        assert session.exec(select(Upload)).all() == []
        assert session.exec(select(Choice).where(Choice.owner == "erasing")).all() == []


def test_another_meeting_stays_whole(app: App, worker: Supervisor) -> None:
    other, _ = written(app, name="남을회의.txt", text=MEETING.replace("12월 10일", "11월 30일"))
    meeting, _ = written(app)
    before = app.minutes.newest(other.user_id, other.id)
    app.meetings.delete(meeting.user_id, meeting.id)
    app.meetings.delete_for_good(meeting.user_id, meeting.id)
    assert sweep(app) == 1
    assert set(sum(traces(app).values(), [])) == {"반대가 없으므로", "왜 그렇게 정했나요"}
    assert app.minutes.newest(other.user_id, other.id) == before
    assert app.recordings.path(app.meetings.recording(other.user_id, other.id)).is_file()


def test_shared_bytes_stay_with_the_other_person(app: App) -> None:
    source = app.settings.folder / "given.txt"
    source.write_text(MEETING, encoding="utf-8")
    with app.database.writing() as session:
        somebody = people.ensure_user(session, name="somebody else")
    ours, _ = app.recordings.keep(
        app.people.local_person().id, source=source, name=NAME, about=About()
    )
    theirs, _ = app.recordings.keep(somebody.id, source=source, name="their.txt", about=About())
    source.unlink()
    app.meetings.delete(ours.user_id, ours.id)
    app.meetings.delete_for_good(ours.user_id, ours.id)
    assert sweep(app) == 1
    path = app.recordings.path(app.meetings.recording(theirs.user_id, theirs.id))
    assert path.read_text("utf-8") == MEETING
    assert "비밀회의" not in str(traces(app))
    app.close()


@pytest.mark.parametrize("heard", [False, True])
def test_a_meeting_that_goes_while_its_job_runs_leaves_nothing(
    app: App, worker: Supervisor, heard: bool
) -> None:
    user = app.people.local_person().id
    meeting, _ = app.recordings.keep(user, source=SPEECH / "ko-2min.opus", name=NAME, about=About())
    job = app.jobs.transcribe(meeting, language="ko", whisper_model=WHISPER, then=EXTRACTIVE)
    log = app.settings.folder / "log"
    wanted = "heard window 0" if heard else "hearing window 0"
    until(lambda: log.exists() and wanted in log.read_text("utf-8"))
    app.meetings.delete(user, meeting.id)
    app.meetings.delete_for_good(user, meeting.id)
    # The worker is free for somebody else's work, which shows that it let go of this.
    other, _ = app.recordings.keep(
        user, source=SPEECH / "en-15s.opus", name="b.opus", about=About()
    )
    assert (
        ended(app, app.jobs.transcribe(other, language="en", whisper_model=WHISPER)).error is None
    )
    assert app.jobs.workflows.status(job.id) is None
    assert sweep(app) == 1
    assert traces(app, ("비밀회의", "습니다")) == {}
    assert app.jobs.all(user)[0].meeting_id == other.id


def test_what_a_crash_left_half_deleted_is_finished(app: App, worker: Supervisor) -> None:
    """The process dies after the first word of it was written down, or in the middle."""
    for done in ("nothing", "rows"):
        meeting, _ = written(app)
        app.meetings.delete(meeting.user_id, meeting.id)
        with app.database.writing() as session:
            doomed = erasing.doom(session, meeting=session.get(Meeting, meeting.id))  # type: ignore[arg-type]
        if done != "nothing":
            app.jobs.workflows.forget(doomed.jobs)
        if done == "rows":
            with app.database.writing() as session:
                from core.store import meetings

                meetings.delete_meeting(session, meeting=session.merge(meeting))
        assert traces(app)
        assert sweep(app) == 1
        assert traces(app) == {}, done


def test_who_brings_it_back_in_time_keeps_it(app: App) -> None:
    source = app.settings.folder / "given.txt"
    source.write_text(MEETING, encoding="utf-8")
    meeting, _ = app.recordings.keep(
        app.people.local_person().id, source=source, name=NAME, about=About()
    )
    app.meetings.delete(meeting.user_id, meeting.id)
    with app.database.writing() as session:
        erasing.doom(session, meeting=session.get(Meeting, meeting.id))  # type: ignore[arg-type]
    app.meetings.restore(meeting.user_id, meeting.id)
    sweep(app)
    assert app.meetings.get(meeting.user_id, meeting.id).id == meeting.id
    assert app.recordings.path(app.meetings.recording(meeting.user_id, meeting.id)).is_file()
    app.close()


def test_steps_that_run_on_are_waited_for(app: App) -> None:
    workflows = RecordedWorkflows()
    source = app.settings.folder / "given.txt"
    source.write_text(MEETING, encoding="utf-8")
    meeting, _ = app.recordings.keep(
        app.people.local_person().id, source=source, name=NAME, about=About()
    )
    app.meetings.delete(meeting.user_id, meeting.id)
    erase = Erasing(app.database, app.recordings, workflows)
    erase.erase(app.meetings.deleted(meeting.user_id)[0])
    assert erase.sweep((app.settings.database,)) == 0
    assert erase.sweep((app.settings.database,), after=AT_ONCE) == 1
    app.close()


def test_a_server_that_runs_on_empties_old_bins(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only at its start."""
    source = app.settings.folder / "given.txt"
    source.write_text(MEETING, encoding="utf-8")
    meeting, _ = app.recordings.keep(
        app.people.local_person().id, source=source, name=NAME, about=About()
    )
    app.meetings.delete(meeting.user_id, meeting.id)
    monkeypatch.setattr(tidying, "_EVERY", 0.01)
    days: Callable[[int], None]

    def days(count: int) -> None:
        with app.database.writing() as session:
            row = session.get(Meeting, meeting.id)
            assert row is not None
            row.deleted_at = now() - timedelta(days=count)

    async def runs_on() -> None:
        running = asyncio.create_task(tidying.keep_tidy(app))
        days(29)
        for _ in range(5):
            await asyncio.to_thread(tidying.tidy, app)
        assert len(app.meetings.deleted(meeting.user_id)) == 1
        days(31)
        while app.meetings.deleted(meeting.user_id):
            await asyncio.sleep(0.01)
        running.cancel()

    asyncio.run(asyncio.wait_for(runs_on(), timeout=30))
    assert os.listdir(app.settings.folder / "recordings" / _first(app)) == []
    app.close()


def _first(app: App) -> str:
    return next(one.name for one in (app.settings.folder / "recordings").iterdir())


def test_a_disk_that_is_full_puts_tidying_off(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_url: str) -> bool:
        raise OSError(28, "No space left on device")

    source = app.settings.folder / "given.txt"
    source.write_text(MEETING, encoding="utf-8")
    meeting, _ = app.recordings.keep(
        app.people.local_person().id, source=source, name=NAME, about=About()
    )
    app.meetings.delete(meeting.user_id, meeting.id)
    app.meetings.delete_for_good(meeting.user_id, meeting.id)
    with monkeypatch.context() as patched:
        patched.setattr(erasing, "wipe", full)
        patched.setattr("core.services.meetings.SETTLED", AT_ONCE)
        tidying.tidy(app)  # says so, and goes on
    assert sweep(app) == 1
    app.close()
