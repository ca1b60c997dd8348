"""Two texts compared word by word, so that a reader sees what came and what went.

A Korean word is compared with its particle, as it is read; marks and line breaks stand for
themselves.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass

SAME, ADDED, REMOVED = "same", "added", "removed"
_TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_MOST_PAIRS = 100_000
"""Equal words of two texts, each with each; beyond, texts repeat themselves so much that a fine
comparison would take minutes and tell nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is in both, or was `added`, or `removed`."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """`before` and `after` in one run of pieces: without those added they are `before`, without
    those removed `after`. A blank alone is no common ground, so words that were changed side by
    side are one change."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    counts, others = Counter(old), Counter(new)
    pairs = sum(count * others[word] for word, count in counts.items() if not word.isspace())
    matcher = difflib.SequenceMatcher(_is_blank, old, new, autojunk=pairs > _MOST_PAIRS)
    pieces: list[Piece] = []
    for tag, first, last, first_new, last_new in matcher.get_opcodes():
        gone, come = "".join(old[first:last]), "".join(new[first_new:last_new])
        if tag == "equal":
            pieces.append(Piece(SAME, gone))
            continue
        pieces += [Piece(kind, text) for kind, text in ((REMOVED, gone), (ADDED, come)) if text]
    return pieces


def _is_blank(word: str) -> bool:
    return word.isspace() and word != "\n"
