"""Counting on the calendar. Weeks begin on Monday, in both languages. A day that is not there
(31 November) or that has just passed is None: which one was meant is anybody's guess."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

_RECENT_DAYS = 62
"""A day of the year that passed less than two months ago is not taken for next year's: it may be a
slip, or be spoken of as past."""


def exact(year: int, month: int, day: int) -> date | None:
    """That day, if there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date | None:
    """The last day of a month; months count on past December."""
    years, month_index = divmod(month - 1, 12)
    year += years
    if not 1 <= year <= 9999:
        return None
    return date(year, month_index + 1, calendar.monthrange(year, month_index + 1)[1])


def coming_year(held_at: date, month: int) -> int | None:
    """The year that a month named without one is in: this year's if it is not over, next year's if
    it was long ago."""
    if month >= held_at.month:
        return held_at.year
    return held_at.year + 1 if held_at.month - month > 2 else None


def month_day(held_at: date, month: int, day: int) -> date | None:
    """The coming day of that name."""
    this = exact(held_at.year, month, day)
    if this is not None and this >= held_at:
        return this
    if this is not None and (held_at - this).days < _RECENT_DAYS:
        return None
    return exact(held_at.year + 1, month, day)


def day_of_month(held_at: date, day: int, *, months: int | None = None) -> date | None:
    """The day of the month that is `months` from now; the coming one where that is None."""
    if months is None:
        months = 0 if day >= held_at.day else 1
    years, month_index = divmod(held_at.month - 1 + months, 12)
    return exact(held_at.year + years, month_index + 1, day)


def later(held_at: date, *, days: int = 0, months: int = 0) -> date | None:
    """So many days and months later; the month's last day where the day is not there."""
    end = month_end(held_at.year, held_at.month + months)
    if end is None or days > 100_000:
        return None
    try:
        return end.replace(day=min(held_at.day, end.day)) + timedelta(days=days)
    except OverflowError:
        return None


def week_day(held_at: date, weekday: int, *, weeks: int) -> date | None:
    """A weekday (Monday is 0) of this week or a later one, None if it has passed."""
    day = later(held_at, days=weekday - held_at.weekday() + 7 * weeks)
    return day if day is not None and day >= held_at else None


def coming(held_at: date, weekday: int) -> date | None:
    """The first such weekday after today. Named on that same weekday, it is today or in a week:
    None."""
    ahead = (weekday - held_at.weekday()) % 7
    return later(held_at, days=ahead) if ahead else None
