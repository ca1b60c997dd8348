import math
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient

from core.api.downloads import attachment, media_type
from core.app import App
from core.errors import EngineUnavailable
from core.services.recordings import About
from core.store.tables import Meeting

Keep = Callable[..., Meeting]


@pytest.fixture
def tone(tmp_path: Path) -> bytes:
    """A second of sound."""
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(
            b"".join(struct.pack("<h", int(9000 * math.sin(number / 3))) for number in range(8000))
        )
    return path.read_bytes()


def test_sound_comes_in_ranges(client: TestClient, kept: Keep, tone: bytes) -> None:
    meeting = kept(tone, name="tone.mp3")  # the name lies, the bytes do not
    answer = client.get(f"/api/meetings/{meeting.id}/sound", headers={"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert answer.content == tone[100:200]
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["content-range"] == f"bytes 100-199/{len(tone)}"
    assert client.get(f"/api/meetings/{meeting.id}/sound").content == tone


def test_a_transcript_has_no_sound(client: TestClient, kept: Keep) -> None:
    answer = client.get(f"/api/meetings/{kept().id}/sound?lang=en")
    assert answer.status_code == 404
    assert "transcript" in answer.json()["error"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_samples_sound_lies_beside_its_transcript(
    client: TestClient, app: App, language: str
) -> None:
    sample = app.samples.get(language)
    meeting, _ = app.recordings.keep(
        app.people.local_person().id,
        source=sample.transcript,
        name=sample.transcript.name,
        about=About(title=sample.title, sample=True),
    )
    answer = client.get(f"/api/meetings/{meeting.id}/sound", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"OggS")
    assert answer.headers["content-type"] == "audio/ogg"


@pytest.mark.parametrize("what", ["sound", "transcript", "minutes.md", "narration"])
def test_nobody_gets_what_is_somebody_elses(
    client: TestClient, kept: Keep, written: Callable[[Meeting], None], what: str
) -> None:
    theirs = kept(owner="somebody else")
    written(theirs)
    for meeting_id in (theirs.id, "no-such-meeting"):
        answer = client.get(f"/api/meetings/{meeting_id}/{what}")
        assert answer.status_code == 404
        assert "Ship" not in answer.text


def test_lines_of_the_transcript(client: TestClient, app: App, kept: Keep) -> None:
    meeting = kept()
    heard = app.transcription.hear(
        meeting, language=None, whisper_model=None, check=lambda: None, progress=lambda *_: None
    )
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, heard, job_id="j")
    lines = client.get(f"/api/meetings/{meeting.id}/transcript").json()["lines"]
    assert lines[1] == [2, None, None, "Lee", "We decided to ship on Friday."]


def test_a_changed_line_tells_what_was_heard(client: TestClient, app: App, kept: Keep) -> None:
    meeting = kept()
    heard = app.transcription.hear(
        meeting, language=None, whisper_model=None, check=lambda: None, progress=lambda *_: None
    )
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, heard, job_id="j")
    said, now = "We decided to ship on Friday.", "We decided to skip on Friday."
    app.text_changes.edit_text(meeting.user_id, meeting.id, 2, now, expected=said)
    lines = client.get(f"/api/meetings/{meeting.id}/transcript").json()["lines"]
    pieces = [["We decided to ", None], ["skip ", "ship"], ["on Friday.", None]]
    assert lines[1] == [2, None, None, "Lee", now, pieces]
    assert len(lines[0]) == 5


def test_a_hidden_line_is_told_apart_from_the_lines(
    client: TestClient, app: App, kept: Keep
) -> None:
    meeting = kept()
    heard = app.transcription.hear(
        meeting, language=None, whisper_model=None, check=lambda: None, progress=lambda *_: None
    )
    with app.database.writing() as session:
        hidden = {"hidden": [[2, "no_speech"]]}
        app.transcription.keep(session, meeting, heard | hidden, job_id="j")

    def told() -> tuple[list[int], list[list[object]]]:
        answer = client.get(f"/api/meetings/{meeting.id}/transcript").json()
        return [line[0] for line in answer["lines"]], answer["doubted"]

    line = [2, None, "We decided to ship on Friday.", "no_speech"]
    assert 2 not in told()[0]
    assert told()[1] == [[*line, False]]
    app.hidden_lines.bring_back(meeting.user_id, meeting.id, [2])
    assert 2 in told()[0]
    assert told()[1] == [[*line, True]]


def test_minutes_are_saved_under_the_meetings_name(
    client: TestClient, kept: Keep, written: Callable[[Meeting], None]
) -> None:
    meeting = kept(title="주간 회의 / 1팀")
    written(meeting)
    answer = client.get(f"/api/meetings/{meeting.id}/minutes.md?version=1")
    assert answer.text == "# Ship\n"
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    name = answer.headers["content-disposition"].rpartition("''")[2]
    assert unquote(name) == "주간 회의 _ 1팀.md"


@pytest.mark.parametrize("version", ["2", "0", "-1", "newest", "٣", "9" * 40])
def test_a_version_that_is_not_there_is_said(
    client: TestClient, kept: Keep, written: Callable[[Meeting], None], version: str
) -> None:
    meeting = kept()
    written(meeting)
    answer = client.get(
        f"/api/meetings/{meeting.id}/minutes.md", params={"version": version, "lang": "en"}
    )
    assert answer.status_code in (404, 422)
    assert "version" in answer.json()["error"]


def test_without_minutes_there_is_nothing_to_save(client: TestClient, kept: Keep) -> None:
    assert client.get(f"/api/meetings/{kept().id}/minutes.md").status_code == 404


def test_without_a_voice_the_sentence_says_how_to_get_one(
    client: TestClient,
    kept: Keep,
    written: Callable[[Meeting], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Mute:
        def speak(self, text: str, *, language: str, target: Path) -> None:
            raise EngineUnavailable("espeak_missing", command="apt-get install espeak-ng")

    monkeypatch.setattr("core.engines.factory.Engines.speaker", lambda _: Mute())
    meeting = kept()
    written(meeting)
    answer = client.get(f"/api/meetings/{meeting.id}/narration?version=1&lang=en")
    assert answer.status_code == 424
    assert "eSpeak NG" in answer.json()["error"]


@pytest.mark.espeak
def test_minutes_are_read_aloud(
    client: TestClient, kept: Keep, written: Callable[[Meeting], None]
) -> None:
    meeting = kept()
    written(meeting)
    answer = client.get(f"/api/meetings/{meeting.id}/narration")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.content[:4] == b"RIFF"


def test_a_saved_name_cannot_break_out_of_its_header() -> None:
    header = attachment('a"; filename="evil.exe\r\n회의.md')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2


@pytest.mark.parametrize(
    ("head", "kind", "expected"),
    [
        (b"ID3\x04", "audio", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio", "audio/aac"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom", "video", "video/mp4"),
        (b"\x1aE\xdf\xa3", "video", "video/webm"),
        (b"<html><script>", "audio", "application/octet-stream"),  # never what a browser runs
    ],
)
def test_the_media_type_is_told_by_the_bytes(
    tmp_path: Path, head: bytes, kind: str, expected: str
) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(head)
    assert media_type(path, kind=kind) == expected
