"""Figures: "5,000,000", "1억 2천만", "500만", "3.2 million", "10k", "10:30", "오후 3시", "15%"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

KOREAN_UNITS = {
    "십": 10, "백": 100, "천": 1000, "만": 10**4, "억": 10**8, "조": 10**12,
}  # fmt: skip
KOREAN_DIGITS = {
    "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "륙": 6, "칠": 7, "팔": 8, "구": 9,
}  # fmt: skip

_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,9})?"
_SCALES = {
    "k": 10**3, "thousand": 10**3, "hundred": 100, "m": 10**6, "mn": 10**6, "mil": 10**6,
    "million": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])")
_KOREAN = re.compile(
    rf"(?<![\d.])(?P<first>{_FIGURE})(?P<unit>[십백천만억조]+)(?!각|금|큼)"
    rf"(?P<more>(?: ?(?:{_FIGURE}|[일이삼사오육칠팔구])?[십백천만억조]+(?=[원명개]|\W|$))*"
    r"(?: ?\d{3,4}(?![\d.]))?|\d{1,4}(?![\d.]))"
)
# "만 5천", "천2백만": the first unit has no figure, as in speech.
_BARE_KOREAN = re.compile(
    r"(?<![\d가-힣])(?<!\d )[백천만](?: (?=\d{1,4}[십백천]))?\d{1,4}[십백천만]"
    r"(?:\s?\d{1,4}[십백천])?"
    r"만?(?=\s?[원명개건달]|[^가-힣\d]|$)"
)
_SCALED = re.compile(
    rf"(?P<figure>{_FIGURE})(?:[ -](?P<word>hundred|thousand|million|billion|trillion)\b"
    r"|(?P<letter>k|m|mn|mil|b|bn)\b)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?<![\d.])(?:(\d{4})\s?[-./]\s?)?(\d{1,2})\s?[-/]\s?(\d{1,2})(?![\d/])")
_DOTTED_DATE = re.compile(r"(?<![\d.])(\d{4})\.\s?(\d{1,2})\.\s?(\d{1,2})(?!\d)")
_MONTH = re.compile(r"(?<![\d.])(\d{1,2})\s?월(?!급|세|요|드)")
_HOUR = re.compile(r"(\d{1,2})(?=시(?!간)|\s?[ap]\.?m\b|\s?o.clock)", re.IGNORECASE)
_PLAIN = re.compile(_FIGURE)
_PARTS = re.compile(rf"({_FIGURE}|[일이삼사오육륙칠팔구])|([십백천만억조])")


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text: the values it may have, and whether it is surely a number."""

    values: frozenset[Fraction]
    sure: bool


def found(*values: Fraction | int, sure: bool = True) -> Found:
    """A number of any of these values."""
    return Found(frozenset(Fraction(value) for value in values), sure)


def month_value(month: int) -> int:
    """A month is no quantity: "December 12" must not be borne out by "the tenth of December". No
    other number is below zero."""
    return -month


def hour_values(hour: int) -> tuple[int, ...]:
    """An hour on the clocks of 12 and of 24 hours."""
    return tuple({hour, hour + 12, hour - 12} & set(range(25)) | {hour})


def figure_value(figure: str) -> Fraction:
    """1,234.5 as a value."""
    return Fraction(figure.replace(",", ""))


def korean_value(numeral: str) -> Fraction | None:
    """The value of figures or Sino-Korean syllables with units, None where they make none: units
    must fall ("오백이십", not "십백")."""
    total = section = Fraction(0)
    digit: Fraction | None = None
    small, big = 10**4, 10**16
    for figure, unit in _PARTS.findall(numeral):
        size = KOREAN_UNITS.get(unit, 0)
        if figure:
            if digit is not None:
                return None
            known = KOREAN_DIGITS.get(figure)
            digit = figure_value(figure) if known is None else Fraction(known)
        elif size < 10**4:
            if size >= small:
                return None
            section += (1 if digit is None else digit) * size
            digit, small = None, size
        else:
            if size >= big:
                return None
            total += (section + (digit or 0) or 1) * size
            section, digit, small, big = Fraction(0), None, 10**4, size
    return total + section + (digit or 0)


