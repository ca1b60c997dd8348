"""Changes of what was heard, as a list that can be undone: pure folding, no rows, no pages.

What was heard is never overwritten. The text in force is what was heard with all changes that are
not undone, in the order they were made.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

REPLACEMENT, TEXT = "replacement", "text"
_TOKEN = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one utterance. `kind` replacement: `before` becomes `after` inside the text;
    `kind` text: a person wrote all of it anew, `before` is what they saw. `job_id` names the
    correction that proposed it, None for a person's."""

    change_id: int
    number: int
    kind: str
    before: str
    after: str
    why: str | None = None
    job_id: str | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """The text in force, and the ids of the changes that can be seen in it."""

    text: str
    in_force: frozenset[int] = frozenset()


def fold(heard: str, changes: Sequence[Change]) -> Folded:
    """What was heard with its changes (all of one utterance, oldest first).

    A replacement acts where its `before` stands in the text exactly once, and is passed over
    elsewhere. Changes of another hearing are passed over altogether: the first change of an
    utterance was made on what was heard, so where that does not fit, another thing was said here.
    """
    if not changes or not _fits(heard, changes[0]):
        return Folded(heard)
    text, acting = heard, set[int]()
    for change in changes:
        if change.undone:
            continue
        if change.kind == TEXT:
            text, acting = change.after, {change.change_id}
        elif occurrences(change.before, text) == 1:
            text = text.replace(change.before, change.after, 1)
            acting.add(change.change_id)
    return Folded(text, frozenset(acting))


def occurrences(piece: str, text: str) -> int:
    """How often a piece stands in a text, overlapping ones too ("아아" twice in "아아아")."""
    if not piece:
        return 0
    count, place = 0, text.find(piece)
    while place >= 0:
        count, place = count + 1, text.find(piece, place + 1)
    return count


def marked(heard: str, text: str) -> list[tuple[str, str | None]]:
    """`text` in pieces that joined are the text; beside each changed one what was heard in its
    place (never empty: words that were added take in a neighbour), None beside the others."""
    said, now = _TOKEN.findall(heard), _TOKEN.findall(text)
    pieces: list[tuple[str, str | None]] = []
    matcher = difflib.SequenceMatcher(
        None, [token.strip() for token in said], [token.strip() for token in now], autojunk=False
    )
    for kind, first, last, start, end in matcher.get_opcodes():
        was, piece = "".join(said[first:last]), "".join(now[start:end])
        pieces.append((piece, None if kind == "equal" else was))
    return _without_gaps(pieces)


def _without_gaps(pieces: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Where words were only put in or only left out there is nothing to point at, or nothing to
    tell: the word before, else the word behind, is taken along."""
    joined: list[tuple[str, str | None]] = []
    for place, (piece, was) in enumerate(pieces):
        if was is None or (piece.strip() and was.strip()):
            if piece:
                joined.append((piece, was.strip() if was else was))
            continue
        if joined and joined[-1][1] is None:
            *kept, last = _TOKEN.findall(joined.pop()[0])
            if kept:
                joined.append(("".join(kept), None))
            joined.append((last + piece, (last + was).strip()))
        elif place + 1 < len(pieces):
            first, *rest = _TOKEN.findall(pieces[place + 1][0])
            joined.append((piece + first, (was + first).strip()))
            pieces[place + 1] = ("".join(rest), None)
        else:
            joined.append((piece, was.strip() or None))
    return joined


def _fits(heard: str, first: Change) -> bool:
    if first.kind == TEXT:
        return first.before == heard
    return occurrences(first.before, heard) == 1
