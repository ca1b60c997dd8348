"""Whether two statements say the same thing: strictly, because one that is taken for another is
lost. 인천공항 and 인천항, "Seoul office" and "Busan office", "will" and "will not" are never one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from core.domain import fixed_words
from core.domain.wording import stems

_LABEL = re.compile(r"(?<![A-Za-z'’])([A-HJ-Z]|[Vv]\d+)(?![A-Za-z'’])|([에비씨디])\s?안(?![가-힣])")
_MONTH = re.compile(r"\b(march|may)\b", re.IGNORECASE)
_VERB_TAIL = re.compile(
    r"[하했함합해한할됐되된됨돼될기로었았였음다습니까요죠을를겠는은며고서지면려도록이어여며자시킵켰킬]*"
)
_VERB_FINALS = (16, 17, 20)
"""Places of ㅁ, ㅂ and ㅆ among the final consonants."""
_SHARED_STEM = 2


def compatible(one: str, other: str) -> bool:
    """Have two texts the same negations, days, months, opposites and labels ("team A", "v2")?"""
    return (
        fixed_words.same(one, other)
        and labels(one) == labels(other)
        and _MONTH.findall(one.lower()) == _MONTH.findall(other.lower())
    )


def labels(text: str) -> frozenset[str]:
    """What tells like things apart: "team A", "B안", "v2"."""
    return frozenset(latin.upper() or korean for latin, korean in _LABEL.findall(text))


@lru_cache(maxsize=4096)
def matter(text: str) -> frozenset[str]:
    """The words that carry a statement's matter, whole, without endings."""
    return frozenset(stem for stem in stems(text) if len(stem) > 1)


def lacking(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The words of `one` that `other` has in no form."""
    return frozenset(word for word in one if not any(_agree(word, known) for known in other))


def differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Has each a word that the other lacks? Then they speak of two things."""
    return bool(lacking(one, other)) and bool(lacking(other, one))


def _agree(one: str, other: str) -> bool:
    """Are two words forms of one? 결정함 and 결정했음 are, 고객사 and 고객센터 are not."""
    if one == other:
        return True
    if not ("가" <= one[0] <= "힣" and "가" <= other[0] <= "힣"):
        return False
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    tails = one[shared:], other[shared:]
    if shared >= _SHARED_STEM and all(_VERB_TAIL.fullmatch(tail) for tail in tails):
        return True
    return _open(one) == _open(other)


def _open(word: str) -> str:
    """A word whose last syllable has lost the consonant that makes a noun or a tense of a verb:
    줄임 is 줄이."""
    last = ord(word[-1]) - 0xAC00
    return word[:-1] + chr(0xAC00 + last - last % 28) if last % 28 in _VERB_FINALS else word
