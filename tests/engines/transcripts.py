"""What a reader made of a file, in the forms that tests compare."""

from __future__ import annotations

from core.domain.transcript import Transcript
from core.engines.readers import read_transcript

Rows = list[tuple[float | None, float | None, str | None, str]]


def read(text: str | bytes, name: str = "meeting.txt") -> Transcript:
    """A file of this content, read."""
    return read_transcript(text.encode() if isinstance(text, str) else text, name=name)


def rows(transcript: Transcript) -> Rows:
    """(start, end, speaker, text) of each utterance."""
    return [(said.start, said.end, said.speaker, said.text) for said in transcript.utterances]


def said(transcript: Transcript) -> list[tuple[str | None, str]]:
    """(speaker, text) of each utterance."""
    return [(spoken.speaker, spoken.text) for spoken in transcript.utterances]


def words(transcript: Transcript) -> list[str]:
    """All words, in order."""
    return " ".join(spoken.text for spoken in transcript.utterances).split()
