"""A recording whose file breaks off is said to: what came after is not silently missing."""

from pathlib import Path

from core.app import App
from core.services.recordings import About
from tests.media_files import remux
from tests.services.conftest import nothing, write

SPEECH = Path("tests/data/speech/ko-15s.opus")
WHISPER = str(Path("tests/data/whisper-closed-vocabulary").resolve())


def test_half_a_recording_is_heard_and_said_to_be_half(app: App, tmp_path: Path) -> None:
    whole = remux(SPEECH, tmp_path / "whole.mkv")
    half = tmp_path / "half.mkv"
    content = whole.read_bytes()
    half.write_bytes(content[: len(content) // 2])
    user = app.people.local_person()
    cut_at = {}
    for file in (whole, half):
        meeting, _ = app.recordings.keep(user.id, source=file, name=file.name, about=About())
        result = app.transcription.hear(
            meeting, language="ko", whisper_model=WHISPER, check=nothing, progress=lambda *_: None
        )
        with app.database.writing() as session:
            app.transcription.keep(session, meeting, result, job_id=file.name)
        kept = app.meetings.get(user.id, meeting.id)
        cut_at[file.name] = kept.cut_at
        minutes = write(app, kept, llm="extractive", job=file.name)
        assert ("recording_cut" in minutes.draft.notices) is (file == half)
    assert cut_at["whole.mkv"] is None
    assert cut_at["half.mkv"] is not None
    assert 4 < cut_at["half.mkv"] < 14
