"""How a person words an item of minutes: its text, who does it, until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.domain.minutes import Item
from core.domain.typed import one_line
from core.errors import InvalidInput

TEXT_LIMIT = 1000
"""Characters of an item."""
DETAIL_LIMIT = 200
"""Characters of an owner, and of the words for a due day."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person wrote of an item. `due` is an ISO date, `due_text` words for it."""

    text: str
    owner: str | None = None
    due: str | None = None
    due_text: str | None = None


def wording_of(item: Item) -> Wording:
    """How an item is worded."""
    return Wording(text=item.text, owner=item.owner, due=item.due, due_text=item.due_text)


def worded(item: Item, wording: Wording) -> Item:
    """An item in other words."""
    return replace(
        item,
        text=wording.text,
        owner=wording.owner,
        due=wording.due,
        due_text=wording.due_text,
    )


def checked_wording(wording: Wording) -> Wording:
    """A wording on one line each. InvalidInput("item_empty", "item_too_long",
    "item_detail_too_long", "due_invalid")."""
    text = one_line(wording.text)
    if not text:
        raise InvalidInput("item_empty")
    if len(text) > TEXT_LIMIT:
        raise InvalidInput("item_too_long", length=len(text), limit=TEXT_LIMIT)
    return Wording(
        text=text,
        owner=_checked_detail(wording.owner),
        due=_checked_day(wording.due),
        due_text=_checked_detail(wording.due_text),
    )


def _checked_detail(detail: str | None) -> str | None:
    cleaned = one_line(detail or "")
    if len(cleaned) > DETAIL_LIMIT:
        raise InvalidInput("item_detail_too_long", length=len(cleaned), limit=DETAIL_LIMIT)
    return cleaned or None


def _checked_day(due: str | None) -> str | None:
    cleaned = one_line(due or "")
    if not cleaned:
        return None
    try:
        return date.fromisoformat(cleaned).isoformat()
    except ValueError as error:
        raise InvalidInput("due_invalid", due=cleaned[:40]) from error
