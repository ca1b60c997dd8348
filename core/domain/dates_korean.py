"""Korean words for a day: "다음 주 화요일까지", "십이월 십일", "이 주 뒤", "월말", "모레"."""

from __future__ import annotations

import re
from datetime import date

from core.domain import days
from core.domain.due_words import Reading
from core.domain.numerals_figures import korean_value

_WEEKDAYS = "월화수목금토일"
_NUMBER = r"(?:\d{1,3}|[일이삼사오육칠팔구십유시]{1,4}?)"
_TENS = r"(?:\d{1,3}|[일이삼사오육칠팔구십]{1,3})"
_NATIVE = {"한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "넉": 4, "다섯": 5, "여섯": 6, "열": 10}
_DAYS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "열흘": 10, "보름": 15,
}  # fmt: skip
_NAMED = {
    "오늘": 0,
    "금일": 0,
    "내일모레": 2,
    "내일": 1,
    "명일": 1,
    "모레": 2,
    "그글피": 4,
    "글피": 3,
}
_YEARS = {"올해": 0, "금년": 0, "내년": 1, "명년": 1, "내후년": 2}
_WEEKS = {"이번": 0, "금": 0, "다음": 1, "담": 1, "차": 1, "내": 1, "다다음": 2}
_MONTHS_AHEAD = {"이번": 0, "이": 0, "당": 0, "금": 0, "다음": 1, "담": 1, "내": 1, "다다음": 2}

_YEAR = r"(?:(?P<year>\d{4})\s?년\s?|(?P<named>올해|금년|내년|명년|내후년)\s?)?"
_LATER = r"\s?(?:뒤|후(?!반)|있다가|이내|안에|안으로|내로|내에|안|내)"
_DATE = re.compile(
    rf"(?<![가-힣\d]){_YEAR}(?P<month>{_NUMBER})\s?월\s?(?P<day>{_TENS})\s?일(?!\s?(?:뒤|후|간|동안))"
)
_DATE_SHORT = re.compile(
    rf"(?<![\d가-힣.]){_YEAR}(?P<month>\d{{1,2}})[/.](?P<day>\d{{1,2}})(?![\d/])\.?"
)
_MONTH_END = re.compile(
    rf"(?<![가-힣\d]){_YEAR}(?P<month>{_NUMBER})\s?월\s?(?:말일|말|마지막\s?날|안에|내로|내에)"
)
_THIS_MONTH_END = re.compile(
    r"(?:(?P<which>이번|이|당|금|다음|담|내|다다음)\s?(?:달|월)\s?)(?:말일|말|마지막\s?날|안에|안으로|내로|내에|중으로)"
    r"|(?<![가-힣])월말|(?<![가-힣])말일"
)
_YEAR_END = re.compile(
    r"(?P<named>올해|금년|내년)\s?(?:연말|년말|말|안에|내로|안)|(?<![가-힣])(?:연말|년말|연내)"
)
_MONTH_DAY = re.compile(
    rf"(?<![가-힣])(?P<which>이번|이|당|금|다음|담|내|다다음)\s?(?:달|월)\s?(?P<day>{_TENS})\s?일(?![정요])"
)
_AFTER_WEEKS = re.compile(
    rf"(?<![가-힣\d])(?P<count>\d{{1,2}}|[일이삼사오육칠팔]|한|두|세|네)\s?주(?:일)?(?:간)?{_LATER}"
)
_AFTER_DAYS = re.compile(rf"(?<![가-힣\d])(?P<count>{_TENS})\s?일{_LATER}")
_AFTER_NAMED_DAYS = re.compile(rf"(?<![가-힣])(?P<count>{'|'.join(_DAYS)}){_LATER}")
_AFTER_MONTHS = re.compile(
    rf"(?<![가-힣\d])(?P<count>\d{{1,2}}|[일이삼사오육칠팔]|{'|'.join(_NATIVE)})\s?(?:달|개월){_LATER}"
)
_WEEK_DAY = re.compile(
    r"(?<![가-힣])(?P<which>다다음|이번|다음|담|금|차|내)\s?주\s?(?:의\s?)?(?P<day>[월화수목금토일])(?:요일|욜)"
)
_THIS_DAY = re.compile(r"(?<![가-힣])이번\s?(?P<day>[월화수목금토일])(?:요일|욜)")
_NEXT_DAY = re.compile(r"(?<![가-힣])다음\s?(?P<day>[월화수목금토일])(?:요일|욜)")
_WEEKDAY = re.compile(
    r"(?<![가-힣])(?:(?:돌아)?오는\s?)?([월화수목금토일])(?:요일|욜)|\(([월화수목금토일])\)"
)
_BARE_DAY = re.compile(
    rf"(?<![가-힣\d])(?P<day>{_TENS})\s?일(?=까지|에|날|자|이|로|안|$|[^가-힣])(?!\s?(?:동안|간))"
)
_NAMED_DAY = re.compile(rf"(?<![가-힣])(?:{'|'.join(_NAMED)})")
_VAGUE = re.compile(
    r"쯤|무렵|정도|가량|내외|경(?=에|까지|$|\s)|중순|하순|상순|초순|[월달주]\s?(?:초|말)|주말|(?<![가-힣])(?:초|말)(?![가-힣])"
    r"|(?<!오)전까지|(?<!오)전에|이전|이후|매주|매월|매달|매일|격주|이나\s|또는|아니면|혹은|사이|부터|(?<![가-힣])몇|수일|영업일|아마|지난|늦어도\s?다음\s?주$"
    r"|(?<![가-힣])[일이삼사오육칠팔구두세]{2}\s?(?:주|일|달)"
)


