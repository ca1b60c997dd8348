"""Real hearing of sounds in which nobody speaks: no word is shown. The model of our tests writes
words over any sound that it is given, so voice activity detection is also made to let all pass:
then the rules alone hide them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.app import App
from core.domain.phantoms import judge
from core.domain.speech_evidence import Segment
from core.engines import whisper
from core.engines.sound import Samples
from core.engines.voice import Voice
from core.engines.whisper import WhisperTranscriber
from tests.engines.test_whisper import MODEL, NOWHERE, SPEECH, heard_in, never
from tests.noises import NOISES, save
from tests.services.test_transcription import taken_in

MINUTES = 120.0
WHOLE = [one for one in NOISES if one != "silence"]
"""No detection is asked about digital silence, so none can be made to let it pass."""


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> WhisperTranscriber:
    """A transcriber that takes every sound for speech, and still measures it."""
    measure = whisper.find_speech

    def everything(sound: Samples) -> Voice:
        return Voice([(0, len(sound))], measure(sound).probabilities)

    monkeypatch.setattr(whisper, "find_speech", everything)
    return WhisperTranscriber(str(MODEL), NOWHERE, "cpu")


def words(segments: list[Segment]) -> int:
    return sum(len(one.text.split()) for one in segments)


@pytest.mark.parametrize("name", NOISES)
def test_no_word_is_shown_for_minutes_without_speech(app: App, tmp_path: Path, name: str) -> None:
    meeting = taken_in(app, save(NOISES[name](MINUTES), tmp_path / f"{name}.flac"))
    assert app.meetings.transcript(meeting.user_id, meeting.id).utterances == ()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", WHOLE)
def test_what_is_written_over_noise_is_hidden_by_the_rules_alone(
    deaf: WhisperTranscriber, tmp_path: Path, name: str, language: str
) -> None:
    path = save(NOISES[name](60.0), tmp_path / f"{name}.flac")
    segments = list(deaf.hear(path, language=language, check=never).segments)
    assert words(segments) >= 10, "the model wrote something"
    hidden = judge(segments)
    shown = [one for place, one in enumerate(segments) if place not in hidden]
    assert words(shown) == 0


@pytest.mark.parametrize("name", ["ko-2min", "en-2min", "mixed-15s", "ko-15s", "en-15s"])
def test_clear_speech_loses_no_line(name: str) -> None:
    _, _, segments = heard_in(name)
    assert len(segments) > 3
    assert judge(list(segments)) == {}
    assert all(one.evidence and one.evidence.voice > 0.6 for one in segments)


def test_speech_keeps_its_evidence_where_detection_is_deaf(deaf: WhisperTranscriber) -> None:
    hearing = deaf.hear(SPEECH / "ko-15s.opus", language="ko", check=never)
    segments = list(hearing.segments)
    hidden = judge(segments)
    assert len(segments) - len(hidden) >= 4
