"""What a person may be called. Two names that look alike are one name (store.people.folded_name);
what cannot be seen, or turns the direction of writing, is in none."""

from __future__ import annotations

import unicodedata

from core.errors import InvalidInput

LIMIT = 64
"""Characters of a name."""
RESERVED = ("local", "machine")
"""The person of a machine without accounts, and the owner of what holds for everybody."""
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Characters that count as letters or signs and show nothing."""
_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
"""Variation selectors, first and last of each range."""


def clean_name(written: str) -> str:
    """A name as it is kept: NFC, without blanks around it and with one blank between words.

    Raises InvalidInput: name_empty, name_too_long (with both counts), name_hidden, name_reserved.
    """
    name = unicodedata.normalize("NFC", " ".join(written.split()))
    if not name:
        raise InvalidInput("name_empty")
    if len(name) > LIMIT:
        raise InvalidInput("name_too_long", length=len(name), limit=LIMIT)
    if any(_is_hidden(one) for one in name) or unicodedata.combining(name[0]):
        raise InvalidInput("name_hidden")
    if unicodedata.normalize("NFKC", name).casefold() in RESERVED:
        raise InvalidInput("name_reserved", name=name)
    return name


def presentable_name(written: str, *, otherwise: str) -> str:
    """A name that somebody else gave (an OpenID provider), made one that may be kept; `otherwise`
    where nothing of it is left."""
    kept = "".join(
        " " if one.isspace() else one for one in written if not _is_hidden(one, blank=" ")
    )
    try:
        return clean_name(unicodedata.normalize("NFC", kept)[:LIMIT])
    except InvalidInput:
        return otherwise


def _is_hidden(character: str, *, blank: str = " ") -> bool:
    if character == blank:
        return False
    code = ord(character)
    return (
        unicodedata.category(character) in _HIDDEN_CATEGORIES
        or character in _BLANK_LETTERS
        or any(first <= code <= last for first, last in _SELECTORS)
    )
