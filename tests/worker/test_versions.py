"""Releases that meet: jobs that an earlier one left half done end well, and a worker that is older
than its database says so and touches nothing."""

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.app import App, build_app
from core.errors import ConfigError
from core.services.jobs import ENDED
from core.settings import read_settings
from core.store.database import open_database
from core.store.tables import Job
from core.worker.supervisor import UNUSABLE, Supervisor, supervisor_for
from tests.doubles.ollama import OllamaDouble
from tests.services.test_correction import HEARD
from tests.waiting import until
from tests.worker.machines import Machine
from tests.worker.test_worker import SPEECH, WHISPER

HALF_DONE = Path("tests/data/half-done")


def left_behind(stage: str, folder: Path) -> None:
    """The data folder of the release before, whose worker was killed in this stage."""
    folder.mkdir(parents=True)
    for name in ("minutes", "jobs"):
        dump = (HALF_DONE / f"{stage}-{name}.sql").read_text("utf-8")
        with sqlite3.connect(folder / f"{name}.sqlite") as connection:
            connection.executescript(dump.replace("@WHISPER@", WHISPER))
        connection.close()
    given = (SPEECH / "ko-15s.opus").read_bytes() if stage == "transcribe" else HEARD.encode()
    digest = hashlib.sha256(given).hexdigest()
    place = folder / "recordings" / digest[:2] / digest
    place.parent.mkdir(parents=True)
    place.write_bytes(given)


def jobs_of(app: App) -> list[Job]:
    return app.jobs.all(app.people.local_person().id)


def is_transcribed(app: App, log: str) -> None:
    """The window that was heard is not heard again, nor lost; what was wanted after it is there."""
    assert "heard window" not in log
    meeting = app.meetings.all(app.people.local_person().id)[0]
    assert app.meetings.transcript(meeting.user_id, meeting.id).utterances
    assert app.minutes.versions(meeting.user_id, meeting.id) == [1]


def are_written(app: App, _log: str) -> None:
    meeting = app.meetings.all(app.people.local_person().id)[0]
    assert app.minutes.versions(meeting.user_id, meeting.id) == [1]
    minutes = app.minutes.newest(meeting.user_id, meeting.id)
    assert minutes is not None
    assert minutes.draft.coverage.complete


def is_corrected(app: App, _log: str) -> None:
    meeting = app.meetings.all(app.people.local_person().id)[0]
    changes = app.text_changes.of(meeting.user_id, meeting.id)
    assert sorted(seen.change.number for seen in changes) == [1, 3]
    assert app.minutes.versions(meeting.user_id, meeting.id) == [1]


@pytest.mark.parametrize(
    ("stage", "asked_again", "is_right"),
    [
        ("transcribe", 0, is_transcribed),
        ("minutes", 0, are_written),  # all parts were read: what is left needs at most the prose
        ("correct", 0, is_corrected),
    ],
)
def test_a_job_that_the_release_before_left_half_done_ends_well(
    double: OllamaDouble,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    stage: str,
    asked_again: int,
    is_right: Callable[[App, str], None],
) -> None:
    monkeypatch.setenv("MINUTES_OLLAMA_URL", double.url)
    monkeypatch.setenv("MINUTES_NUM_CTX", "4096")
    settings = read_settings()
    left_behind(stage, settings.folder)
    app = build_app(settings)
    supervisor = supervisor_for(settings, log=tmp_path / "log")
    supervisor.start()
    try:
        wanted = {"transcribe": 2, "minutes": 2, "correct": 3}[stage]  # with those that follow
        until(lambda: len(jobs_of(app)) == wanted)
        until(lambda: all(job.state in ENDED for job in jobs_of(app)))
    finally:
        supervisor.stop()
    assert {job.state for job in jobs_of(app)} == {"finished"}
    is_right(app, (tmp_path / "log").read_text("utf-8"))
    if stage == "minutes":
        parts = [record for record in double.chats if "format" in record.body]
        assert len(parts) == asked_again
    app.close()


def of_the_future(folder: Path) -> None:
    """A newer release has changed the tables."""
    with sqlite3.connect(folder / "minutes.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


NEWER = ConfigError("database_newer", found="9999", known="")


def test_a_server_that_is_older_than_its_database_says_so_and_touches_nothing(app: App) -> None:
    of_the_future(app.settings.folder)
    with pytest.raises(ConfigError) as error:
        open_database(app.settings.database)
    assert error.value.code == NEWER.code
    for language in ("ko", "en"):
        assert "9999" in error.value.sentence(language)


def test_a_worker_that_is_older_than_its_database_ends_with_a_sentence_and_stays_ended(
    app: App, tmp_path: Path
) -> None:
    of_the_future(app.settings.folder)
    log = tmp_path / "log"
    supervisor = Supervisor(folder=app.settings.folder, root=Path.cwd(), log=log)
    supervisor.start()
    until(supervisor.gave_up.is_set)
    supervisor.stop()
    assert supervisor._child is not None
    assert supervisor._child.returncode == UNUSABLE
    assert log.read_text("utf-8").count("newer release") == 1
    alone = subprocess.run(
        [sys.executable, "-m", "core.worker.watch"], capture_output=True, timeout=60, check=False
    )
    assert alone.returncode == UNUSABLE
    assert b"newer release" in alone.stderr


def test_a_running_worker_ends_when_a_newer_release_changes_the_database(app: App) -> None:
    worker = Machine(app.settings.folder, {}).start()
    try:
        worker.until_logged("checkpoints of")
        of_the_future(app.settings.folder)
        assert worker.process is not None
        assert worker.process.wait(20) == UNUSABLE
        assert "newer release" in worker.log
    finally:
        worker.end()
