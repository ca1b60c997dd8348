"""Sentences and sizes as they may be shown where Markdown is read."""

from __future__ import annotations

import re

from core.services.rendering import plain

_ADDRESS = re.compile(r"(https?://[A-Za-z0-9.:/_%\[\]-]*[A-Za-z0-9/])")


def sentence_markdown(sentence: str) -> str:
    """A sentence letter by letter. Addresses are set apart: a link made of one would take in the
    Korean particle that follows it."""
    parts = _ADDRESS.split(sentence)
    # split() puts what the group caught at the odd places; plain() eats blanks at the ends.
    return "".join(f"`{part}`" if place % 2 else _plain(part) for place, part in enumerate(parts))


def size_words(count: int) -> str:
    """Bytes as a reader knows them."""
    if count >= 1e9:
        return f"{count / 1e9:.1f}\u00a0GB"
    return f"{count / 1e6:.1f}\u00a0MB" if count >= 1e5 else f"{count / 1e3:.0f}\u00a0kB"


def _plain(part: str) -> str:
    before = " " if part[:1].isspace() else ""
    after = " " if part.strip() and part[-1:].isspace() else ""
    return f"{before}{plain(part)}{after}"
