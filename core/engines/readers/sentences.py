"""Long speeches cut at sentence ends, so that a citation points at a few lines and not at a page.
Cutting moves no word: the pieces joined by spaces are the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from core.engines.readers.timing import Cue

LONGEST_UTTERANCE = 600
"""Characters; about a minute of speech."""

_LONGEST_WORD = 4 * LONGEST_UTTERANCE
_FULL_STOP = re.compile(r"[.?!…。？！][\"'”’)\]]?\s+|[。？！]")
_KOREAN_END = re.compile(
    r"(?:니다|세요|어요|아요|해요|에요|예요|네요|군요|죠|지요|까요|니까|거든요|고요|구요)\s+"
)
_ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Ms|Mrs|Prof|St|vs|etc|e\.g|i\.e|No|[A-Z])|\b\d{1,3})\.$")


def split_long(cue: Cue) -> Iterator[Cue]:
    """The cue itself, or pieces of at most about LONGEST_UTTERANCE characters. The first piece
    keeps the start; when the others were said is not known."""
    if len(cue.text) <= LONGEST_UTTERANCE:
        yield cue
        return
    first = True
    for piece in _pieces(cue.text):
        start, broken = (cue.start, cue.broken) if first else (None, False)
        yield replace(cue, text=piece, start=start, end=None, broken=broken)
        first = False


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > LONGEST_UTTERANCE:
        end = _cut(text, start)
        yield text[start:end]
        start = end
    yield text[start:]


def _cut(text: str, start: int) -> int:
    """Where the piece that begins at `start` ends: after its last sentence, else after its last
    word, else (no spaces for pages) in the middle of a word."""
    window = text[start : start + LONGEST_UTTERANCE]
    for pattern in (_FULL_STOP, _KOREAN_END):
        ends = [m.end() for m in pattern.finditer(window) if _is_end(window, m)]
        if ends:
            return start + ends[-1]
    comma = max(window.rfind(", "), window.rfind("，"))
    space = max(window.rfind(" "), window.rfind("\n"))
    if max(comma, space) > 0:
        return start + (comma if comma > LONGEST_UTTERANCE // 2 else space) + 1
    word = re.compile(r"\s").search(text, start + LONGEST_UTTERANCE, start + _LONGEST_WORD)
    return word.end() if word else min(len(text), start + _LONGEST_WORD)


def _is_end(window: str, match: re.Match[str]) -> bool:
    before = window[max(0, match.start() - 8) : match.start() + 1]
    return _ABBREVIATION.search(before) is None
