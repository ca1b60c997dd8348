"""A task that a sentence hands out, and whether a name is that of someone who speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """What was found in a sentence: its owner (None where it is not said) and its spoken term.
    `requested` of somebody else, and not taken on."""

    owner: str | None
    due_text: str | None
    requested: bool = False


def speaks(name: str | None, speakers: Iterable[str]) -> bool:
    """Whether a name is, or is part of, the name of someone who speaks in this meeting."""
    lowered = (name or "").lower()
    return any(lowered == known.lower() or lowered in known.lower().split() for known in speakers)


def full_name(name: str | None, speakers: Iterable[str]) -> str | None:
    """The speaker whom a short name means ("준호" -> "박준호", "Tom" -> "Tom Baker"); the name as
    it is where it means nobody who speaks, or several."""
    if name is None:
        return None
    bare = name.split()[0] if _is_hangul(name) else name
    meant = {known for known in speakers if known == name or _means(bare, known)}
    return meant.pop() if len(meant) == 1 else name


def _means(name: str, known: str) -> bool:
    if not _is_hangul(name):
        return name.lower() in known.lower().split()
    words = known.split()
    if len(name) < 2 or not words:
        return False
    return any(
        word == name or (len(word) == len(name) + 1 and word.endswith(name)) for word in words
    )


def _is_hangul(text: str) -> bool:
    return "가" <= text[:1] <= "힣"
