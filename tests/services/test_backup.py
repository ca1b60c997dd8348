"""A backup holds everything that was there, and is whole or not there."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from core.app import ROOT, App, build_app
from core.domain.transcript import Utterance
from core.errors import InvalidInput, MinutesError
from core.services.arrivals import Said
from core.services.recordings import About
from core.settings import Settings, read_settings
from core.worker.supervisor import Supervisor
from tests.postgres import Cluster
from tests.services.backups import (
    Make,
    all_rows,
    change,
    files_in,
    fill,
    opened_on,
    put_back,
    quiet,
    restoring,
    save,
)
from tests.services.test_minutes import MEETING
from tests.waiting import until
from tests.worker.conftest import ended
from tests.worker.test_worker import EXTRACTIVE, SPEECH, WHISPER


@pytest.fixture
def filled(app: App, tmp_path: Path) -> App:
    return fill(app, tmp_path)


def test_everything_comes_back_in_another_folder(filled: App, tmp_path: Path) -> None:
    kept = save(filled, tmp_path / "b.zip")
    assert (kept.meetings, kept.recordings, kept.lost, kept.damaged) == (2, 2, (), ())
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0  # only its owner reads it
    done = put_back(tmp_path / "b.zip", tmp_path / "new")
    assert (done.meetings, done.recordings, done.aside) == (2, 2, None)
    there = opened_on(tmp_path / "new")
    try:
        before = all_rows(filled)
        assert all_rows(there) == before
        empty = {name for name, found in before.items() if not found}
        assert empty <= {
            *("calibration", "template", "upload", "reading", "job", "lesson", "share"),
            *("api_token", "invitation", "memory_entry", "named_style", "style"),
        }
        for folder in ("recordings",):
            old, new = filled.settings.folder / folder, there.settings.folder / folder
            assert files_in(new) == files_in(old)
        user = there.people.local_person().id
        meeting = there.meetings.all(user)[0]
        assert there.chat.ask(user, meeting.id, "예산은?", llm="extractive").number == 1
        assert len(there.meetings.deleted(user)) == 1
    finally:
        there.close()


def test_a_job_that_ran_meanwhile_ends_in_the_new_folder_like_the_unbroken_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MINUTES_OLLAMA_URL", "http://127.0.0.1:9")

    def ended_there(app: App, job_id: str | None = None) -> tuple[tuple[Utterance, ...], Any]:
        user = app.people.local_person().id
        jobs = app.jobs.all(user)
        assert ended(app, next(job for job in jobs if job.stage == "transcribe")).error is None
        meeting = app.meetings.all(user)[0]
        until(lambda: app.minutes.newest(user, meeting.id) is not None)
        written = app.minutes.newest(user, meeting.id)
        assert written is not None
        assert app.minutes.versions(user, meeting.id) == [1]
        return app.meetings.transcript(user, meeting.id).utterances, written.draft

    app = build_app(read_settings())
    user = app.people.local_person().id
    meeting, _ = app.recordings.keep(
        user, source=SPEECH / "ko-2min.opus", name="회의.opus", about=About()
    )
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER, then=EXTRACTIVE)
    supervisor = Supervisor(folder=app.settings.folder, root=ROOT, log=tmp_path / "1.log")
    supervisor.start()
    try:
        until(lambda: app.jobs.get(user, job.id).step == "hearing")
        save(app, tmp_path / "b.zip")
        assert app.jobs.get(user, job.id).state == "running"  # it was not disturbed
        unbroken = ended_there(app)
    finally:
        supervisor.stop()
        app.close()

    put_back(tmp_path / "b.zip", tmp_path / "new")
    monkeypatch.setenv("MINUTES_DATA", str(tmp_path / "new"))
    there = build_app(read_settings())
    assert there.jobs.get(user, job.id).state == "queued"
    supervisor = Supervisor(folder=there.settings.folder, root=ROOT, log=tmp_path / "2.log")
    supervisor.start()
    try:
        assert ended_there(there) == unbroken
    finally:
        supervisor.stop()
        there.close()


def test_what_is_deleted_while_the_backup_is_made_is_not_restored(
    filled: App, tmp_path: Path
) -> None:
    user = filled.people.local_person().id
    stays = filled.meetings.all(user)[0]
    goes = filled.meetings.deleted(user)[0]

    def deleting(step: str, share: float) -> None:
        if step == "rows" and share > 0.5 and filled.meetings.deleted(user):
            filled.meetings.delete_for_good(user, goes.id)

    assert save(filled, tmp_path / "b.zip", tell=deleting).lost == ()
    done = put_back(tmp_path / "b.zip", tmp_path / "new")
    there = opened_on(tmp_path / "new")
    assert [one.id for one in there.meetings.all(user)] == [stays.id]
    assert there.meetings.deleted(user) == []
    assert (done.meetings, done.recordings) == (1, 1)
    there.close()


def test_what_is_still_arriving_can_go_on_arriving(app: App, tmp_path: Path) -> None:
    """A recording that broke off in a browser is in no other place."""
    user = app.people.local_person().id
    begun = app.uploads.begin(user, name="녹음.webm", kind="microphone", size=None, said=Said())
    place = app.recordings.incoming() / f"{begun.upload_id}.upload"
    place.write_bytes(b"what has come")
    assert save(app, tmp_path / "b.zip").meetings == 0
    place.write_bytes(b"what has come and more")
    put_back(tmp_path / "b.zip", tmp_path / "new")
    there = opened_on(tmp_path / "new")
    (found,) = there.uploads.unfinished(user)
    assert (found.upload_id, found.name, found.offset) == (
        begun.upload_id,
        "녹음.webm",
        len(b"what has come"),
    )
    there.close()


def test_lost_and_damaged_recordings_are_named_and_stop_nothing(
    filled: App, tmp_path: Path
) -> None:
    user = filled.people.local_person().id
    meeting = filled.meetings.all(user)[0]
    path = filled.recordings.path(filled.meetings.recording(user, meeting.id))
    path.write_bytes(b"rotten")
    assert save(filled, tmp_path / "1.zip").damaged == ("회의.txt",)
    path.unlink()
    assert save(filled, tmp_path / "2.zip").lost == ("회의.txt",)
    for name in ("1.zip", "2.zip"):
        assert put_back(tmp_path / name, tmp_path / f"new-{name}").meetings == 2
    assert save(filled, tmp_path / "3.zip", with_recordings=False).recordings == 0
    assert put_back(tmp_path / "3.zip", tmp_path / "new-3").recordings == 0


def test_a_backup_is_whole_or_not_there(filled: App, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "b.zip"
    left = folder / ".b.zip.999999999.part"
    left.write_bytes(b"by a process that was killed")

    def interrupted(step: str, _share: float) -> None:
        assert not target.exists()
        if step == "recordings":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(filled, target, tell=interrupted)
    assert list(folder.iterdir()) == []
    save(filled, target)
    first = target.read_bytes()
    with pytest.raises(InvalidInput) as refused:
        save(filled, target)
    assert refused.value.code == "backup_exists"
    assert target.read_bytes() == first
    with pytest.raises(KeyboardInterrupt):
        save(filled, target, replace=True, tell=lambda *_: _interrupt())
    assert target.read_bytes() == first  # the old one stays until the new one is whole
    assert [one.name for one in folder.iterdir()] == ["b.zip"]
    for bad, code in (
        (folder, "backup_is_folder"),
        (folder / "no" / "b.zip", "backup_folder_missing"),
    ):
        with pytest.raises(InvalidInput) as refused:
            save(filled, bad)
        assert refused.value.code == code


def _interrupt() -> None:
    raise KeyboardInterrupt


_LIMITED = """
import resource, sys
from core.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(["backup", sys.argv[2]]))
"""


def test_a_disk_that_takes_no_more_is_one_sentence_and_nothing_is_left(
    filled: App, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    for limit in (1, 1_000, 20_000):  # in the rows' first member, in a later one, in a recording
        failed = subprocess.run(
            [sys.executable, "-c", _LIMITED, str(limit), str(folder / "b.zip")],
            env={**os.environ, "MINUTES_LANGUAGE": "en"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert failed.returncode == 1, failed.stderr
        assert "not enough room for the backup" in failed.stderr.splitlines()[-1]
        assert "Traceback" not in failed.stderr
        assert list(folder.iterdir()) == []


def test_a_large_recording_costs_no_memory(app: App, make_meeting: Make, tmp_path: Path) -> None:
    meeting = make_meeting(app, MEETING)
    path = app.recordings.path(app.meetings.recording(meeting.user_id, meeting.id))
    with path.open("r+b") as file:
        file.truncate(64 * 1024**2)
    tracemalloc.start()
    try:
        save(app, tmp_path / "b.zip")
        put_back(tmp_path / "b.zip", tmp_path / "new")
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024**2
    finally:
        tracemalloc.stop()


@pytest.mark.postgres
def test_rows_go_from_sqlite_into_postgresql_and_back(filled: App, tmp_path: Path) -> None:
    with Cluster() as cluster:
        _there_and_back(filled, cluster.database("backup"), tmp_path)


def _there_and_back(filled: App, postgres: str, tmp_path: Path) -> None:
    save(filled, tmp_path / "1.zip")
    into = restoring(tmp_path / "server", postgres)
    into.restore(tmp_path / "1.zip", force=False, tell=quiet)
    there = build_app(Settings(data=tmp_path / "server", database_url=postgres))
    try:
        assert all_rows(there) == all_rows(filled)
        change(there, 3, "새로 고친 말")  # ids go on counting
        save(there, tmp_path / "2.zip")
        after = all_rows(there)
        with pytest.raises(InvalidInput) as failure:
            into.restore(tmp_path / "1.zip", force=True, tell=quiet)
        assert failure.value.code == "backup_in_use"
    finally:
        there.close()
    with pytest.raises(MinutesError) as failed:
        into.restore(tmp_path / "1.zip", force=True, tell=quiet)
    assert failed.value.code in ("backup_database_there", "backup_in_use")
    put_back(tmp_path / "2.zip", tmp_path / "back")
    back = opened_on(tmp_path / "back")
    assert all_rows(back) == after
    back.close()
    assert make_url(postgres).get_backend_name() == "postgresql"
