"""What a model may correct in a transcript: the schema, its answer, and a bound on each proposal.

A model only proposes; code decides. A proposal is taken where it replaces a few words by words that
sound like them, leaves every number, name, negation and day as it was said, and puts no word for
another one that might as well have been said; or where it is what the person's glossary says.
Everything else is refused with a reason, so that a refusal can be counted and told.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.domain import fixed_words, numerals, turned_words
from core.domain.glossary_replacements import is_named
from core.domain.likeness import distance, letters, unlikeness
from core.domain.mishearing import Vocabulary, exchanges_names, is_doubtful, with_terms
from core.domain.text_changes import occurrences

MOST = 24
"""Corrections in one answer."""
LONGEST = 60
"""Characters of what is replaced and of what replaces it."""
_LONGEST_WHY = 120
_MOST_WORDS = 4
"""Words that one correction may change."""
_MOST_SHARE = 0.3
"""Of an utterance's characters; a short one may have"""
_ALWAYS_ALLOWED = 2
"""characters changed all the same."""
_UNLIKE = 0.4
"""From here on two words do not sound alike ("매출" and "지출" are at 0.4)."""
_UNLIKE_TERM = 0.65
"""The same where the new words are in the person's glossary."""
_DIGITS = re.compile(r"\d+")


class Refusal(StrEnum):
    """Why a proposal was not taken: message keys `correction.refused_<value>`."""

    NOT_THERE = "not_there"
    EDITED = "edited"
    UNDONE = "undone"
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    UNCHANGED = "unchanged"
    UNCLEAN = "unclean"
    TOO_LONG = "too_long"
    TOO_MUCH = "too_much"
    NAME = "name"
    NUMBER = "number"
    MEANING = "meaning"
    UNLIKE = "unlike"


@dataclass(frozen=True, slots=True)
class Replacement:
    """In utterance `number`, `before` is to become `after`."""

    number: int
    before: str
    after: str
    why: str | None = None

    def as_json(self) -> list[Any]:
        """For a checkpoint or the cache."""
        return [self.number, self.before, self.after, self.why]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Replacement:
        """What `as_json` wrote."""
        number, before, after, why = stored
        return cls(number, before, after, why)


@dataclass(frozen=True, slots=True)
class Judged:
    """Proposals that were taken, and how many were refused for which reason."""

    taken: tuple[Replacement, ...]
    refused: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """What proposals are judged by: the texts of the part, by number; the person's `terms`, and the
    forms they are misheard as by term (`heard`); the utterances a person wrote themselves
    (`edited`); what a person took back before (`undone`); the words that the whole meeting
    `knows`."""

    texts: Mapping[int, str]
    terms: Sequence[str] = ()
    heard: Mapping[str, Sequence[str]] = field(default_factory=dict)
    edited: AbstractSet[int] = frozenset()
    undone: AbstractSet[tuple[int, str, str]] = frozenset()
    knows: Vocabulary = Vocabulary()


def correction_schema() -> dict[str, Any]:
    """The JSON schema of an answer; keys in alphabetical order (see domain.reading)."""
    piece = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    properties = {
        "from": piece,
        "number": {"type": "integer", "minimum": 1},
        "to": piece,
        "why": {"type": "string", "maxLength": _LONGEST_WHY},
    }
    entry = {"type": "object", "properties": properties, "required": list(properties)}
    changes = {"type": "array", "maxItems": MOST, "items": entry}
    return {"type": "object", "properties": {"changes": changes}, "required": ["changes"]}


