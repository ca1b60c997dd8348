"""Which pieces of minutes a change wrote anew, for those who learn from it."""

from __future__ import annotations

from core.domain.minutes import Draft, Item


def rewritten(base: Draft, draft: Draft) -> list[tuple[str, str, str]]:
    """Name, words before and words after of each piece that has other words; nothing where items
    came or went."""
    pieces = [("summary", base.summary, draft.summary)]
    if len(base.items) == len(draft.items):
        both = enumerate(zip(base.items, draft.items, strict=True))
        pieces += [(f"item {place}", _words(one), _words(other)) for place, (one, other) in both]
    return [piece for piece in pieces if piece[1] != piece[2]]


def _words(item: Item) -> str:
    return "\n".join(part for part in (item.text, item.owner, item.due_text) if part)
