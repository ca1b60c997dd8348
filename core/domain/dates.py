"""When something is due, from the words for it. None wherever two people could understand two days:
an empty column is asked about, a wrong date is missed.

"next Tuesday" is the Tuesday of next calendar week, as "다음 주 화요일" must be. On a Monday some
mean the day after by it; but they have "tomorrow" for that, and "this Tuesday".
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from core.domain import days
from core.domain.dates_english import read_english
from core.domain.dates_korean import read_korean
from core.domain.due_words import Reading

_LONGEST = 200
_ISO = re.compile(r"(?<!\d)(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})(?!\d)\.?")


def resolve_due(due_text: str, *, held_at: date) -> str | None:
    """The day as an ISO date, counted from the day of the meeting; None where the words are vague,
    name several days, contradict each other or name none."""
    text = unicodedata.normalize("NFKC", due_text).casefold()
    if len(text) > _LONGEST:
        return None
    reading = Reading(text, held_at)
    reading.take(_ISO, lambda match: days.exact(*(int(part) for part in match.groups())))
    vague = [read(reading) for read in (read_korean, read_english)]
    if any(vague) or None in reading.dates:
        return None
    found = set(reading.dates)
    if not found and len(set(reading.weekdays)) == 1:
        found = {days.coming(held_at, reading.weekdays[0])}
    day = found.pop() if len(found) == 1 else None
    if day is None or any(weekday != day.weekday() for weekday in reading.weekdays):
        return None
    return day.isoformat()
