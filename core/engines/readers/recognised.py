"""JSON that speech recognisers write: openai-whisper, faster-whisper, whisperX, whisper.cpp; also
our own export. Known by its shape; fields that are not words, times or speakers are passed over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from core.engines.readers.sentences import split_long
from core.engines.readers.timing import Cue, parse_clock, possible
from core.errors import InvalidInput

_LISTS = ("segments", "transcription", "utterances", "transcript")


def read_json(text: str, *, name: str) -> tuple[list[Cue], str | None]:
    """The cues, and the language where the file names it.

    Raises InvalidInput("transcript_json_broken") for what is no JSON,
    InvalidInput("transcript_json_shape") for JSON that holds no transcript.
    """
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise InvalidInput("transcript_json_shape", name=name) from error
    except ValueError as error:
        raise InvalidInput("transcript_json_broken", name=name) from error
    rows = _rows(data)
    if rows is not None:
        return list(_cues(rows)), _language(data)
    if isinstance(data, dict) and isinstance(data.get("text"), str):
        return list(split_long(Cue(None, None, None, data["text"]))), _language(data)
    raise InvalidInput("transcript_json_shape", name=name)


def _rows(data: object) -> list[dict[str, Any]] | None:
    """The list of segments, None if there is none."""
    candidates = [data] if isinstance(data, list) else []
    if isinstance(data, dict):
        candidates = [data[key] for key in _LISTS if isinstance(data.get(key), list)]
    for found in candidates:
        rows = [row for row in found if isinstance(row, dict)]
        if any(_words(row).strip() for row in rows):
            return rows
    # A recogniser that heard nothing writes an empty list: a transcript, but without speech.
    return [] if candidates and not any(candidates) else None


def _cues(rows: list[dict[str, Any]]) -> Iterator[Cue]:
    for row in rows:
        (start, end), given = _times(row), _given(row)
        broken = any(
            time is None and value is not None
            for time, value in zip((start, end), given, strict=True)
        )
        yield Cue(start, end, _speaker(row), _words(row), broken)


def _words(row: dict[str, Any]) -> str:
    text = row.get("text")
    if isinstance(text, str):
        return text
    words = row.get("words")
    if not isinstance(words, list):
        return ""
    spoken = [word.get("word", word.get("text")) for word in words if isinstance(word, dict)]
    parts = [word for word in spoken if isinstance(word, str)]
    # openai-whisper keeps the space in front of each word, whisperX does not.
    return ("" if any(part.startswith(" ") for part in parts) else " ").join(parts)


def _times(row: dict[str, Any]) -> tuple[float | None, float | None]:
    """Seconds; whisper.cpp gives milliseconds in `offsets`."""
    start, end = _given(row)
    read = _milliseconds if isinstance(row.get("offsets"), dict) else _seconds
    return read(start), read(end)


def _given(row: dict[str, Any]) -> tuple[object, object]:
    """The row's times as they were written; None where there are none."""
    for key in ("offsets", "timestamps"):
        times = row.get(key)
        if isinstance(times, dict):
            return times.get("from"), times.get("to")
    return row.get("start"), row.get("end")


def _seconds(value: object) -> float | None:
    if not isinstance(value, str):
        return possible(value)
    clock = parse_clock(value)
    if clock is not None or ":" in value:
        return clock
    try:
        return possible(float(value))
    except ValueError:
        return None


def _milliseconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A number that overflows a float is no time either.
    return possible(value / 1000) if -1e12 < value < 1e12 else None


def _speaker(row: dict[str, Any]) -> str | None:
    speaker = row.get("speaker")
    if isinstance(speaker, bool) or not isinstance(speaker, str | int):
        return None
    return str(speaker).strip()[:200] or None if isinstance(speaker, str) else f"Speaker {speaker}"


def _language(data: object) -> str | None:
    if not isinstance(data, dict):
        return None
    result = data.get("result")
    language = data.get("language") or (result.get("language") if isinstance(result, dict) else 0)
    return language.lower() if isinstance(language, str) else None
