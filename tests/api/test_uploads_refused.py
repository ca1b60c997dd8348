"""What no client should send: each is refused with a sentence, and what had arrived stays."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from core.app import App
from tests.api.conftest import TRANSCRIPT, Sender

HALF = len(TRANSCRIPT) // 2


@pytest.fixture
def half(sender: Sender) -> str:
    """An upload of which half has arrived."""
    address = sender.begin()
    assert sender.patch(address, TRANSCRIPT[:HALF]).status_code == 204
    return address


_LENGTHS = [
    # (headers, what the answer says)
    ({"Upload-Length": "-1"}, 400),
    ({"Upload-Length": "12.5"}, 400),
    ({"Upload-Length": "９"}, 400),  # a digit, but not of ASCII
    ({"Upload-Length": "9" * 40}, 400),
    ({"Upload-Length": "9" * 18}, 413),
    ({"Upload-Length": "5", "Upload-Defer-Length": "1"}, 400),
    ({"Upload-Defer-Length": "2"}, 400),
    ({}, 400),
]


@pytest.mark.parametrize(("lengths", "status"), _LENGTHS)
def test_a_length_that_is_none_is_refused(
    sender: Sender, lengths: dict[str, str], status: int
) -> None:
    sent = {name: value.encode() for name, value in {**sender.HEADERS, **lengths}.items()}
    answer = sender.client.post("/api/uploads?lang=en", headers=sent)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert sender.bytes_waiting() == {}


@pytest.mark.parametrize(
    "metadata",
    [
        "name !!!",  # no base64
        "name 회의".encode().decode("latin-1"),  # what has no place in a header
        "name /w==",  # base64 of what is no UTF-8
        "name YQ==,name Yg==",
        "na\tme YQ==",
        "name " + "QUFB" * 3000,  # more than 8 KB
        "kind dmlkZW8=",  # a kind that we do not know
    ],
)
def test_metadata_that_are_none_are_refused(sender: Sender, metadata: str) -> None:
    sent = {**sender.HEADERS, "Upload-Length": "9", "Upload-Metadata": metadata.encode("latin-1")}
    answer = sender.client.post("/api/uploads?lang=en", headers=sent)
    assert answer.status_code == 400
    assert "upload-metadata" in answer.json()["error"]


def test_metadata_may_be_missing_or_without_a_value(sender: Sender) -> None:
    for header in ({}, {"Upload-Metadata": "title,name YS50eHQ="}):
        sent = {**sender.HEADERS, "Upload-Length": "9", **header}
        assert sender.client.post("/api/uploads", headers=sent).status_code == 201


@pytest.mark.parametrize("offset", [0, HALF - 1, HALF + 1, 10**17])
def test_a_piece_from_elsewhere_is_refused(sender: Sender, half: str, offset: int) -> None:
    answer = sender.patch(half, b"x", offset=offset, **{"Content-Length": "1"})
    assert answer.status_code in (409, 413)
    assert answer.status_code == 409 or offset > len(TRANSCRIPT)
    assert sender.head(half).headers["upload-offset"] == str(HALF)


@pytest.mark.parametrize("offset", ["-1", "", "x", "1e3", "9" * 40])
def test_an_offset_that_is_none_is_refused(sender: Sender, half: str, offset: str) -> None:
    assert sender.patch(half, b"x", offset=offset).status_code == 400


def test_more_than_was_declared_is_refused_before_it_is_written(sender: Sender, half: str) -> None:
    def pieces() -> Iterator[bytes]:  # without a Content-Length
        yield TRANSCRIPT[HALF:]
        yield b"and more"

    contents: tuple[Any, ...] = (TRANSCRIPT[HALF:] + b"and more", pieces())
    for content in contents:
        answer = sender.patch(half, content, offset=HALF)
        assert answer.status_code == 413
        assert "its size had said" in answer.json()["error"]
        assert sender.head(half).headers["upload-offset"] == str(HALF)


def test_more_than_the_limit_is_not_taken(sender: Sender, app: App) -> None:
    app.settings.upload_limit = limit = 2048
    object.__setattr__(app.recordings, "limit", limit)
    answer = sender.create(length=limit + 1)
    assert answer.status_code == 413
    assert "MINUTES_UPLOAD_LIMIT" in answer.json()["error"]
    assert sender.bytes_waiting() == {}
    address = sender.begin(length=None)
    assert sender.patch(address, b"w" * limit).status_code == 204
    answer = sender.patch(address, (b"w" for _ in range(2)), offset=limit)
    assert answer.status_code == 413
    assert "MINUTES_UPLOAD_LIMIT" in answer.json()["error"]
    assert sender.head(address).headers["upload-offset"] == str(limit)


@pytest.mark.parametrize(
    ("length", "status"),
    [(HALF - 1, 400), (len(TRANSCRIPT) + 1, 400), ("many", 400), (len(TRANSCRIPT), 204)],
)
def test_a_length_can_be_said_once(
    sender: Sender, half: str, length: int | str, status: int
) -> None:
    headers = {"Upload-Length": str(length)}
    answer = sender.patch(half, TRANSCRIPT[HALF:], offset=HALF, **headers)
    assert answer.status_code == status


def test_a_length_said_late_holds(sender: Sender) -> None:
    address = sender.begin(length=None)
    assert sender.patch(address, b"", **{"Upload-Length": "0"}).status_code == 204
    assert sender.outcome(address)["state"] == "failed"  # an empty file is none
    address = sender.begin(length=None)
    sender.patch(address, TRANSCRIPT[:HALF], **{"Upload-Length": str(len(TRANSCRIPT))})
    short = sender.patch(address, b"x", offset=HALF, **{"Upload-Length": str(HALF + 1)})
    assert short.status_code == 400
    over = sender.begin(length=None)
    assert sender.patch(over, b"x", **{"Upload-Length": "9" * 15}).status_code == 413


@pytest.mark.parametrize("kind", [None, "application/octet-stream", "text/plain"])
def test_a_piece_of_another_type_is_refused(sender: Sender, half: str, kind: str | None) -> None:
    answer = sender.patch(half, b"x", offset=HALF, **{"Content-Type": kind or ""})
    assert answer.status_code == 415


@pytest.mark.parametrize("version", ["", "0.2.2", "2.0.0"])
def test_another_version_of_tus_is_refused(sender: Sender, half: str, version: str) -> None:
    for answer in (
        sender.client.head(half, headers={"Tus-Resumable": version}),
        sender.patch(half, b"x", offset=HALF, **{"Tus-Resumable": version}),
        sender.client.delete(half, headers={**sender.HEADERS, "Tus-Resumable": version}),
        sender.create(headers={"Tus-Resumable": version}),
    ):
        assert answer.status_code == 412
        assert answer.headers["tus-version"] == "1.0.0"


def test_a_last_piece_whose_answer_was_lost_may_come_again(sender: Sender) -> None:
    address = sender.begin()
    sender.patch(address, TRANSCRIPT)
    told = sender.outcome(address)
    again = sender.patch(address, b"", offset=len(TRANSCRIPT))
    assert (again.status_code, again.headers["upload-offset"]) == (204, str(len(TRANSCRIPT)))
    assert sender.head(address).headers["upload-offset"] == str(len(TRANSCRIPT))
    assert sender.patch(address, TRANSCRIPT).status_code == 409
    assert sender.patch(address, b"x", offset=len(TRANSCRIPT)).status_code == 413
    assert sender.outcome(address) == told


def test_bytes_that_vanished_are_told(sender: Sender, app: App, half: str) -> None:
    (app.recordings.incoming() / f"{half.rpartition('/')[2]}.upload").unlink()
    for offset in (HALF, 0):  # as HEAD says, wherever it wants to go on: so a client begins anew
        answer = sender.patch(half, TRANSCRIPT[offset:], offset=offset)
        assert answer.status_code == 410
        assert "no longer in the data folder" in answer.json()["error"]
    assert sender.head(half).status_code == 410
    told = sender.state(half)
    assert told["state"] == "failed"
    assert "no longer in the data folder" in told["error"]
    assert sender.client.get("/api/uploads").json() == []


def test_a_file_for_which_there_is_no_room_is_refused_before_a_byte_is_sent(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = os.statvfs("/")
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((*room[:3], 0, 0, *room[5:])))
    answer = sender.create()
    assert answer.status_code == 507
    assert "disk is full" in answer.json()["error"]
    assert sender.bytes_waiting() == {}


def test_a_method_in_a_header_counts_for_clients_that_may_only_post(
    sender: Sender, half: str
) -> None:
    headers = {
        **sender.HEADERS,
        "X-HTTP-Method-Override": "PATCH",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(HALF),
    }
    assert sender.client.post(half, headers=headers, content=TRANSCRIPT[HALF:]).status_code == 204
    assert sender.outcome(half)["state"] == "kept"
    other = {**sender.HEADERS, "X-HTTP-Method-Override": "TRACE"}
    assert sender.client.post(half, headers=other).status_code == 405
