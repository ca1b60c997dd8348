"""Which terms of a glossary occur in a text, or sound like something in it. By an index of the
terms' forms over the text's words, so that ten thousand terms and a meeting of four hours take
about a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from core.domain.likeness import (
    alike_but_for_one,
    english_sound,
    letters,
    same_sound,
    skeleton,
    unlikeness,
)
from core.domain.mishearing import stem

_LONGEST = 4
"""Words of the text that one form may be spread over."""
_COMPOUND = 3
"""Letters from which on a form is also found at the head of a longer word ("쿠버네티스팀")."""
_SHORT_WORD = 3
_FEWEST_CONSONANTS = 3
_UNLIKE = 0.3
"""Below this a word may be a mishearing of a form that it shares its consonants with."""
_HANGUL = re.compile(r"[가-힣]{2,8}")
_LATIN = re.compile(r"[a-z]{3,}")
_POSSESSIVE = re.compile(r"['’]s\b")


class Spelt(Protocol):
    """A term: how it is written, and how it is misheard."""

    @property
    def text(self) -> str:
        """As it is written."""
        ...

    @property
    def heard(self) -> tuple[str, ...]:
        """What it is misheard as."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """`occurs`: the term or a misheard form stands in the text; else it only sounds like something
    there. `forms` are the misheard forms that stand there."""

    occurs: bool
    forms: tuple[str, ...] = ()


@dataclass
class _Forms:
    """The forms of all terms: by their letters, and by keys of how they sound; `long` are those of
    more words than an index of runs can find, `sizes` the numbers of words of the others."""

    exact: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    long: list[tuple[int, str]] = field(default_factory=list)
    sizes: set[int] = field(default_factory=set)
    by_sound: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    by_all_but_one: dict[str, list[tuple[int, str]]] = field(default_factory=dict)


def matching(terms: Sequence[Spelt], words: str) -> dict[int, Match]:
    """The places in `terms` of those that matter to a text, with how they do."""
    said = _Said(words)
    forms = _indexed(terms)
    occurring: dict[int, list[str]] = {}
    for run in said.runs():
        for place, form in forms.exact.get(run, ()):
            found = occurring.setdefault(place, [])
            if form in terms[place].heard and form not in found:
                found.append(form)
    for place, form in forms.long:
        if letters(form) in said.joined:
            found = occurring.setdefault(place, [])
            if form in terms[place].heard:
                found.append(form)
    matches = {place: Match(True, tuple(found)) for place, found in occurring.items()}
    for place in _alike(forms, said, without=occurring):
        matches.setdefault(place, Match(False))
    return matches


class _Said:
    """The words of a text."""

    def __init__(self, words: str) -> None:
        plain = _POSSESSIVE.sub("", words)
        self.words = [one for one in (letters(word) for word in plain.split()) if one]
        self.joined = "".join(self.words)
        self.stems = {word: stem(word) or word for word in set(self.words)}

    def of_size(self, size: int) -> set[str]:
        """Every run of so many words, joined, without the particle at its end."""
        ends = range(size, len(self.words) + 1)
        return {
            "".join(self.words[end - size : end - 1]) + self.stems[self.words[end - 1]]
            for end in ends
        }

    def runs(self) -> Iterator[str]:
        """Every run of a few words, joined, with and without the particle at its end; and how long
        words begin."""
        runs: set[str] = set()
        for first in range(len(self.words)):
            joined = ""
            for word in self.words[first : first + _LONGEST]:
                runs.add(joined + self.stems[word])
                joined += word
                runs.add(joined)
                if len(word) <= _SHORT_WORD and joined != word:
                    runs.add(stem(joined))  # "독을" alone is too short to lose its particle
        yield from runs
        for word in self.stems:
            for end in range(_COMPOUND, len(word)):
                yield word[:end]


def _indexed(terms: Sequence[Spelt]) -> _Forms:
    forms = _Forms()
    for place, term in enumerate(terms):
        for form in (term.text, *term.heard):
            folded = letters(form)
            if not folded:
                continue
            if len(form.split()) > _LONGEST:
                forms.long.append((place, form))
                continue
            forms.sizes.add(len(form.split()))
            forms.exact.setdefault(folded, []).append((place, form))
            for key in _sound_keys(folded):
                forms.by_sound.setdefault(key, []).append((place, folded))
            for key in _syllable_keys(folded):
                forms.by_all_but_one.setdefault(key, []).append((place, folded))
    return forms


def _alike(forms: _Forms, said: _Said, *, without: Mapping[int, object]) -> set[int]:
    """The places of terms that sound like a word of the text, without those that occur."""
    found: set[int] = set()
    for word in set[str]().union(*(said.of_size(size) for size in forms.sizes)):
        for key in _sound_keys(word):
            for place, form in forms.by_sound.get(key, ()):
                if place not in without and place not in found and _sounds_like(word, form):
                    found.add(place)
        for key in _syllable_keys(word):
            for place, form in forms.by_all_but_one.get(key, ()):
                if place not in without and place not in found and _nearly(word, form):
                    found.add(place)
    return found


@lru_cache(maxsize=100_000)
def _sound_keys(word: str) -> tuple[str, ...]:
    consonants = skeleton(word)
    keys = (consonants,) if len(consonants) >= _FEWEST_CONSONANTS else ()
    return (*keys, f"={english_sound(word)}") if _LATIN.fullmatch(word) else keys


def _syllable_keys(word: str) -> Iterable[str]:
    """A word of Hangul with each of its syllables left open."""
    if not _HANGUL.fullmatch(word):
        return ()
    return (f"{word[:place]}_{word[place + 1 :]}" for place in range(len(word)))


@lru_cache(maxsize=100_000)
def _sounds_like(word: str, form: str) -> bool:
    return unlikeness(word, form) < _UNLIKE


@lru_cache(maxsize=100_000)
def _nearly(word: str, form: str) -> bool:
    if len(word) <= 2:  # too short: one sound more or less is another word
        return same_sound(word, form)
    return alike_but_for_one(word, form)
