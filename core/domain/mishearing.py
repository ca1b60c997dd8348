"""Whether one word may be a mishearing of another, where both might be real words.

Without a dictionary nobody can tell "자로" (no word) from "주가" (one). So a word becomes
another one only if the two are told apart by nothing that is heard ("결재" and "결제"), or if this
meeting knows the new one better: by its glossary, its speakers, or because it is said more often. A
name becomes another one only in the second case, however alike they sound.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from core.domain.likeness import alike_but_for_one, letters, same_sound

_PARTICLES = re.compile(
    r"(?<=[가-힣a-z0-9]{2})(?:이라고|라고|이랑|에서|에게|한테|으로|까지|부터|마다|처럼|보다|입니다"
    r"|이에요|예요|이고|은|는|이|가|을|를|의|에|도|와|과|로|만|랑|요|님|씨)+$"
)
_RANKS = (
    "님|씨|군|양|대리|과장|차장|부장|이사|상무|전무|대표|부?사장|회장|팀장|실장|본부장|주임|사원|책임|선임"
    "|수석|매니저|교수|박사|선생|원장|센터장|파트장|변호사|위원장?|의원|국장"
)
_AFTER_RANK = "(?:이|가|은|는|께서|께|을|를|의|과|와|도|만|한테|에게|이랑|하고)?"
_RANK = re.compile(rf"(?:{_RANKS})님?{_AFTER_RANK}")
_WITH_RANK = re.compile(rf"[가-힣]{{2,4}}(?:{_RANKS})님?{_AFTER_RANK}")
_TITLES = frozenset(("mr", "mrs", "ms", "dr", "prof", "professor"))
_ENDING = re.compile(r"[다까죠지고면며네게자서데]$")
"""Of verbs: these are said in many forms, and each form means something of its own."""
_SENTENCE_END = re.compile(r"[.?!:][\"'”’)]*$")
_HANGUL = re.compile(r"[^가-힣]+")
_LATIN = re.compile(r"[^a-z]+")
_SHORTEST_LATIN, _SHORTEST_HANGUL = 4, 2
_LONG_LATIN, _LONG_HANGUL = 8, 5
"""Letters or syllables from which on words are so long that hardly two differ in one sound."""
_SURE_HEAD = 3
"""Letters at the head of a long word that must stay: a prefix turns the meaning."""
_FULL_NAME = 3
"""Syllables of a Korean name whose first is the family's."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a meeting knows: words of the glossary and of speakers' names, and how often each word
    is said. Words are stems as `stem` makes them."""

    terms: frozenset[str] = frozenset()
    speakers: frozenset[str] = frozenset()
    said: Mapping[str, int] = field(default_factory=Counter)


def vocabulary(*, speakers: Iterable[str], texts: Iterable[str]) -> Vocabulary:
    """The vocabulary of a whole meeting, without a glossary."""
    return Vocabulary(
        speakers=frozenset(_names(speakers)),
        said=Counter(stem(word) for text in texts for word in text.split()),
    )


def with_terms(known: Vocabulary, terms: Iterable[str]) -> Vocabulary:
    """The same with the words of a glossary."""
    return replace(known, terms=known.terms | frozenset(_names(terms)))


def stem(word: str) -> str:
    """The letters of a word without Korean particles."""
    return _PARTICLES.sub("", letters(word))


def exchanges_names(before: str, after: str, known: Vocabulary) -> bool:
    """Does a name, or what may be one, become a word that the meeting does not know better?"""
    was, becomes = before.split(), after.split()
    for old, new in _pairs(was, becomes):
        one, other = _joined(was, old), _joined(becomes, new)
        if stem(one) == stem(other) or (
            stem(other) in known.terms and stem(one) not in known.terms
        ):
            continue
        if stem(one) in known.terms | known.speakers:
            return True
        named = _is_name(was, old) or (_is_name(becomes, new) and _is_counterpart(was, old, other))
        # Two names that are said as often are two names.
        if named and not _knows_better(known, one, other, by=1):
            return True
    return False


def is_doubtful(before: str, after: str, known: Vocabulary) -> bool:
    """Is there a word that sounds like another one, but might as well have been said?"""
    was, becomes = before.split(), after.split()
    for old, new in _pairs(was, becomes):
        one, other = _joined(was, old), _joined(becomes, new)
        if _is_name(was, old) or _is_known(known, other):
            continue  # `exchanges_names` judges names
        if _knows_better(known, one, other) and not _ENDING.search(stem(other)):
            continue
        hangul = _HANGUL.sub("", letters(one)), _HANGUL.sub("", letters(other))
        latin = _LATIN.sub("", letters(one)), _LATIN.sub("", letters(other))
        if all(hangul) and not _sounds_korean(*hangul):
            return True
        # Several words heard for one, or one for several, are hardly ever another sense of it.
        if all(latin) and _size(old) == _size(new) and not _sounds_english(*latin):
            return True
    return False


def _sounds_korean(one: str, other: str) -> bool:
    if same_sound(one, other):
        return True
    one, other = stem(one), stem(other)
    if _ENDING.search(one) or _ENDING.search(other):
        return False
    return len(one) == len(other) >= _LONG_HANGUL and alike_but_for_one(one, other)


def _sounds_english(one: str, other: str) -> bool:
    if same_sound(one, other):
        return True
    is_long = min(len(one), len(other)) >= _LONG_LATIN and one[:_SURE_HEAD] == other[:_SURE_HEAD]
    return is_long and alike_but_for_one(one, other)


def _knows_better(known: Vocabulary, old: str, new: str, *, by: int = 0) -> bool:
    """Is `new` said as often as `old` and `by` times more, or is it known by name?"""
    one, other = stem(old), stem(new)
    if _is_known(known, new):
        return True
    shortest = _SHORTEST_LATIN if other.isascii() else _SHORTEST_HANGUL
    if len(other) < shortest or one.startswith(other) or other.startswith(one):
        return False  # too short to be sure of, or another form of the same word
    return known.said.get(other, 0) >= max(1, known.said.get(one, 0) + by)


def _is_known(known: Vocabulary, word: str) -> bool:
    return stem(word) in known.terms or stem(word) in known.speakers


def _is_name(words: Sequence[str], place: slice) -> bool:
    first = words[place.start] if place.start < len(words) else ""
    starts = not place.start or bool(_SENTENCE_END.search(words[place.start - 1]))
    bare = first.lstrip("\"'“‘([")
    if bare[:1].isupper() and not starts and letters(bare.partition("'")[0]) != "i":
        return True
    if place.start and letters(words[place.start - 1]) in _TITLES:
        return True
    if any(_WITH_RANK.fullmatch(letters(word)) for word in words[place]):
        return True
    return place.stop < len(words) and bool(_RANK.fullmatch(letters(words[place.stop])))


def _is_counterpart(was: Sequence[str], old: slice, new: str) -> bool:
    """Is one word put for one of the same script? A product heard as several words, or in the other
    script, gets its capital letters only now."""
    one, other = letters(_joined(was, old)), letters(new)
    return _size(old) == 1 and one.isascii() == other.isascii() and not same_sound(one, other)


def _pairs(was: Sequence[str], becomes: Sequence[str]) -> list[tuple[slice, slice]]:
    """The places that differ: word by word where there are as many, else all of them as one."""
    head = sum(
        1 for _ in takewhile(lambda both: both[0] == both[1], zip(was, becomes, strict=False))
    )
    rest = list(zip(reversed(was[head:]), reversed(becomes[head:]), strict=False))
    tail = sum(1 for _ in takewhile(lambda both: both[0] == both[1], rest))
    old, new = slice(head, len(was) - tail), slice(head, len(becomes) - tail)
    if letters(_joined(was, old)) == letters(_joined(becomes, new)):
        return []  # blanks, signs or capitals only
    if _size(old) != _size(new):
        return [(old, new)]
    every = [slice(first, last) for first, last in pairwise(range(head, old.stop + 1))]
    return [(one, one) for one in every if _joined(was, one) != _joined(becomes, one)]


def _size(place: slice) -> int:
    return int(place.stop - place.start)


def _joined(words: Sequence[str], place: slice) -> str:
    return "".join(words[place])


def _names(phrases: Iterable[str]) -> Iterable[str]:
    """Each phrase, each of its words, and a Korean name without the family's."""
    for phrase in phrases:
        for word in (phrase, *phrase.split()):
            name = stem(word)
            if name:
                yield name
            if len(name) == _FULL_NAME and not _HANGUL.search(name):
                yield name[1:]
