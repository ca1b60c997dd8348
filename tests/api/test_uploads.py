import asyncio
import errno
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.app import App
from core.services.jobs import TRANSCRIBE
from core.store.tables import Meeting
from tests.api.conftest import ASKED, TRANSCRIPT


def _put(client: TestClient, content: bytes = TRANSCRIPT, **query: str) -> Any:
    query = {"name": "a.txt", "lang": "en", **query}
    return client.put("/api/uploads", params=query, content=content, headers=ASKED)


def _incoming(app: App) -> list[Path]:
    return list(app.recordings.incoming().iterdir())


def test_a_file_becomes_a_meeting_with_its_transcription_asked_for(
    client: TestClient, app: App
) -> None:
    answer = _put(client, title="Plan", held_at="2026-11-23T14:30", time_zone="Asia/Seoul")
    assert answer.status_code == 201
    told = answer.json()
    user_id = app.people.local_person().id
    meeting = app.meetings.get(user_id, told["meeting_id"])
    assert (meeting.title, meeting.held_at_guessed) == ("Plan", False)
    assert meeting.held_at == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    job = app.jobs.get(user_id, told["job_id"])
    assert (job.stage, job.options["language"]) == (TRANSCRIBE, None)
    assert job.options["then"]["llm"] == "auto"
    assert told["new"]
    assert _incoming(app) == []


def test_the_same_file_again_is_the_same_meeting(client: TestClient) -> None:
    first, again = _put(client).json(), _put(client, name="copy.txt")
    assert again.status_code == 200
    assert again.json() == {**first, "new": False}


def test_the_files_time_is_taken_as_a_guess(client: TestClient, app: App) -> None:
    moment = datetime(2025, 3, 1, 9, tzinfo=UTC)
    told = _put(client, modified=str(int(moment.timestamp() * 1000))).json()
    meeting = app.meetings.get(app.people.local_person().id, told["meeting_id"])
    assert (meeting.held_at, meeting.held_at_guessed) == (moment, True)


@pytest.mark.parametrize("modified", ["", "soon", "nan", "inf", "-1", "9" * 30])
def test_a_files_time_that_makes_no_sense_is_left_aside(client: TestClient, modified: str) -> None:
    assert _put(client, modified=modified).status_code == 201


def test_the_language_that_is_spoken_is_handed_on(client: TestClient, app: App) -> None:
    job_id = _put(client, language="ko").json()["job_id"]
    assert app.jobs.get(app.people.local_person().id, job_id).options["language"] == "ko"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd.txt", "passwd"),
        ("C:\\Users\\me\\회의 🎉.txt", "회의 🎉"),
        ("가" * 300 + ".txt", "가" * 116),
        ("", "recording"),
        ("a\x00b\n.txt", "ab"),
    ],
)
def test_names_never_become_paths(client: TestClient, app: App, name: str, title: str) -> None:
    meeting_id = _put(client, name=name).json()["meeting_id"]
    assert app.meetings.get(app.people.local_person().id, meeting_id).title == title


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "empty"),
        (b"\x00\x01\x02\x03" * 500, 415, "a.txt"),  # neither media nor text
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(
    client: TestClient, app: App, content: bytes, status: int, said: str
) -> None:
    answer = _put(client, content)
    assert answer.status_code == status
    assert said in answer.json()["error"]
    assert app.meetings.all(app.people.local_person().id) == []
    assert _incoming(app) == []


def test_the_sentence_comes_in_the_language_asked_for(client: TestClient) -> None:
    assert "비어" in _put(client, b"", lang="ko").json()["error"]


@pytest.mark.parametrize(
    ("query", "said"),
    [({"held_at": "yesterday"}, "yesterday"), ({"time_zone": "Mars/Base"}, "Mars/Base")],
)
def test_a_date_that_is_none_is_refused(
    client: TestClient, query: dict[str, str], said: str
) -> None:
    answer = _put(client, **query)
    assert answer.status_code == 422
    assert said in answer.json()["error"]


@pytest.mark.parametrize("in_pieces", [False, True])  # with and without a Content-Length
def test_more_than_the_limit_is_not_taken(client: TestClient, app: App, in_pieces: bool) -> None:
    app.settings.upload_limit = 2048
    piece = b"word " * 200
    content: Any = (piece for _ in range(4)) if in_pieces else piece * 4
    answer = client.put("/api/uploads?name=a.txt&lang=en", content=content, headers=ASKED)
    assert answer.status_code == 413
    assert "MINUTES_UPLOAD_LIMIT" in answer.json()["error"]
    assert _incoming(app) == []


def test_a_full_disk_is_said_and_leaves_nothing(
    client: TestClient, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("core.api.uploads.anyio.open_file", no_room)
    answer = _put(client)
    assert answer.status_code == 507
    assert "disk is full" in answer.json()["error"]
    assert _incoming(app) == []


def test_an_upload_that_breaks_off_leaves_nothing(asgi: Starlette, app: App) -> None:
    messages = [
        {"type": "http.request", "body": b"half of it", "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/api/uploads",
        "query_string": b"name=a.txt",
        "headers": [(b"host", b"localhost"), (b"x-requested-with", b"minutes")],
    }

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(_: object) -> None: ...

    asyncio.run(asgi(scope, receive, send))
    assert messages == []
    assert app.meetings.all(app.people.local_person().id) == []
    assert _incoming(app) == []


def test_a_form_of_another_page_cannot_upload(client: TestClient, app: App) -> None:
    answer = client.put("/api/uploads?name=a.txt&lang=en", content=TRANSCRIPT)
    assert answer.status_code == 403
    assert "did not come from" in answer.json()["error"]
    assert app.meetings.all(app.people.local_person().id) == []


def test_the_unexpected_is_told_as_a_reference(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret path /home/me")

    monkeypatch.setattr("core.api.uploads.take_in", broken)
    answer = _put(client)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "reference" in answer.json()["error"]
    assert "secret path" in caplog.text


def test_a_meeting_from_the_bin_comes_back(
    client: TestClient, app: App, kept: Callable[..., Meeting]
) -> None:
    user_id = app.people.local_person().id
    meeting = kept()
    app.meetings.delete(user_id, meeting.id)
    assert _put(client).json()["meeting_id"] == meeting.id
    assert [one.id for one in app.meetings.all(user_id)] == [meeting.id]
