"""What the steps of writing minutes hand on, as plain JSON for a durable job's checkpoints."""

from __future__ import annotations

from typing import Any

from core.domain.minutes import Draft, Item, Minutes
from core.domain.templates import GENERAL, Template
from core.services.writers import PartRead


def composed_json(composed: Minutes) -> dict[str, Any]:
    """Composed minutes as plain JSON, for a job's checkpoint."""
    return {
        "meeting_id": composed.meeting_id,
        "user_id": composed.user_id,
        "language": composed.language,
        "style_version": composed.style_version,
        "template": composed.template.as_json(),
        "origin": composed.origin,
        "based_on": composed.based_on,
        "transcript_job": composed.transcript_job,
        "markdown": composed.markdown,
        "draft": composed.draft.as_json(),
    }


def minutes_from_composed(stored: dict[str, Any]) -> Minutes:
    """The minutes that `composed_json` wrote."""
    return Minutes(
        meeting_id=stored["meeting_id"],
        version=0,
        user_id=stored.get("user_id", ""),
        language=stored["language"],
        style_version=stored["style_version"],
        draft=Draft.from_json(stored["draft"]),
        markdown=stored["markdown"],
        template=Template.from_json(stored["template"]) if "template" in stored else GENERAL,
        origin=stored.get("origin", "written"),
        based_on=stored.get("based_on"),
        transcript_job=stored.get("transcript_job"),
    )


def reading_json(read: PartRead) -> dict[str, Any]:
    """What was read of one part."""
    return {
        "items": [item.as_json() for item in read.items],
        "unread": [list(gap) for gap in read.unread],
        "tokens": read.tokens,
        "covered": [list(span) for span in read.covered],
    }


def part_read(reading: dict[str, Any]) -> PartRead:
    """The reading that `reading_json` wrote."""
    return PartRead(
        items=tuple(Item.from_json(stored) for stored in reading["items"]),
        unread=tuple((first, last) for first, last in reading["unread"]),
        tokens=reading.get("tokens", 0),
        covered=tuple((first, last) for first, last in reading.get("covered", ())),
    )
