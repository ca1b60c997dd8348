"""The day in a file's name: "2026-11-20 weekly.m4a", "20261120_1400.mp3", "2026년 11월 20일.txt".

Only dates that can be read in one way: year first, a day that there is, one day in the whole name.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST = 1990
"""No recording that is brought here is older; an earlier year is some other number."""

_YEAR = re.compile(r"(?<![\d.])(?<![vV])(?:19|20)\d\d")
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)"
    r"(?:(?P<mark>[-._ ])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"|(?P<month2>\d\d)(?P<day2>\d\d)"
    r"|년\s?(?P<month3>\d{1,2})월\s?(?P<day3>\d{1,2})일)"
    r"(?P<rest>.*)",
    re.DOTALL,
)
_TIME = re.compile(
    r"(?:[\s_T-]|\s?at\s|\s-\s){0,2}"
    r"(?:(?P<hour>\d{1,2})(?P<mark>[-.:_])(?P<minute>\d\d)(?:(?P=mark)(?P<second>\d\d))?"
    r"|(?P<hour2>\d\d)(?P<minute2>\d\d)(?P<second2>\d\d)?)"
    r"(?!\d)(?:\s?(?P<half>[AaPp])[Mm]\b)?"
)


def moment_in_name(name: str, *, time_zone: str, now: datetime) -> tuple[datetime, bool] | None:
    """When a file was recorded, by its name: the moment, and whether the name tells the time of day
    too (midnight where it does not). None where there is no date, or none that is certain, or one
    before 1990 or after tomorrow. `now` is aware; Zoom's "GMT20261120-050012" is in UTC.
    """
    latest = (now.astimezone(ZoneInfo(time_zone)) + timedelta(days=1)).date()
    found: dict[date, datetime | None] = {}
    for start in (match.start() for match in _YEAR.finditer(name)):
        match = _DATE.match(name, start)
        day = _day(match) if match else None
        if match is None or day is None:
            continue
        at = _time(match["rest"])
        zone = UTC if name[:start].endswith("GMT") and at else ZoneInfo(time_zone)
        found.setdefault(day, datetime.combine(day, at, zone) if at else None)
    if len(found) != 1:
        return None
    ((day, moment),) = found.items()
    if not day.year >= EARLIEST or day > latest:
        return None
    return moment or datetime.combine(day, time(), ZoneInfo(time_zone)), moment is not None


def _day(match: re.Match[str]) -> date | None:
    """The day there is, None where digits go on or the month has no such day."""
    month, day = (
        match[name] or match[f"{name}2"] or match[f"{name}3"] for name in ("month", "day")
    )
    if match["month3"] is None and match["rest"][:1].isdigit() and not _time(match["rest"]):
        return None
    with suppress(ValueError):
        return date(int(match["year"]), int(month), int(day))
    return None


def _time(rest: str) -> time | None:
    """The time of day right after the date."""
    match = _TIME.match(rest)
    if match is None:
        return None
    hour, minute, second = (
        int(match[name] or match[f"{name}2"] or 0) for name in ("hour", "minute", "second")
    )
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    with suppress(ValueError):
        return time(hour, minute, second)
    return None
