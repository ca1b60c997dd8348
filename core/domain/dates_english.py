"""English words for a day: "by Friday", "next Tuesday", "end of November", "the 24th", "10 Dec"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from core.domain import days
from core.domain.due_words import Reading

_WEEKDAYS = "montuewedthufrisatsun"
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_CARDINALS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_WORDS = {word: str(value) for value, word in enumerate(_CARDINALS.split(), start=1)}
_WORDS |= {word: f"{value}th" for value, word in enumerate(_ORDINALS.split(), start=1)}
_WORDS |= {
    f"twenty {word}": f"{20 + value}th" for value, word in enumerate(_ORDINALS.split()[:9], start=1)
}
_WORDS |= {"thirtieth": "30th", "thirty first": "31st", "thirty": "30"}
_NUMBER_WORDS = re.compile(
    r"\b(?:"
    + "|".join(sorted((w.replace(" ", r"[\s-]") for w in _WORDS), key=len, reverse=True))
    + r")\b"
)

_DAY_NAME = r"(mon|tue|wed|thu|fri|sat|sun)(?:s|r|rs|day|sday|nesday|rsday|urday)?\b(?:'s)?"
_MONTH_NAME = (
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b\.?"
)
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)"
_COUNT = r"(a|an|\d{1,3})"
_UNIT = r"(day|week|month|year)s?'?(?:\s+time)?\b"

_MONTH_FIRST = re.compile(
    rf"\b{_MONTH_NAME}\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?"
)
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH_NAME}(?:,?\s+(\d{{4}}))?"
)
_SLASHED = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])")
_END = r"(?:the\s+)?(?:very\s+)?(?:end|last\s+day)\s+(?:of\s+)?(?:the\s+)?"
_END_OF_MONTH_NAME = re.compile(rf"\b{_END}{_MONTH_NAME}(?:,?\s+(\d{{4}}))?")
_END_OF_MONTH = re.compile(
    rf"\b{_END}(this\s+|next\s+|current\s+)?month\b|\bmonth[\s-]end\b|\beom\b"
)
_END_OF_YEAR = re.compile(rf"\b{_END}(this\s+|next\s+)?year\b|\byear[\s-]end\b|\beoy\b")
_END_OF_DAY = re.compile(
    r"\b(?:the\s+)?(?:end of (?:the\s+|this\s+)?(?:day|business)|close of business|eod|cob)\b"
)
_OF_MONTH = re.compile(
    rf"\b{_ORDINAL}\s+(?:of\s+)?(this|next)\s+month\b|\b(this|next)\s+month,?\s+(?:on\s+)?the\s+{_ORDINAL}\b"
)
_FROM_DAY = re.compile(rf"\b{_COUNT}\s+weeks?\s+from\s+(?:this\s+)?{_DAY_NAME}")
_WEEK_OF_DAY = re.compile(rf"\b{_DAY_NAME}\s+week\b")
_FROM_TOMORROW = re.compile(rf"\b{_COUNT}\s+{_UNIT}\s+from\s+tomorrow\b")
_IN = re.compile(rf"\b(?:with)?in\s+(?:the\s+next\s+)?{_COUNT}\s+{_UNIT}")
_FROM_NOW = re.compile(rf"\b{_COUNT}\s+{_UNIT}\s+from\s+(?:now|today)\b")
_AFTER_NEXT = re.compile(
    rf"\b(?:the\s+)?week\s+after\s+next,?\s+(?:on\s+)?{_DAY_NAME}"
    rf"|\b{_DAY_NAME}\s+(?:of\s+|in\s+)?(?:the\s+week\s+)?after\s+next\b"
)
_NEXT = re.compile(
    rf"\bnext\s+week,?\s+(?:on\s+)?{_DAY_NAME}|\b{_DAY_NAME}\s+(?:of\s+|in\s+)?next\s+week\b"
    rf"|\bnext\s+{_DAY_NAME}"
)
_THIS = re.compile(
    rf"\bthis\s+week,?\s+(?:on\s+)?{_DAY_NAME}|\b{_DAY_NAME}\s+(?:of\s+)?this\s+week\b"
    rf"|\bthis\s+{_DAY_NAME}"
)
_WEEKDAY = re.compile(rf"\b(?:(?:this\s+)?coming\s+)?{_DAY_NAME}")
_BARE_DAY = re.compile(
    rf"\bthe\s+{_ORDINAL}\b(?!\s+(?:of|quarter|week|month))|^\W*(?:(?:by|on|until)\s+)?{_ORDINAL}\W*$"
)
_AFTER_TOMORROW = re.compile(r"\b(?:the\s+)?day\s+after\s+tomorrow\b")
_TOMORROW = re.compile(r"\btomorrow\b")
_TODAY = re.compile(r"\b(?:today|tonight|this\s+(?:morning|afternoon|evening))\b")
_VAGUE = re.compile(
    r"\b(?:around|about|approximately|roughly|circa|early|mid|late|beginning|start|sometime|some\s?time"
    r"|before|after|every|each|weekly|daily|monthly|or|few|couple|several|between|business|working"
    r"|last|since|ago|maybe|possibly|perhaps|probably|week\s*end|weekend|from|if|yesterday|end|week\s+of)\b|~|-\s?\d"
)


def read_english(reading: Reading) -> bool:
    """Take the English days out of the text; True where what is left makes them doubtful."""
    if not re.search(r"[a-z]", reading.text):
        reading.take(_SLASHED, lambda match: _slashed(reading.held_at, match))
        return False
    reading.text = _NUMBER_WORDS.sub(lambda match: _figure(match.group()), reading.text)
    _take_dates(reading, reading.held_at)
    _take_ends(reading, reading.held_at)
    _take_spans(reading, reading.held_at)
    _take_weekdays(reading, reading.held_at)
    held = reading.held_at
    reading.take(_BARE_DAY, lambda match: days.day_of_month(held, int(match[1] or match[2])))
    reading.take(_AFTER_TOMORROW, lambda _: days.later(held, days=2))
    reading.take(_TOMORROW, lambda _: days.later(held, days=1))
    reading.take(_TODAY, lambda _: held)
    # "end of day tomorrow" is tomorrow; alone it is today.
    if reading.dates or reading.weekdays:
        reading.text = _END_OF_DAY.sub(" ", reading.text)
    reading.take(_END_OF_DAY, lambda _: held)
    return _VAGUE.search(reading.text) is not None


def _take_dates(reading: Reading, held: date) -> None:
    reading.take(_MONTH_FIRST, lambda match: _date(held, match[1], match[2], match[3]))
    reading.take(_DAY_FIRST, lambda match: _date(held, match[2], match[1], match[3]))
    reading.take(_SLASHED, lambda match: _slashed(held, match))
    reading.take(
        _OF_MONTH,
        lambda match: days.day_of_month(
            held, int(match[1] or match[4]), months=int("next" in match.group())
        ),
    )


def _take_ends(reading: Reading, held: date) -> None:
    reading.take(_END_OF_MONTH_NAME, lambda match: _month_end(held, match[1], match[2]))
    reading.take(
        _END_OF_MONTH,
        lambda match: days.month_end(held.year, held.month + int("next" in match.group())),
    )
    reading.take(
        _END_OF_YEAR, lambda match: days.exact(held.year + int("next" in match.group()), 12, 31)
    )


def _take_spans(reading: Reading, held: date) -> None:
    def after_day(match: re.Match[str]) -> date | None:
        first = days.coming(held, _weekday(match))
        return first and days.later(first, days=7 * _count(match[1]))

    def after_tomorrow(match: re.Match[str]) -> date | None:
        day = _after(held, match)
        return day and days.later(day, days=1)

    reading.take(_FROM_DAY, after_day)
    reading.take(_WEEK_OF_DAY, lambda match: _week_after(held, match))
    reading.take(_FROM_TOMORROW, after_tomorrow)
    reading.take(_IN, lambda match: _after(held, match))
    reading.take(_FROM_NOW, lambda match: _after(held, match))


def _take_weekdays(reading: Reading, held: date) -> None:
    def of_week(weeks: int) -> Callable[[re.Match[str]], date | None]:
        return lambda match: days.week_day(held, _weekday(match), weeks=weeks)

    for pattern, weeks in ((_AFTER_NEXT, 2), (_NEXT, 1), (_THIS, 0)):
        reading.take(pattern, of_week(weeks))
    reading.take_weekdays(_WEEKDAY, _WEEKDAYS)


def _figure(word: str) -> str:
    return _WORDS[re.sub(r"[\s-]", " ", word)]


def _date(held: date, month: str, day: str, year: str | None) -> date | None:
    number = _MONTHS.index(month) // 3 + 1
    if year:
        return days.exact(int(year), number, int(day))
    return days.month_day(held, number, int(day))


def _slashed(held: date, match: re.Match[str]) -> date | None:
    """12/25 is Christmas everywhere; 10/12 is two days, and so none."""
    one, two = int(match[1]), int(match[2])
    if one <= 12 and two <= 12 and one != two:
        return None
    month, day = (one, two) if one <= 12 else (two, one)
    if match[3]:
        return days.exact(int(match[3]), month, day)
    return days.month_day(held, month, day)


def _month_end(held: date, month: str, year: str | None) -> date | None:
    number = _MONTHS.index(month) // 3 + 1
    found = int(year) if year else days.coming_year(held, number)
    return days.month_end(found, number) if found else None


def _after(held: date, match: re.Match[str]) -> date | None:
    count, unit = _count(match[1]), match[2]
    if unit in ("day", "week"):
        return days.later(held, days=count * (7 if unit == "week" else 1))
    return days.later(held, months=count * (12 if unit == "year" else 1))


def _week_after(held: date, match: re.Match[str]) -> date | None:
    first = days.coming(held, _weekday(match))
    return first and days.later(first, days=7)


def _weekday(match: re.Match[str]) -> int:
    name = next(group for group in reversed(match.groups()) if group)
    return _WEEKDAYS.index(name) // 3


def _count(word: str) -> int:
    return 1 if word in ("a", "an") else int(word)
