"""What people type or paste, without what cannot be seen and must not be kept."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
"""Holds emoji together; every other mark of its category could turn a line round or hide in it."""


def visible(text: str) -> str:
    """Text with its line breaks as "\\n", and without control characters, direction marks and
    halves of characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    return "\n".join("".join(filter(_is_seen, line)) for line in lines)


def one_line(text: str) -> str:
    """The same on one line, with single blanks between words."""
    return " ".join(visible(text).split())


def _is_seen(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
