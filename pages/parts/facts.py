"""Facts about meetings as a person reads them: when, how long, in which language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from core.domain.transcript import clock
from core.store.tables import Meeting
from pages.parts.visitor import Visitor


def when(here: Visitor, meeting: Meeting) -> str:
    """When a meeting was held, short; a guess says that it is one."""
    local = meeting.held_at.astimezone(ZoneInfo(meeting.time_zone))
    return here.text(
        "meetings.when_guessed" if meeting.held_at_guessed else "meetings.when",
        year=local.year,
        month=local.month,
        day=local.day,
        weekday=here.text(f"minutes.weekday_{local.weekday()}"),
        time=local.strftime("%H:%M"),
    )


def facts_line(here: Visitor, meeting: Meeting, *, seconds: float | None) -> str:
    """When, how long, in which language; what is not known is left out."""
    facts = [when(here, meeting)]
    if seconds:
        facts.append(clock(seconds))
    if meeting.language:
        known = meeting.language if meeting.language in ("ko", "en") else "other"
        facts.append(here.text(f"meetings.language_{known}", code=meeting.language))
    if meeting.sample:
        facts.append(here.text("meetings.sample"))
    return " · ".join(facts)
