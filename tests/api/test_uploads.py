"""Files sent in pieces, as a tus client sends them; tests/services/test_uploads.py has the rest."""

import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.app import App
from core.services import jobs
from core.services.jobs import TRANSCRIBE
from core.store.meetings import recording_of
from core.store.tables import Meeting
from tests.api.conftest import TRANSCRIPT, Sender

HALF = len(TRANSCRIPT) // 2
NOBODYS = "f" * 32


def _metadata(**said: str) -> str:
    pairs = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
    return ",".join(pairs)


def test_a_file_becomes_a_meeting_with_its_transcription_asked_for(
    sender: Sender, app: App, local: str
) -> None:
    told = sender.send(title="Plan", held_at="2026-11-23T14:30", time_zone="Asia/Seoul")
    assert (told["state"], told["new"], told["error"]) == ("kept", True, None)
    assert told["offset"] == told["size"] == len(TRANSCRIPT)
    meeting = app.meetings.get(local, told["meeting_id"])
    assert (meeting.title, meeting.held_at_guessed) == ("Plan", False)
    assert meeting.held_at == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    job = app.jobs.get(local, told["job_id"])
    assert (job.stage, job.options["language"]) == (TRANSCRIBE, None)
    assert job.options["then"]["llm"] == "auto"
    assert sender.bytes_waiting() == {}


def test_it_goes_on_where_it_stopped(sender: Sender, app: App, local: str) -> None:
    address = sender.begin()
    answer = sender.patch(address, TRANSCRIPT[:HALF])
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(HALF))
    head = sender.head(address)
    assert (head.status_code, head.headers["upload-offset"]) == (200, str(HALF))
    assert head.headers["upload-length"] == str(len(TRANSCRIPT))
    assert head.headers["cache-control"] == "no-store"
    assert sender.state(address)["state"] == "arriving"
    assert sender.patch(address, TRANSCRIPT[HALF:], offset=HALF).status_code == 204
    told = sender.outcome(address)
    recording = app.meetings.recording(local, told["meeting_id"])
    assert app.recordings.path(recording).read_bytes() == TRANSCRIPT


def test_it_may_come_with_its_beginning_and_without_its_length(sender: Sender) -> None:
    address = sender.begin(TRANSCRIPT[:HALF], length=None, with_bytes=True)
    head = sender.head(address)
    assert (head.headers["upload-offset"], head.headers["upload-defer-length"]) == (str(HALF), "1")
    assert "upload-length" not in head.headers
    rest = sender.patch(
        address, TRANSCRIPT[HALF:], offset=HALF, **{"Upload-Length": str(len(TRANSCRIPT))}
    )
    assert rest.status_code == 204
    assert sender.outcome(address)["state"] == "kept"


def test_what_a_closed_tab_had_recorded_can_be_made_a_meeting(sender: Sender) -> None:
    address = sender.begin(length=None, kind="microphone", name="회의 녹음.txt")
    sender.patch(address, TRANSCRIPT)
    (waiting,) = sender.client.get("/api/uploads").json()
    assert waiting == {
        "id": address.rpartition("/")[2],
        "kind": "microphone",
        "name": "회의 녹음.txt",
        "offset": len(TRANSCRIPT),
        "size": None,
        "started": waiting["started"],
        "touched": waiting["touched"],
    }
    assert datetime.fromisoformat(waiting["started"]).tzinfo is not None
    answer = sender.client.post(f"{address}/end", headers=sender.HEADERS)
    assert (answer.status_code, answer.json()["size"]) == (200, len(TRANSCRIPT))
    assert sender.outcome(address)["state"] == "kept"
    assert sender.client.get("/api/uploads").json() == []


def test_of_a_file_that_is_not_whole_nothing_is_made(sender: Sender) -> None:
    address = sender.begin()
    sender.patch(address, TRANSCRIPT[:HALF])
    answer = sender.client.post(f"{address}/end?lang=ko", headers=sender.HEADERS)
    assert answer.status_code == 409
    assert "멈춘 데서" in answer.json()["error"]
    assert sender.state(address)["state"] == "arriving"


def test_the_same_file_again_is_the_same_meeting(sender: Sender) -> None:
    first = sender.send()
    assert sender.send(name="copy.txt") == {**first, "new": False}


