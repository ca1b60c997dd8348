"""Where an entry came from, in words, with a link to the place."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from core.domain.memory import Entry
from core.errors import NotFound
from pages.parts.answers import place_of
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_LEARNED = ("transcript", "minutes", "chat")


def origin_markdown(here: Visitor, entry: Entry) -> str:
    """ "from a correction in [Weekly meeting](…)"; a meeting that is gone has no link."""
    way = str(entry.source.get("way", "hand"))
    if way not in _LEARNED:
        return here.text("memory.from_import" if way == "import" else "memory.from_hand")
    try:
        place = _chat_place(here, entry) if way == "chat" else _meeting_place(here, entry)
    except NotFound:
        place = here.text("memory.from_gone")
    return here.text(f"memory.from_{way}", place=place)


def day(here: Visitor, moment: datetime) -> str:
    """A day where the person is."""
    return f"{moment.astimezone(ZoneInfo(here.time_zone)):%Y-%m-%d}"


def entry_address(entry_id: str) -> str:
    """Where the memory's page shows an entry, as an address beside this page's."""
    return f"memory?entry={quote(entry_id)}"


def _meeting_place(here: Visitor, entry: Entry) -> str:
    meeting = here.app.meetings.get(here.user_id, str(entry.source.get("meeting_id", "")))
    number = entry.source.get("number")
    address = f"meeting?meeting={quote(meeting.id)}"
    if isinstance(number, int):
        address = place_of(meeting.id, number)
    return f"[{literal(meeting.title)}]({address})"


def _chat_place(here: Visitor, entry: Entry) -> str:
    thread = here.app.chat.thread_of(here.user_id, str(entry.source.get("turn_id", "")))
    meeting = here.app.meetings.get(here.user_id, thread.meeting_id)
    address = f"chat?meeting={quote(meeting.id)}&thread={quote(thread.id)}"
    return f"[{literal(meeting.title)}]({address})"
