"""Transcript files become a Transcript. What a file is gets judged by its bytes; its name is a hint
only where the bytes leave it open. No word is lost: what cannot be made out as time, name or markup
is text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath

from core.domain.transcript import Transcript, guess_language, numbered
from core.engines.readers.cues import has_cues, is_vtt, read_srt, read_vtt
from core.engines.readers.encoding import clean, decode, is_media
from core.engines.readers.plain import read_plain
from core.engines.readers.recognised import read_json
from core.engines.readers.timing import Cue, settled
from core.errors import InvalidInput

LARGEST_BYTES = 50 * 2**20
"""A day of speech is about 1 MB of text; reading takes up to 25 times a file's size in memory."""

_BLANK_LINES = re.compile(r"\n{3,}")
_EXTENSIONS = {".srt": "srt", ".vtt": "vtt", ".txt": "txt", ".json": "json"}
_LANGUAGES = {"korean": "ko", "english": "en", "japanese": "ja", "chinese": "zh"}


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file held, and how many of its utterances had a time that was none."""

    transcript: Transcript
    broken_times: int


def read_transcript(content: bytes, *, name: str) -> Transcript:
    """The transcript that `read_file` finds."""
    return read_file(content, name=name).transcript


def read_file(content: bytes, *, name: str) -> FileRead:
    """The transcript in a .srt, .vtt, .txt or .json file, or in pasted text (UTF-8).

    Times are seconds, None where the file gives none that can be true. Raises InvalidInput:
    transcript_empty, transcript_too_large, transcript_not_text, transcript_encoding,
    transcript_json_broken, transcript_json_shape, transcript_no_speech.
    """
    text = _text(content, name=name)
    kind = _kind(text, name)
    language = None
    if kind == "json":
        cues, language = read_json(text, name=name)
    else:
        cues = {"srt": read_srt, "vtt": read_vtt, "txt": read_plain}[kind](text)
    cues = settled([_cleaned(cue) for cue in cues if cue.text.strip()])
    utterances = numbered((cue.start, cue.end, cue.speaker, cue.text) for cue in cues)
    if not any(character.isalnum() for spoken in utterances for character in spoken.text):
        raise InvalidInput("transcript_no_speech", name=name)
    times = [time for cue in cues for time in (cue.start, cue.end) if time is not None]
    transcript = Transcript(
        utterances=utterances,
        language=_named(language) or guess_language(utterances),
        duration=max(times, default=None),
    )
    return FileRead(transcript, broken_times=sum(cue.broken for cue in cues))


def transcript_kind(head: bytes, name: str) -> str | None:
    """ "srt", "vtt", "txt" or "json" for a file that begins with `head` (some kilobytes will do),
    None where it is not text, whatever its name says."""
    if not head:
        return _EXTENSIONS.get(PurePath(name).suffix.lower())
    text = decode(head)
    return None if text is None else _kind(_lines(text), name)


def _text(content: bytes, *, name: str) -> str:
    if not content.strip(b" \t\r\n\0"):
        raise InvalidInput("transcript_empty", name=name)
    if len(content) > LARGEST_BYTES:
        megabytes = LARGEST_BYTES // 2**20
        raise InvalidInput("transcript_too_large", name=name, limit=megabytes)
    text = decode(content)
    if text is None:
        media = is_media(content) or b"\0" in content[:4096]
        raise InvalidInput("transcript_not_text" if media else "transcript_encoding", name=name)
    return _lines(text)


def _lines(text: str) -> str:
    """Text without stray controls, its lines ended by \\n alone."""
    for end in ("\r\n", "\r", "\u2028", "\u2029", "\x85"):
        text = text.replace(end, "\n")
    return _BLANK_LINES.sub("\n\n", clean(text))


def _kind(text: str, name: str) -> str:
    begin = text.lstrip()
    if is_vtt(begin):
        return "vtt"
    if begin[:1] == "{" and begin[1:].lstrip()[:1] in ('"', "}", ""):
        return "json"
    if begin[:1] == "[" and begin[1:].lstrip()[:1] in ("{", "]"):
        return "json"
    hint = _EXTENSIONS.get(PurePath(name).suffix.lower())
    # Where the name says subtitles, times that are all broken still are no words.
    if has_cues(text, broken=hint in ("srt", "vtt")):
        return "srt"
    return "json" if hint == "json" and begin[:1] in tuple("{[") else "txt"


def _cleaned(cue: Cue) -> Cue:
    """JSON's escapes can bring back what was cleaned from the file."""
    return replace(cue, text=clean(cue.text), speaker=clean(cue.speaker or "").strip() or None)


def _named(language: str | None) -> str | None:
    """The language the file names, where its letters do not tell; Korean and English are told by
    their letters (a translating Whisper names the language it heard, not the one it wrote)."""
    code = _LANGUAGES.get(language or "", language)
    known = code is not None and code.isalpha() and len(code) == 2
    return code if known and code not in ("ko", "en") else None