def test_a_meeting_from_the_bin_comes_back(
    sender: Sender, app: App, local: str, kept: Callable[..., Meeting]
) -> None:
    meeting = kept()
    app.meetings.delete(local, meeting.id)
    assert sender.send()["meeting_id"] == meeting.id
    assert [one.id for one in app.meetings.all(local)] == [meeting.id]


def test_the_files_time_is_taken_as_a_guess(sender: Sender, app: App, local: str) -> None:
    moment = datetime(2025, 3, 1, 9, tzinfo=UTC)
    told = sender.send(modified=str(int(moment.timestamp() * 1000)))
    meeting = app.meetings.get(local, told["meeting_id"])
    assert (meeting.held_at, meeting.held_at_guessed) == (moment, True)


@pytest.mark.parametrize("modified", ["", "soon", "nan", "inf", "-1", "9" * 30])
def test_a_files_time_that_makes_no_sense_is_left_aside(sender: Sender, modified: str) -> None:
    assert sender.send(modified=modified)["state"] == "kept"


def test_the_language_that_is_spoken_is_handed_on(sender: Sender, app: App, local: str) -> None:
    job_id = sender.send(language="ko")["job_id"]
    assert app.jobs.get(local, job_id).options["language"] == "ko"


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
def test_names_never_become_paths(
    sender: Sender, app: App, local: str, name: str, title: str
) -> None:
    meeting_id = sender.send(name=name)["meeting_id"]
    assert app.meetings.get(local, meeting_id).title == title


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 500, "a.txt"),  # neither media nor text
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_its_bytes_go(
    sender: Sender, app: App, local: str, content: bytes, said: str
) -> None:
    address = sender.begin(content)
    if content:
        assert sender.patch(address, content).status_code == 204
    told = sender.outcome(address)
    assert (told["state"], told["meeting_id"]) == ("failed", None)
    assert said in told["error"]
    assert sender.head(address).status_code == 410  # so a client begins anew
    assert sender.patch(address, content, offset=len(content)).status_code == 410
    assert app.meetings.all(local) == []
    assert sender.client.get("/api/uploads").json() == []
    assert sender.bytes_waiting() == {}


def test_sentences_come_in_the_language_asked_for_else_in_the_uploads(sender: Sender) -> None:
    address = sender.begin(b"", lang="ko")
    sender.outcome(address)
    assert "비어" in sender.client.get(address).json()["error"]
    assert "empty" in sender.client.get(f"{address}?lang=en").json()["error"]


@pytest.mark.parametrize(
    ("said", "told"),
    [({"held_at": "yesterday"}, "yesterday"), ({"time_zone": "Mars/Base"}, "Mars/Base")],
)
def test_a_date_that_is_none_is_refused(sender: Sender, said: dict[str, str], told: str) -> None:
    answer = sender.create(**said)
    assert answer.status_code == 422
    assert told in answer.json()["error"]
    assert sender.bytes_waiting() == {}