def short_hundred_millions(numeral: str) -> tuple[Fraction, ...]:
    """ "일억 이천" is said for 일억 이천만; so are "3억 5천", "이억 오백"."""
    behind = numeral.rpartition("억")[2]
    value = korean_value(numeral + "만") if behind[-1:] in ("천", "백", "십") else None
    return (value,) if "억" in numeral and value is not None else ()


def read_figures(text: str) -> tuple[list[Found], str]:
    """All figures, and the text with a mark in the place of each."""
    numbers: list[Found] = []
    for pattern, read in _READERS:
        text = _take(text, pattern, read, numbers)
    return numbers, text


def _take(
    text: str,
    pattern: re.Pattern[str],
    read: Callable[[re.Match[str]], list[Found]],
    numbers: list[Found],
) -> str:
    def blank(match: re.Match[str]) -> str:
        numbers.extend(read(match))
        return "§"

    return pattern.sub(blank, text)


def _read_clock(match: re.Match[str]) -> list[Found]:
    hour, *rest = (int(part) for part in match.groups() if part)
    return [found(*hour_values(hour)), *(found(part) for part in rest if part)]


def _read_date(match: re.Match[str]) -> list[Found]:
    """2026-12-10, 12/10: either may be the month; 2-3 may be a range."""
    year, *rest = match.groups()
    parts = [found(int(part), *_as_month(int(part))) for part in rest]
    return [found(int(year)), *parts] if year else parts


def _as_month(number: int) -> tuple[int, ...]:
    return (month_value(number),) if 1 <= number <= 12 else ()


def _read_korean(match: re.Match[str]) -> list[Found]:
    value = korean_value(match.group())
    first = figure_value(match["first"])
    if value is None:
        return [found(first)]
    # "5만 남았다" is fifty thousand left, or only five left; "3조" a team or trillions.
    bare = match["unit"] in ("만", "조") and not match["more"]
    short = short_hundred_millions(match.group().replace(" ", ""))
    counted = match.string[match.end() :].lstrip().startswith(("원", "명", "개", "달러"))
    return [found(value, first)] if bare and not counted else [found(value, *short)]


def _read_bare_korean(match: re.Match[str]) -> list[Found]:
    value = korean_value(match.group().replace(" ", ""))
    parts = [found(figure_value(part), sure=False) for part in re.findall(r"\d+", match.group())]
    return parts if value is None else [found(value), *parts]


def _read_scaled(match: re.Match[str]) -> list[Found]:
    figure = figure_value(match["figure"])
    scaled = figure * _SCALES[(match["word"] or match["letter"]).lower()]
    return [found(scaled)] if match["word"] else [found(scaled, figure)]


def _read_plain(match: re.Match[str]) -> list[Found]:
    number = found(figure_value(match.group()))
    parts = match.group().split(".")
    if len(parts) == 2 and all(0 < int(part) <= 31 for part in parts if len(part) < 3):
        # "12.10" may be a date.
        return [number, *(_possible_day(int(part)) for part in parts)]
    return [number]


def _possible_day(number: int) -> Found:
    return found(number, *_as_month(number), sure=False)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Found]]], ...] = (
    (_CLOCK, _read_clock),
    (_DATE, _read_date),
    (_DOTTED_DATE, _read_date),
    (_MONTH, lambda match: [found(month_value(int(match[1])))]),
    (_BARE_KOREAN, _read_bare_korean),
    (_KOREAN, _read_korean),
    (_SCALED, _read_scaled),
    (_HOUR, lambda match: [found(*hour_values(int(match[1])))]),
    (_PLAIN, _read_plain),
)
