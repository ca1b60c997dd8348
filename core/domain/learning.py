"""What a correction teaches: which word was heard for which name or term. No model, no rows.

A proposal has to be right nine times out of ten, so doubt proposes nothing: a term is a name or a
technical term by how it is written, by the title behind it, or because no dictionary has it, and it
sounds like what stood there. Numbers, days, negations and words that turn a meaning never teach.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.domain import citations, fixed_words, numerals, turned_words
from core.domain.common_words import LIGHT
from core.domain.learning_pairs import Pair, pairs
from core.domain.learning_words import (
    bare,
    has_hangul,
    has_latin,
    is_marked,
    is_titled,
    sounds_apart,
    without_edges,
)
from core.domain.likeness import alike_but_for_one, letters
from core.domain.mishearing import stem
from core.domain.sameness import labels

_UNLIKE = 0.5
"""From here on two phrases do not sound alike; for those that were exchanged so before:"""
_UNLIKE_AGAIN = 0.7
_UNLIKE_NAMES = 0.3
"""The same for two English names: "Kim" and "Tim" are two people."""
_LONGEST = 80
_PERIOD = re.compile(r"(?:q[1-4]|h[12]|fy\d+|v\d+|\d.*)", re.IGNORECASE)
"""Quarters, halves of a year, versions, and what begins with a figure: no names."""
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z]{2,}(?![a-z])")
_SENTENCE_END = re.compile(r"[.?!:][\"'”’)]*$")
_MARKDOWN = re.compile(r"^\s*(?:[-*+#>]+|\d+\.)\s+|[*_`|]+", re.MULTILINE)


class Standing(StrEnum):
    """How a Korean word stands in a dictionary."""

    COMMON = "common"
    NAME = "name"
    UNKNOWN = "unknown"


Standings = Callable[[Sequence[str]], Sequence[Standing | None]]
"""Looks words up; None for each where there is no dictionary."""


@dataclass(frozen=True, slots=True)
class Misheard:
    """`term` was meant and `heard` stood there."""

    term: str
    heard: str


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known where an edit was made: the names of who spoke, the other lines, what the
    person exchanged elsewhere in this meeting, and the terms of their glossary."""

    speakers: Collection[str] = ()
    texts: Collection[str] = ()
    made: Collection[Misheard] = ()
    terms: Collection[str] = ()

    def names(self) -> frozenset[str]:
        """The names and terms that are known here, as stems."""
        spoken = (word for name in self.speakers for word in (name, *name.split()))
        return frozenset(map(stem, (*spoken, *self.terms)))


def misheard(
    before: str, after: str, *, around: Around, standings: Standings
) -> tuple[Misheard, ...]:
    """The names and terms that an edit put right, each once, in their order."""
    before, after = _plain(before), _plain(after)
    found = pairs(before, after)
    names = around.names() if found else frozenset()
    judged = [_Judged.of(pair, after, around, names) for pair in found]
    possible = [one for one in judged if one.is_possible()]
    doubtful = [one for one in possible if not one.is_name()]
    asked = [word for one in doubtful for word in (one.found.term, one.found.heard)]
    told = iter(standings(asked) if asked else ())
    kept = [one for one in possible if one.is_name() or one.is_term(next(told), next(told))]
    return tuple(dict.fromkeys(one.found for one in kept))