def parse_corrections(text: str) -> tuple[Replacement, ...]:
    """The proposals of an answer, unjudged. ValueError where it is not what the schema asks for."""
    answer = json.loads(text)
    entries = answer.get("changes") if isinstance(answer, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST:
        raise ValueError("no list of changes, or too long a one")
    return tuple(_replacement(entry) for entry in entries)


def judge(proposed: Sequence[Replacement], ground: Ground) -> Judged:
    """Take what may be taken, in order. One utterance's corrections are bounded together."""
    ground = replace(ground, knows=with_terms(ground.knows, ground.terms))
    now = dict(ground.texts)
    taken: list[Replacement] = []
    refused: Counter[str] = Counter()
    for one in proposed:
        reason = _reason(one, ground, now)
        if reason:
            refused[reason.value] += 1
        else:
            taken.append(one)
            now[one.number] = now[one.number].replace(one.before, one.after, 1)
    return Judged(tuple(taken), dict(refused))


def _reason(one: Replacement, ground: Ground, now: Mapping[int, str]) -> Refusal | None:
    """Why a proposal can't be taken, None where it can."""
    heard = ground.texts.get(one.number)
    if heard is None:
        return Refusal.NOT_THERE
    if one.number in ground.edited:
        return Refusal.EDITED
    if (one.number, one.before, one.after) in ground.undone:
        return Refusal.UNDONE
    if not is_clean(one.after):
        return Refusal.UNCLEAN
    if max(len(one.before), len(one.after)) > LONGEST:
        return Refusal.TOO_LONG
    if one.before == one.after:
        return Refusal.UNCHANGED
    current = now[one.number]
    # In what the model was shown, so that it can't go on from its own correction step by step.
    found = occurrences(one.before, heard), occurrences(one.before, current)
    if 0 in found:
        return Refusal.NOT_FOUND
    if found != (1, 1):
        return Refusal.AMBIGUOUS
    return _beyond_bounds(heard, current, current.replace(one.before, one.after, 1), ground)


def is_clean(text: str) -> bool:
    """Some letters, on one line, with no control character and nothing that turns the direction
    of writing."""
    return bool(letters(text)) and all(
        unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")
        and unicodedata.bidirectional(sign) not in ("LRE", "RLE", "LRO", "RLO", "PDF")
        and unicodedata.bidirectional(sign) not in ("LRI", "RLI", "FSI", "PDI")
        for sign in text
    )


def _beyond_bounds(heard: str, before: str, after: str, ground: Ground) -> Refusal | None:
    was, becomes = changed_words(before, after)
    if not (fixed_words.same(before, after) and turned_words.same(before, after)):
        return Refusal.MEANING
    if fixed_words.negated(was, becomes):
        return Refusal.MEANING
    if not _same_numbers(before, after, was, becomes):
        return Refusal.NUMBER
    if max(len(was), len(becomes)) > _MOST_WORDS:
        return Refusal.TOO_MUCH
    if is_named(was, becomes, ground.heard):
        return None
    if exchanges_names(before, after, ground.knows):
        return Refusal.NAME
    brings_a_term = _brings_a_term(was, becomes, ground.terms)
    limit = _UNLIKE_TERM if brings_a_term else _UNLIKE
    if unlikeness(" ".join(was), " ".join(becomes)) >= limit:
        return Refusal.UNLIKE
    if _too_much(heard, after):
        return Refusal.TOO_MUCH
    if not brings_a_term and is_doubtful(before, after, ground.knows):
        return Refusal.UNLIKE
    return None


def changed_words(before: str, after: str) -> tuple[list[str], list[str]]:
    """The words of both texts between the first and the last that differ."""
    was, becomes = before.split(), after.split()
    while was and becomes and was[0] == becomes[0]:
        del was[0], becomes[0]
    while was and becomes and was[-1] == becomes[-1]:
        del was[-1], becomes[-1]
    return was, becomes


def _same_numbers(before: str, after: str, was: Sequence[str], becomes: Sequence[str]) -> bool:
    """Every number keeps its value, and numbers keep their order."""
    if numerals.said(before) != numerals.said(after):
        return False
    if Counter(numerals.claimed(before)) != Counter(numerals.claimed(after)):
        return False
    if _DIGITS.findall(before) != _DIGITS.findall(after):
        return False
    if "".join(was) == "".join(becomes):  # only blanks moved
        return True
    return _in_order(was) == _in_order(becomes)


def _in_order(words: Sequence[str]) -> list[frozenset[Any]]:
    # By two words: "삼 개" is a number, "삼" alone need not be.
    values = [numerals.said(" ".join(words[place : place + 2])) for place in range(len(words))]
    return [value for value in values if value]


def _brings_a_term(was: Sequence[str], becomes: Sequence[str], terms: Sequence[str]) -> bool:
    old, new = letters("".join(was)), letters("".join(becomes))
    known = (letters(term) for term in terms)
    return any(term and term in new and term not in old for term in known)


def _too_much(heard: str, after: str) -> bool:
    """Is more of the utterance changed, by all its corrections together, than a mishearing is?"""
    was, becomes = changed_words(heard, after)
    old, new = letters(" ".join(was)), letters(" ".join(becomes))
    # A term in another script shares no letter with what was heard: not more than was there.
    touched = min(distance(old, new), float(len(old)))
    return touched > max(_ALWAYS_ALLOWED, _MOST_SHARE * len(letters(heard)))


def _replacement(entry: object) -> Replacement:
    if not isinstance(entry, dict):
        raise ValueError("a change is not an object")
    number, before, after, why = (entry.get(name) for name in ("number", "from", "to", "why"))
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("a change without a number")
    if not isinstance(before, str) or not isinstance(after, str) or not isinstance(why, str):
        raise ValueError("a change without its texts")
    reason = " ".join(why.split())[:_LONGEST_WHY]
    return Replacement(number, before, after, reason or None)
