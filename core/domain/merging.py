"""Items of several parts as one list: each thing once, in the order it was said.

Parts overlap by some lines, and people say at the end again what was settled at the start; both
would show a thing twice. What differs in a number or an owner is never one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from core.domain import numerals
from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.sameness import compatible, differ, lacking, matter
from core.domain.wording import fold

_SAID_AGAIN = 0.75
"""Share of all words of two statements that must be common where no utterance is."""
_TELLING_WORDS = 3


def merge(parts: Sequence[Sequence[Item]]) -> tuple[Item, ...]:
    """The items of all parts in the order they were said, each thing once.

    Two of a kind, both verified or neither, are one where they share an utterance (within a part
    also the quote) and most words, or where one repeats the other in nearly the same words; across
    parts also where both rest on one quote. Never where a number, an owner, a day, a negation, an
    opposite or a label differs, or where each has a word that the other lacks. The fuller text
    stays, with the citations of both.
    """
    kept: list[Item] = []
    homes: list[int] = []
    index = _Index()
    for home, items in enumerate(parts):
        for item in items:
            rivals = index.rivals(item)
            twin = next(
                (
                    place
                    for place in rivals
                    if _are_one(kept[place], item, across=homes[place] != home)
                ),
                None,
            )
            if twin is None:
                twin = _of_one_quote(item, [p for p in rivals if homes[p] != home], kept)
            if twin is None:
                twin = len(kept)
                kept.append(item)
                homes.append(home)
            else:
                kept[twin] = _union(kept[twin], item)
            index.add(twin, kept[twin])
    return tuple(sorted(kept, key=lambda item: min(item.utterances, default=1 << 60)))


class _Index:
    """Which kept items share an utterance or a word with another: thousands are compared."""

    def __init__(self) -> None:
        self._places: dict[tuple[ItemKind, int | str], dict[int, None]] = {}

    def add(self, place: int, item: Item) -> None:
        for key in self._keys(item):
            self._places.setdefault(key, {})[place] = None

    def rivals(self, item: Item) -> list[int]:
        return sorted({p for key in self._keys(item) for p in self._places.get(key, ())})

    @staticmethod
    def _keys(item: Item) -> Iterator[tuple[ItemKind, int | str]]:
        # One of the first syllables or letters of a word: forms of it share them.
        words = (word[:2] for word in matter(item.text))
        keys: tuple[int | str, ...] = (*item.utterances, *words)
        return ((item.kind, key) for key in keys)


def _are_one(one: Item, other: Item, *, across: bool) -> bool:
    if not _may_be_one(one, other):
        return False
    words, other_words = matter(one.text), matter(other.text)
    if differ(words, other_words):
        return False
    fewer, more = sorted((words, other_words), key=len)
    if not set(one.utterances) & set(other.utterances):
        return _is_said_again(one, other, fewer, more)
    if fold(one.text) == fold(other.text):
        return True
    if not across and not _same_quote(one, other):
        return False
    return bool(fewer) and len(lacking(more, fewer)) <= len(more) / 2


def _may_be_one(one: Item, other: Item) -> bool:
    """Does nothing speak against it?"""
    if one.verified != other.verified or _claims(one) != _claims(other):
        return False
    if one.owner and other.owner and fold(one.owner) != fold(other.owner):
        return False
    if one.due_text and other.due_text and fold(one.due_text) != fold(other.due_text):
        return False
    return compatible(_without_due(one), _without_due(other))


def _without_due(item: Item) -> str:
    """The text alone: one engine writes the due words into it, another does not."""
    return item.text.replace(item.due_text, " ") if item.due_text else item.text


def _is_said_again(one: Item, other: Item, fewer: frozenset[str], more: frozenset[str]) -> bool:
    """Is it a recapitulation? Questions asked twice and topics come back to stay two."""
    if one.kind in (ItemKind.TOPIC, ItemKind.QUESTION):
        return False
    if (one.owner is None) != (other.owner is None):
        return False
    telling = len(fewer) >= (_TELLING_WORDS if not _claims(one) else 1)
    return telling and len(lacking(more, fewer)) <= (1 - _SAID_AGAIN) * len(more)


def _of_one_quote(item: Item, rivals: Sequence[int], kept: Sequence[Item]) -> int | None:
    """The one item of another part that rests on the same quote, in other words: what stands twice
    because parts overlap. Where two rest on it, nobody can tell which."""
    found = [
        place
        for place in rivals
        if set(kept[place].utterances) & set(item.utterances)
        and _same_quote(kept[place], item)
        and _may_be_one(kept[place], item)
        and not _are_two_of_it(kept[place], item)
    ]
    return found[0] if len(found) == 1 else None


def _are_two_of_it(one: Item, other: Item) -> bool:
    """Are both in the quote's own words, but not in the same ones? Then the sentence said both:
    "customers in Korea …, customers in Japan …"."""
    words, other_words = matter(one.text), matter(other.text)
    quoted = matter(f"{one.quote} {other.quote}")
    return differ(words, other_words) and not lacking(words | other_words, quoted)


def _same_quote(one: Item, other: Item) -> bool:
    if not one.quote or not other.quote:
        return False
    shorter, longer = sorted((fold(one.quote), fold(other.quote)), key=len)
    return bool(shorter) and shorter in longer


def _claims(item: Item) -> frozenset[frozenset[object]]:
    return _claims_of(item.text)


@lru_cache(maxsize=4096)  # each is held against each
def _claims_of(text: str) -> frozenset[frozenset[object]]:
    return frozenset(frozenset(values) for values in numerals.claimed(text))


def _union(one: Item, other: Item) -> Item:
    fuller, lesser = (one, other) if len(one.text) >= len(other.text) else (other, one)
    if one.edited or other.edited:  # a person's words stay as they are
        fuller, lesser = (one, other) if one.edited else (other, one)
    return replace(
        fuller,
        utterances=tuple(sorted({*one.utterances, *other.utterances})),
        quote=fuller.quote or lesser.quote,
        owner=fuller.owner or lesser.owner,
        due=fuller.due or lesser.due,
        due_text=fuller.due_text or lesser.due_text,
        replaces=fuller.replaces or lesser.replaces,
        edited=one.edited or other.edited,
    )
