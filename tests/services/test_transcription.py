"""What a person must know of a file: that it breaks off, that its name misleads, that times are
broken. What came after a break is not silently missing, and nothing is said that is not so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.app import App
from core.services.recordings import About
from core.store.tables import Meeting
from tests.engines.test_wholeness import silent_end
from tests.media_files import remux
from tests.services.conftest import nothing, write

SPEECH = Path("tests/data/speech/ko-15s.opus")
WHISPER = str(Path("tests/data/whisper-closed-vocabulary").resolve())
SUBTITLES = "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:99:00,000 --> 00:99:01,000\ntwo\n"


def taken_in(app: App, file: Path, name: str | None = None) -> Meeting:
    """The meeting of a file, transcribed without a worker."""
    user = app.people.local_person()
    meeting, _ = app.recordings.keep(user.id, source=file, name=name or file.name, about=About())
    result = app.transcription.hear(
        meeting, language="ko", whisper_model=WHISPER, check=nothing, progress=lambda *_: None
    )
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id=file.name)
    return app.meetings.get(user.id, meeting.id)


def half(whole: Path) -> Path:
    content = whole.read_bytes()
    path = whole.with_stem("half")
    path.write_bytes(content[: len(content) // 2])
    return path


def live(folder: Path) -> Path:
    """As a browser records: no duration, and in Ogg no end mark."""
    content = SPEECH.read_bytes()
    path = folder / "live.ogg"
    path.write_bytes(content[: content.rindex(b"OggS\x00")])
    return path


_FILES: list[tuple[str, Callable[[Path], Path], bool]] = [
    ("a whole mkv", lambda folder: remux(SPEECH, folder / "whole.mkv"), False),
    ("half an mkv", lambda folder: half(remux(SPEECH, folder / "whole.mkv")), True),
    ("a whole wav", lambda folder: remux(SPEECH, folder / "whole.wav"), False),
    ("half a wav", lambda folder: half(remux(SPEECH, folder / "whole.wav")), True),
    ("a whole mp3", lambda folder: remux(SPEECH, folder / "whole.mp3"), False),
    ("half an mp3", lambda folder: half(remux(SPEECH, folder / "whole.mp3")), True),
    ("half an opus", lambda folder: half(remux(SPEECH, folder / "whole.opus")), True),
    ("half a flac", lambda folder: half(remux(SPEECH, folder / "whole.flac")), True),
    ("a live recording", live, False),
    (
        "a video that is silent at its end",
        lambda folder: silent_end(folder / "video.mp4", sound=5.0, pictures=20.0),
        False,
    ),
]


@pytest.mark.parametrize(("make", "cut"), [case[1:] for case in _FILES], ids=[c[0] for c in _FILES])
def test_half_a_recording_is_heard_and_said_to_be_half(
    app: App, tmp_path: Path, make: Callable[[Path], Path], cut: bool
) -> None:
    meeting = taken_in(app, make(tmp_path))
    assert (meeting.cut_at is not None) is cut
    if meeting.cut_at is not None:
        assert 4 < meeting.cut_at < 14


def test_minutes_of_half_a_recording_say_that_it_is_half(app: App, tmp_path: Path) -> None:
    meeting = taken_in(app, half(remux(SPEECH, tmp_path / "whole.mkv")))
    minutes = write(app, meeting, llm="extractive", job="half")
    assert "recording_cut" in minutes.draft.notices


@pytest.mark.parametrize(
    ("name", "code"),
    [("talk.MP3", "text_named_sound"), ("talk.txt", None), ("talk", None), ("talk.log", None)],
)
def test_text_that_is_named_like_sound_is_read_and_said_to_be_text(
    app: App, tmp_path: Path, name: str, code: str | None
) -> None:
    file = tmp_path / "file"
    file.write_text("김지수: 시작하겠습니다.\n박민호: 네.\n", encoding="utf-8")
    meeting = taken_in(app, file, name)
    assert [notice["code"] for notice in meeting.notices] == ([code] if code else [])
    assert len(app.meetings.transcript(meeting.user_id, meeting.id).utterances) == 2


@pytest.mark.parametrize(
    ("name", "code"), [("talk.txt", "sound_named_text"), ("talk.opus", None), ("talk.bin", None)]
)
def test_sound_that_is_named_like_text_is_heard_and_said_to_be_sound(
    app: App, name: str, code: str | None
) -> None:
    meeting = taken_in(app, SPEECH, name)
    assert [notice["code"] for notice in meeting.notices] == ([code] if code else [])


def test_broken_times_are_counted_for_the_person(app: App, tmp_path: Path) -> None:
    file = tmp_path / "meeting.srt"
    file.write_text(SUBTITLES, encoding="utf-8")
    meeting = taken_in(app, file)
    assert meeting.notices == [{"code": "times_broken", "facts": {"count": 1}}]
    file.write_text(SUBTITLES.replace("00:99:", "00:10:"), encoding="utf-8")
    assert taken_in(app, file).notices == []
