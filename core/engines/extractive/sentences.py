"""Sentences of utterances, in Korean and English, each a verbatim piece of its utterance.

Cut at end marks, and in Korean also after final endings, since a transcriber often leaves the
marks out. Decided against a trained splitter: it would load a model for English meetings too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.domain.transcript import Utterance
from core.engines.extractive.cues import unannotated
from core.engines.words import ENGLISH_STOPWORDS, content_terms, english_words

LONGEST = 320
_ABBREVIATIONS = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "st", "vs", "no", "e.g", "i.e", "etc", "approx", "inc", "ltd")
)
_MARK = re.compile(r"[.?!…。？！]+[\"'”’)\]]*(?=\s|$)|(?<=[。？！])|\n+")


@lru_cache
def ending_in(consonant: int) -> str:
    """A regex class of the Hangul syllables whose final consonant has this Unicode index
    (4 is ㄴ, 8 is ㄹ, 16 is ㅁ, 17 is ㅂ)."""
    return "[" + "".join(chr(0xAC00 + block * 28 + consonant) for block in range(399)) + "]"


# Endings that close a Korean sentence even where no mark follows. "요" alone would cut 중요, 필요.
_KOREAN_END = re.compile(
    rf"(?<=[가-힣])(?:니다|{ending_in(17)}니까|{ending_in(17)}시다|[세네군해져봐줘돼]요"
    rf"|[어아여거]요|데요|"
    rf"거든요|(?<={ending_in(8)})(?:게요|까요)|(?<=[하되가시오보그않맞좋겠했었았였])(?:죠"
    rf"|지요))(?=\s+[^\s.?!…])"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, where it was said, and its content terms."""

    utterance: Utterance
    place: int
    """Index of the utterance in the sequence."""
    text: str
    terms: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether it ends with a question mark."""
        return self.text.rstrip("\"'”’)] ").endswith(("?", "？"))


def sentences_of(utterances: Sequence[Utterance]) -> list[Sentence]:
    """All sentences in order, with their content terms."""
    cut = [
        (place, piece)
        for place, utterance in enumerate(utterances)
        for piece in split_sentences(utterance.text)
    ]
    terms = content_terms([unannotated(piece) for _, piece in cut])
    return [
        Sentence(utterances[place], place, piece, found)
        for (place, piece), found in zip(cut, terms, strict=True)
    ]


def split_sentences(text: str) -> list[str]:
    """The sentences of a text; each is a verbatim piece of it, and nothing but space is lost."""
    sentences: list[str] = []
    start = 0
    for end in sorted(_ends(text)):
        piece = text[start:end].strip()
        if piece:
            sentences.extend(_bounded(piece))
            start = end
    rest = text[start:].strip()
    return [*sentences, *(_bounded(rest) if rest else ())]


def informative(sentence: Sentence) -> bool:
    """Whether it says something: greetings, fillers and back-channels do not."""
    if len(set(sentence.terms)) < 2:
        return False
    words = english_words(sentence.text)
    return not words or len(words) >= 4 or any(word not in ENGLISH_STOPWORDS for word in words)


def _ends(text: str) -> set[int]:
    ends = {match.end() for match in _KOREAN_END.finditer(text)}
    for match in _MARK.finditer(text):
        if match.group() != "." or not _goes_on(text, match.start()):
            ends.add(match.end())
    return ends


def _goes_on(text: str, stop: int) -> bool:
    """Whether the full stop at `stop` belongs to an abbreviation, an initial, a list number."""
    before = text[max(0, stop - 12) : stop]
    tail = before.split()
    word = tail[-1].lower().lstrip("(\"'") if tail else ""
    if word in _ABBREVIATIONS or re.fullmatch(r"[a-z](\.[a-z])*", word):
        return bool(text[stop + 1 : stop + 3].strip())
    return word.isdigit() and stop <= 3


def _bounded(piece: str) -> Iterator[str]:
    """Speech without marks can run on for minutes: cut it at commas, else at spaces."""
    while len(piece) > LONGEST:
        window = piece[:LONGEST]
        cut = max(window.rfind(mark, LONGEST // 2) for mark in (", ", "; ", " , ", " - "))
        cut = cut + 1 if cut > 0 else window.rfind(" ", LONGEST // 2)
        cut = cut if cut > 0 else LONGEST
        yield piece[:cut].strip()
        piece = piece[cut:].strip()
    if piece:
        yield piece
