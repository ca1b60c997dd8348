"""Backups made, put back and looked into, for the tests of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.app import App, build_app
from core.services.backup import Backup, Kept
from core.services.recordings import About
from core.services.restoring import Restored, Restoring
from core.settings import Settings
from core.store import backup as rows
from core.store.tables import Meeting
from tests.services.conftest import write
from tests.services.test_minutes import MEETING
from tests.worker.test_worker import SPEECH

Make = Callable[..., Meeting]
BY_HAND = "손으로 고친 말"


def quiet(_step: str, _share: float) -> None:
    """Nobody watches."""


def save(app: App, target: Path, **wanted: Any) -> Kept:
    wanted = {"replace": False, "with_recordings": True, "tell": quiet} | wanted
    return Backup(app.database, app.settings.folder).write(target, **wanted)


def restoring(folder: Path, database: str | None = None) -> Restoring:
    settings = Settings(data=folder, database_url=database)
    return Restoring(settings.folder, settings.database, settings.jobs_database)


def put_back(source: Path, folder: Path, *, force: bool = False) -> Restored:
    return restoring(folder).restore(source, force=force, tell=quiet)


def opened_on(folder: Path) -> App:
    return build_app(Settings(data=folder, ollama_url="http://127.0.0.1:9"))


def all_rows(app: App) -> dict[str, list[dict[str, Any]]]:
    with rows.snapshot(app.database.engine) as connection:
        return {
            table.name: [json.loads(line) for line in rows.lines(connection, table)]
            for table in rows.kept_tables()
        }


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def fill(app: App, folder: Path) -> App:
    """Minutes, a conversation, a style, choices, a change by hand, a meeting in the bin."""
    user = app.people.local_person().id
    source = folder / "source.txt"
    source.write_text(MEETING, encoding="utf-8")
    taken, _ = app.recordings.keep(user, source=source, name="회의.txt", about=About())
    result = app.transcription.hear(
        taken, language=None, whisper_model=None, check=lambda: None, progress=lambda *_: None
    )
    with app.database.writing() as session:
        app.transcription.keep(session, taken, result, job_id="read")
    meeting = app.meetings.get(user, taken.id)
    write(app, meeting, llm="extractive")
    app.people.save_style(user, "간결하게 😀")
    app.people.choose(user, name="language", value="ko")
    asked = app.chat.ask(user, meeting.id, "언제 출시하나요?", llm="extractive")
    app.chat.wait(user, asked.id, timeout=30)
    change(app, 2, BY_HAND)
    binned, _ = app.recordings.keep(
        user, source=SPEECH / "ko-15s.opus", name="녹음.opus", about=About()
    )
    app.meetings.delete(user, binned.id)
    return app


def change(app: App, number: int, text: str) -> None:
    """Write an utterance anew."""
    user = app.people.local_person().id
    meeting = app.meetings.all(user)[0]
    said = app.meetings.transcript(user, meeting.id).utterances[number - 1].text
    app.text_changes.edit_text(user, meeting.id, number, text, expected=said)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good backup."""
    folder = tmp_path_factory.mktemp("good")
    app = fill(opened_on(folder / "data"), folder)
    save(app, folder / "good.zip")
    app.close()
    return folder / "good.zip"


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A data folder with something in it, which nobody has open."""
    app = opened_on(tmp_path / "used")
    app.people.save_style(app.people.local_person().id, "mine")
    app.close()
    rows.is_in_use(tmp_path / "used" / "minutes.sqlite")
    return tmp_path / "used"
