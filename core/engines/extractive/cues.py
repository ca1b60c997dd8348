"""A cue: a pattern that marks what a sentence is, beside a sentence in which it must be found.

The tables in `english.py` and `korean.py` are data; a test runs every row over its own example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Row = tuple[str, str]

_ANNOTATION = re.compile(r"\{[^{}]{0,40}\}|\[[^\[\]]{0,40}\]|<[^<>]{0,40}>")
_REPEATED = re.compile(r"([^\w\s])\1{2,}")
_FILLER = re.compile(
    r"(?<![\w'])(?:u+m+|u+h+|e+r+m*|a+h+|h+m+|mm+|you know|i mean|음+|어+|에+)(?![\w'])[,.…]*",
    re.IGNORECASE,
)


class Cues:
    """Rows of one meaning; slots such as {verb} are filled once."""

    def __init__(self, *rows: Row, slots: Mapping[str, str] | None = None) -> None:
        self.rows = rows
        self._patterns = [re.compile(_filled(pattern, slots or {})) for pattern, _ in rows]

    def search(self, text: str) -> re.Match[str] | None:
        """The first row's match in a text that was `plain`ed."""
        return next(self.all(text), None)

    def all(self, text: str) -> Iterator[re.Match[str]]:
        """A match of each row that has one."""
        for pattern in self._patterns:
            match = pattern.search(text)
            if match is not None:
                yield match


def plain(text: str) -> str:
    """A sentence as cues read it: no hesitation, no "[laughter]", straight apostrophes."""
    text = unannotated(_REPEATED.sub(r"\1\1", text).replace("’", "'").replace("`", "'"))
    text = re.sub(r"\s+(?='(?:ll|ve|re|s|m|d)\b|n't\b)", "", _FILLER.sub(" ", text))
    return re.sub(r"\s+(?=[,.?!])", "", " ".join(text.split()))


def unannotated(text: str) -> str:
    """A text without what a transcriber noted between brackets: "[laughter]"."""
    return _ANNOTATION.sub(" ", text)


def _filled(pattern: str, slots: Mapping[str, str]) -> str:
    for name, value in slots.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern
