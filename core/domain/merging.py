"""Items of several parts as one list: each thing once, in the order it was said.

Parts overlap by some lines, and people say at the end again what was settled at the start; both
would show a thing twice. What differs in a number or an owner is never one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.domain import numerals
from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.wording import content, fold

_SAID_AGAIN = 0.75
"""Share of all words of two statements that must be common where no utterance is."""
_TELLING_WORDS = 3


def merge(parts: Sequence[Sequence[Item]]) -> tuple[Item, ...]:
    """The items of all parts in the order they were said, each thing once.

    Two of a kind are one where they share an utterance, the numbers and most of the words; across
    parts also where they share an utterance and one quote holds the other; and anywhere where the
    numbers are the same and nearly all words. No two owners, no two due dates. The fuller text
    stays, with the citations of both.
    """
    kept: list[Item] = []
    homes: list[int] = []
    index = _Index()
    for home, items in enumerate(parts):
        for item in items:
            twin = next(
                (
                    place
                    for place in index.rivals(item)
                    if _are_one(kept[place], item, across=homes[place] != home)
                ),
                None,
            )
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
        keys: tuple[int | str, ...] = (*item.utterances, *content(item.text))
        return ((item.kind, key) for key in keys)


def _are_one(one: Item, other: Item, *, across: bool) -> bool:
    if one.owner and other.owner and fold(one.owner) != fold(other.owner):
        return False
    if _claims(one) != _claims(other):
        return False
    words, other_words = content(one.text), content(other.text)
    common = len(words & other_words)
    if not set(one.utterances) & set(other.utterances):
        return _is_said_again(one, other, common, len(words | other_words))
    if fold(one.text) == fold(other.text):
        return True
    if across and _same_quote(one, other):
        return True
    smaller = min(len(words), len(other_words))
    return smaller > 0 and 3 * common >= 2 * smaller


def _is_said_again(one: Item, other: Item, common: int, all_words: int) -> bool:
    """Is it a recapitulation? Questions asked twice and topics come back to stay two."""
    if one.kind in (ItemKind.TOPIC, ItemKind.QUESTION):
        return False
    if one.due_text and other.due_text and fold(one.due_text) != fold(other.due_text):
        return False
    telling = common >= (_TELLING_WORDS if not _claims(one) else 1)
    return telling and common >= _SAID_AGAIN * all_words


def _same_quote(one: Item, other: Item) -> bool:
    if not one.quote or not other.quote:
        return False
    shorter, longer = sorted((fold(one.quote), fold(other.quote)), key=len)
    return bool(shorter) and shorter in longer


def _claims(item: Item) -> frozenset[frozenset[object]]:
    return frozenset(frozenset(values) for values in numerals.claimed(item.text))


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
        verified=fuller.verified and lesser.verified,
    )
