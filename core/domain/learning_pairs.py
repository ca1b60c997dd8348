"""What became what in an edit: words that were left are matched first, then what stands between
them by sound. Nothing is judged here but whether an edit is a rewriting as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.domain.learning_words import has_latin, sounds_apart, without_edges
from core.domain.likeness import letters
from core.domain.mishearing import stem

_MOST_WORDS = 600
"""Words of a text that are compared; an edited summary has some hundred."""
_MOST_TOGETHER = 6
"""Words side by side that were exchanged: more are a sentence said otherwise."""
_MOST_OF_ONE = 3
"""Words that one word may have been heard as."""
_SHARE, _ALWAYS = 0.5, 4
"""Of the words, or so many: whoever changes more writes anew."""
_LEFT_OUT = 0.75
"""What it costs, by its letters, to leave a word without a counterpart."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Words that stood in a text and those that a person put in their place, as they stand there.
    `before` and `following` are the words around the new ones, empty at the ends."""

    heard: str
    meant: str
    before: str = ""
    following: str = ""


def pairs(before: str, after: str) -> tuple[Pair, ...]:
    """What was exchanged for what. Words that only lost or got a particle, a blank or punctuation,
    that were left out, put in or moved, are no pairs."""
    was, becomes = before.split(), after.split()
    if max(len(was), len(becomes)) > _MOST_WORDS:
        return ()
    matcher = SequenceMatcher(
        None, [_key(word) for word in was], [_key(word) for word in becomes], autojunk=False
    )
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    touched = sum(max(last - first, end - start) for _, first, last, start, end in changes)
    if touched > max(_ALWAYS, _SHARE * max(len(was), len(becomes))):
        return ()
    found: list[Pair] = []
    for kind, first, last, start, end in changes:
        if kind == "replace" and max(last - first, end - start) <= _MOST_TOGETHER:
            found += _between(was[first:last], becomes, start, end)
    return tuple(found)


def _key(word: str) -> str:
    return stem(word) or word


def _between(was: Sequence[str], becomes: Sequence[str], start: int, end: int) -> list[Pair]:
    steps = _names_together(_matched(was, becomes[start:end]), becomes[start:end])
    return [
        Pair(
            heard=" ".join(was[first:last]),
            meant=" ".join(becomes[start + head : start + tail]),
            before=becomes[start + head - 1] if start + head else "",
            following=becomes[start + tail] if start + tail < len(becomes) else "",
        )
        for first, last, head, tail in steps
        if letters("".join(was[first:last]))
        != letters("".join(becomes[start + head : start + tail]))
    ]


_Step = tuple[int, int, int, int]
"""Words `first` to `last` of the old, `head` to `tail` of the new."""


def _matched(was: Sequence[str], becomes: Sequence[str]) -> list[_Step]:
    """The way through both that sounds most alike, one word for up to three and the reverse."""
    best: dict[tuple[int, int], tuple[float, list[_Step]]] = {(0, 0): (0.0, [])}
    for old in range(len(was) + 1):
        for new in range(len(becomes) + 1):
            if (old, new) == (0, 0):
                continue
            ways = [
                (cost + more, [*steps, (old - taken, old, new - put, new)])
                for taken, put in _MOVES
                if (old - taken, new - put) in best
                for cost, steps in (best[old - taken, new - put],)
                for more in (_cost(was[old - taken : old], becomes[new - put : new]),)
            ]
            best[old, new] = min(ways, key=lambda way: (way[0], len(way[1])))
    _, steps = best[len(was), len(becomes)]
    return [step for step in steps if step[0] < step[1] and step[2] < step[3]]


_MOVES = (
    *((1, put) for put in range(_MOST_OF_ONE + 1)),
    *((taken, 1) for taken in range(2, _MOST_OF_ONE + 1)),
    (0, 1),
)


def _cost(was: Sequence[str], becomes: Sequence[str]) -> float:
    old, new = "".join(was), "".join(becomes)
    if not was or not becomes:
        return _LEFT_OUT * len(letters(old + new))
    apart = sounds_apart(without_edges(old), without_edges(new))
    return apart * max(len(letters(old)), len(letters(new)))


def _names_together(steps: Sequence[_Step], becomes: Sequence[str]) -> list[_Step]:
    """Neighbours that both became words with a capital letter are one name: "John Smith"."""
    joined: list[_Step] = []
    for step in steps:
        if joined and joined[-1][1] == step[0] and joined[-1][3] == step[2]:
            near = becomes[joined[-1][2] : step[3]]
            if len(near) <= _MOST_OF_ONE and all(_is_capital(word) for word in near):
                joined[-1] = (joined[-1][0], step[1], joined[-1][2], step[3])
                continue
        joined.append(step)
    return joined


def _is_capital(word: str) -> bool:
    bare = without_edges(word)
    return has_latin(bare[:1]) and bare[:1].isupper()