def test_the_unexpected_is_told_as_a_reference_and_can_be_tried_again(
    sender: Sender, app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret path /home/me")

    with monkeypatch.context() as patched:
        patched.setattr(jobs.Jobs, "transcribe", broken)
        told = sender.send()
        assert told["state"] == "failed"
        assert "secret" not in told["error"]
        assert "reference" in told["error"]
        assert "secret path" in caplog.text
    (waiting,) = sender.client.get("/api/uploads").json()
    address = f"/api/uploads/{waiting['id']}"
    sender.client.post(f"{address}/end", headers=sender.HEADERS)
    assert sender.outcome(address)["state"] == "kept"


def test_what_is_known_is_found_among_ones_own_meetings_only(
    sender: Sender, app: App, local: str, kept: Callable[..., Meeting]
) -> None:
    mine, others, binned = kept(), kept(b"Kim: no.\n", owner="somebody"), kept(b"Lee: old.\n")
    app.meetings.delete(local, binned.id)

    def known(meeting: Meeting, *, larger: int = 0) -> Any:
        with app.database.reading() as session:
            recording = recording_of(session, meeting=meeting)
        query = {"sha256": recording.sha256.upper(), "size": str(recording.size + larger)}
        answer = sender.client.get("/api/uploads/known", params=query)
        assert answer.status_code == 200
        return answer.json()

    assert known(mine) == {"meeting_id": mine.id, "in_bin": None}
    assert known(binned) == {"meeting_id": None, "in_bin": binned.id}
    nothing = {"meeting_id": None, "in_bin": None}
    assert known(mine, larger=1) == known(others) == nothing
    app.meetings.delete(others.user_id, others.id)
    assert known(others) == nothing
    assert app.meetings.deleted(local)[0].id == binned.id  # asking changes nothing


def test_only_files_as_large_as_ones_own_need_be_hashed(
    sender: Sender, app: App, local: str, kept: Callable[..., Meeting]
) -> None:
    mine, others = kept(), kept(b"Kim: another length.\n", owner="somebody")

    def answered(meeting: Meeting) -> Any:
        with app.database.reading() as session:
            size = recording_of(session, meeting=meeting).size
        return sender.client.get(f"/api/uploads/known?size={size}").json()

    assert answered(mine) == {"meeting_id": None, "same_size": True}
    assert answered(others) == {"meeting_id": None, "same_size": False}


@pytest.mark.parametrize("query", ["", "sha256=abc&size=1", f"sha256={'a' * 64}&size=-1"])
def test_a_hash_that_is_none_is_refused(sender: Sender, query: str) -> None:
    assert sender.client.get(f"/api/uploads/known?{query}").status_code == 400


def test_another_persons_upload_is_as_unknown_as_none(
    sender: Sender, app: App, as_person: Callable[[str], None]
) -> None:
    as_person("somebody")
    address = sender.begin()
    sender.patch(address, TRANSCRIPT[:HALF])
    as_person("local")
    answers = [
        [
            (answer.status_code, answer.text.replace(path.split("/")[3], "ID"))
            for answer in (
                sender.head(path),
                sender.patch(path, b"x", offset=HALF),
                sender.client.get(path),
                sender.client.post(f"{path}/end", headers=sender.HEADERS),
                sender.client.delete(path, headers=sender.HEADERS),
            )
        ]
        for path in (address, f"/api/uploads/{NOBODYS}", "/api/uploads/..%2Fx%00가")
    ]
    assert {status for status, _ in answers[0]} == {404}
    assert answers[0] == answers[1]
    assert {status for status, _ in answers[2]} == {404}
    assert sender.client.get("/api/uploads").json() == []
    as_person("somebody")
    assert sender.head(address).headers["upload-offset"] == str(HALF)


def test_a_form_of_another_page_can_write_nothing(sender: Sender, app: App, local: str) -> None:
    address = sender.begin()
    theirs = {**sender.HEADERS, "X-Requested-With": ""}
    client = sender.client
    for answer in (
        client.post("/api/uploads", headers={**theirs, "Upload-Length": "1"}),
        client.patch(address, headers={**theirs, "Upload-Offset": "0"}, content=TRANSCRIPT),
        client.delete(address, headers=theirs),
        client.post(f"{address}/end", headers=theirs),
        client.post(address, headers={**theirs, "X-HTTP-Method-Override": "DELETE"}),
    ):
        assert answer.status_code == 403
        assert "did not come from" in answer.json()["error"]
    assert sender.head(address).headers["upload-offset"] == "0"
    assert len(client.get("/api/uploads").json()) == 1


def test_it_can_be_cancelled(sender: Sender) -> None:
    address = sender.begin()
    sender.patch(address, TRANSCRIPT[:HALF])
    assert sender.client.delete(address, headers=sender.HEADERS).status_code == 204
    assert sender.head(address).status_code == 404
    assert sender.client.get("/api/uploads").json() == []
    assert sender.bytes_waiting() == {}


def test_the_server_says_what_it_can(client: TestClient, app: App) -> None:
    answer = client.options("/api/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(app.settings.upload_limit)
    assert set(answer.headers["tus-extension"].split(",")) >= {
        "creation",
        "creation-defer-length",
        "termination",
        "expiration",
    }


@pytest.mark.parametrize(("kind", "days"), [("file", 7), ("microphone", 30)])
def test_it_says_how_long_it_waits(sender: Sender, kind: str, days: int) -> None:
    address = sender.begin(kind=kind)
    expires = sender.patch(address, TRANSCRIPT[:HALF]).headers["upload-expires"]
    moment = datetime.strptime(expires, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(moment.timestamp() - time.time() - days * 86400) < 60


def test_what_was_said_of_it_is_said_again(sender: Sender) -> None:
    said = {"name": "회의.txt", "lang": "ko", "kind": "file"}
    address = sender.begin(**said)
    assert sender.head(address).headers["upload-metadata"] == _metadata(**said)