def exchanged(before: str, after: str) -> tuple[Misheard, ...]:
    """Everything that an edit put for something else, unjudged."""
    found = (bare(pair.heard, pair.meant) for pair in pairs(_plain(before), _plain(after)))
    return tuple(Misheard(term, heard) for heard, term in found)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One exchange and what can be said of it."""

    found: Misheard
    pair: Pair
    after: str
    around: Around
    names: frozenset[str]

    @classmethod
    def of(cls, pair: Pair, after: str, around: Around, names: frozenset[str]) -> _Judged:
        heard, term = bare(pair.heard, pair.meant)
        return cls(Misheard(term, heard), pair, after, around, names)

    def is_possible(self) -> bool:
        """Can the one have been heard for the other, with nothing that turns what was said?"""
        term, heard = self.found.term, self.found.heard
        new, old = letters(term), letters(heard)
        if min(len(new), len(old)) < 2 or max(len(term), len(heard)) > _LONGEST or new == old:
            return False
        if _turns(heard, term) or _is_number(heard, term) or _is_longer(old, new):
            return False
        if all(word in LIGHT for word in term.casefold().split()):
            return False
        if self._is_somebody_else() or self._still_stands():
            return False
        if self._are_two_people():
            return alike_but_for_one(heard, term)
        return sounds_apart(heard, term) < self._limit()

    def is_name(self) -> bool:
        """Is the new word surely a name or a technical term?"""
        term = self.found.term
        if self._is_known(term):
            return True
        if has_hangul(term) and not has_latin(term):
            return is_titled(self.pair.meant, self.pair.following)
        words = [without_edges(word) for word in term.split()]
        if any(is_marked(word) for word in words):
            return True
        if not words[0][:1].isupper():
            return False
        return has_hangul(self.after) or not self._opens() or self._is_capital_elsewhere(words[0])

    def is_term(self, term: Standing | None, heard: Standing | None) -> bool:
        """Is it one by what a dictionary has: words that it lacks, or names?"""
        if term is None or heard is None:
            return False
        several = len(self.found.heard.split()) > len(self.found.term.split())
        if not has_hangul(self.found.term):
            if has_hangul(self.found.heard):
                return heard is not Standing.COMMON
            return several and not self._is_of_light_words() and not self._opens()
        if term is not Standing.COMMON:
            return True
        return self._again() and heard is Standing.COMMON

    def _limit(self) -> float:
        heard, term = self.found.heard, self.found.term
        if _is_one_capital_word(heard) and _is_one_capital_word(term) and not self._opens():
            return _UNLIKE_NAMES
        return _UNLIKE_AGAIN if self._again() else _UNLIKE

    def _are_two_people(self) -> bool:
        """May both be names of people? Then they are as soon two people as one misheard."""
        same = len(letters(self.found.heard)) == len(letters(self.found.term))
        return same and is_titled(self.pair.meant, self.pair.following)

    def _is_known(self, term: str) -> bool:
        return stem(term) in self.names

    def _is_somebody_else(self) -> bool:
        """What stood there is itself a name that the meeting or the glossary knows."""
        return self._is_known(self.found.heard)

    def _still_stands(self) -> bool:
        """The person left the same word elsewhere in the line: it is a word of its own."""
        old = letters(self.found.heard)
        return any(stem(word) == old or letters(word) == old for word in self.after.split())

    def _again(self) -> bool:
        old, new = letters(self.found.heard), letters(self.found.term)
        return any(
            (letters(one.heard), letters(one.term)) == (old, new) for one in self.around.made
        )

    def _opens(self) -> bool:
        return not self.pair.before or bool(_SENTENCE_END.search(self.pair.before))

    def _is_capital_elsewhere(self, word: str) -> bool:
        inside = re.compile(rf"[^.?!\s]\s+{re.escape(word)}\b")
        return any(inside.search(text) for text in self.around.texts)

    def _is_of_light_words(self) -> bool:
        return all(word in LIGHT for word in self.found.heard.casefold().split())


def _plain(text: str) -> str:
    """Without citations and the signs of Markdown."""
    return _MARKDOWN.sub("", citations.replaced(text, lambda _number: ""))


def _is_one_capital_word(text: str) -> bool:
    return len(text.split()) == 1 and has_latin(text[:1]) and text[:1].isupper()


def _turns(heard: str, term: str) -> bool:
    same = fixed_words.same(heard, term) and turned_words.same(heard, term)
    if labels(heard) and labels(term) or _ACRONYM.search(heard) and _ACRONYM.search(term):
        return True  # plan A and plan B, AWS and GCP
    return not same or fixed_words.negated(heard.split(), term.split())


def _is_number(heard: str, term: str) -> bool:
    if _PERIOD.fullmatch(term):
        return True
    figures = [sign for sign in heard if sign.isdigit()]
    if figures and figures != [sign for sign in term if sign.isdigit()]:
        return True
    if has_latin(term) and has_hangul(heard):
        return False  # "에스쓰리" for "S3"
    return bool(numerals.claimed(heard) or numerals.claimed(term))


def _is_longer(old: str, new: str) -> bool:
    """Was a word completed or shortened: "지우" and "김지우", "쿠버" and "쿠버네티스"?"""
    if new.endswith(old) or old.endswith(new):
        return True
    return (new.startswith(old) or old.startswith(new)) and abs(len(new) - len(old)) > 1