def read_korean(reading: Reading) -> bool:
    """Take the Korean days out of the text; True where what is left makes them doubtful."""
    if not re.search(r"[가-힣]", reading.text):
        return False
    held = reading.held_at
    reading.take(_DATE, lambda match: _date(match, held))
    reading.take(_DATE_SHORT, lambda match: _date(match, held))
    reading.take(_THIS_MONTH_END, lambda match: _end_of(held, match["which"]))
    reading.take(_MONTH_END, lambda match: _month_end(match, held))
    reading.take(_YEAR_END, lambda match: date(held.year + _YEARS.get(match["named"], 0), 12, 31))
    reading.take(
        _MONTH_DAY,
        lambda match: days.day_of_month(
            held, _number(match["day"]), months=_MONTHS_AHEAD[match["which"]]
        ),
    )
    _take_spans(reading, held)
    _take_weekdays(reading, held)
    reading.take(_BARE_DAY, lambda match: days.day_of_month(held, _number(match["day"])))
    reading.take(_NAMED_DAY, lambda match: days.later(held, days=_NAMED[match.group()]))
    return _VAGUE.search(reading.text) is not None


def _take_spans(reading: Reading, held: date) -> None:
    def after_days(match: re.Match[str]) -> date | None:
        count = _DAYS.get(match["count"]) or _number(match["count"])
        return days.later(held, days=count) if count else None

    def after_weeks(match: re.Match[str]) -> date | None:
        count = _number(match["count"])
        return days.later(held, days=7 * count) if count else None

    def after_months(match: re.Match[str]) -> date | None:
        count = _number(match["count"])
        return days.later(held, months=count) if count else None

    reading.take(_AFTER_WEEKS, after_weeks)
    reading.take(_AFTER_DAYS, after_days)
    reading.take(_AFTER_NAMED_DAYS, after_days)
    reading.take(_AFTER_MONTHS, after_months)


def _take_weekdays(reading: Reading, held: date) -> None:
    def of_week(match: re.Match[str]) -> date | None:
        return days.week_day(held, _WEEKDAYS.index(match["day"]), weeks=_WEEKS[match["which"]])

    reading.take(_WEEK_DAY, of_week)
    reading.take(
        _THIS_DAY, lambda match: days.week_day(held, _WEEKDAYS.index(match["day"]), weeks=0)
    )
    reading.take(_NEXT_DAY, lambda match: _next(held, _WEEKDAYS.index(match["day"])))
    reading.take_weekdays(_WEEKDAY, _WEEKDAYS)


def _next(held: date, weekday: int) -> date | None:
    """ "다음 화요일" without "주": only where the coming one is also next week's."""
    day = days.week_day(held, weekday, weeks=1)
    return day if day == days.coming(held, weekday) else None


def _date(match: re.Match[str], held: date) -> date | None:
    month, day = _month(match["month"]), _number(match["day"])
    year = _year(match, held)
    return days.month_day(held, month, day) if year is None else days.exact(year, month, day)


def _month_end(match: re.Match[str], held: date) -> date | None:
    month = _month(match["month"])
    year = _year(match, held) or days.coming_year(held, month)
    return days.month_end(year, month) if year and 1 <= month <= 12 else None


def _end_of(held: date, which: str | None) -> date | None:
    return days.month_end(held.year, held.month + _MONTHS_AHEAD[which or "이번"])


def _year(match: re.Match[str], held: date) -> int | None:
    if match["year"]:
        return int(match["year"])
    return held.year + _YEARS[match["named"]] if match["named"] else None


def _month(numeral: str) -> int:
    return {"유": 6, "시": 10}.get(numeral) or _number(numeral)


def _number(numeral: str) -> int:
    """The value of figures, Sino-Korean or native syllables; 0, which no calendar has, for none."""
    if numeral.isdigit():
        return int(numeral)
    value = _NATIVE.get(numeral) or korean_value(numeral)
    return int(value or 0)
