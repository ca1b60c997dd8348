"""Numbers with the noun or the direction that goes with each: true numbers beside the wrong nouns
make a false claim ("19 leads" for "210 leads, 19 of whom bought")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from core.domain import numerals
from core.domain.wording import content

_ENGLISH_ONES = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
    "|thousand|million|billion|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    "|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth"
    "|twentieth|thirtieth"
)
_ENGLISH = (
    rf"(?:\d[\d,.]*\d|\d|\b(?:{_ENGLISH_ONES})\b)"
    rf"(?:(?:[ -]|(?<=hundred) and )(?:{_ENGLISH_ONES})\b)*"
)
_COUNTED_ENGLISH = re.compile(
    rf"(?P<role>\b(?:from|to|by|until)\s+(?:\w+day,? (?:the )?)?)?(?P<month>\b(?:january|february"
    rf"|march"
    rf"|april|may|june|july|august|september|october|november|december)\s+)?[$€£]?"
    rf"(?P<number>{_ENGLISH})(?P<percent>\s?%|\s+percent)?"
    r"(?:\s+(?P<unit>dollars|euros|pounds))?(?:\s+(?P<noun>[a-z]{3,}(?:-[a-z]+)*))?",
    re.IGNORECASE,
)
_KOREAN_UNITS = (
    r"원|명|개월|개|일|월|년|시간|시|분|퍼센트|프로|%|단계|건|곳|번|배|주일|주|대|권|장|회|달러"
)
_COUNTED_KOREAN = re.compile(
    rf"(?<![가-힣\d,.])(?P<number>(?:\d[\d,.]*\d|\d)?(?:\s?\d*[십백천만억])*"
    rf"(?:[일이삼사오육칠팔구십백천만억]+|다섯|여섯|일곱|여덟|아홉|열|[한두세네](?= ))?)\s?"
    rf"(?P<unit>{_KOREAN_UNITS})(?P<role>에서|부터|으로|로)?"
)
_SEGMENTS = re.compile(
    r"(?<!\d)[,]|,(?!\d)|[;:!?。]|\.(?!\d)|\n|(?<!hundred )(?<!thousand )\band\b(?! a half)"
    r"|\b(?:but|while|against)\b|(?<=[이하되하렇]고)\s|(?<=지만)\s|(?<=는데)\s"
    r"|(?<=으며)\s|(?<=이며)\s|(?<=거고요)\s"
)
_LABEL = re.compile(
    r"(?P<korean>에이|비|씨|[A-D])\s?안(?=[은는이가을를으에의도과로 ,.]|$)"
    r"|\b(?:version|option|plan|variant) (?P<english>[a-d]\b|one|two|three|[1-3]\b)",
    re.IGNORECASE,
)
_LABELS = {"에이": "a", "비": "b", "씨": "c", "one": "1", "two": "2", "three": "3"}
_MOVED = ("일", "퍼센트", "%", "원", "명")  # "곳에서" is a place
_ENOUGH = 3  # A third of the words: a lone one may stand anywhere.
_FIGURE = (
    rf"(?:{_ENGLISH}"
    rf"|(?:\d[\d,.]*\s?)?[일이삼사오육칠팔구십백천만억\d ]*[일이삼사오육칠팔구십백천만억\d]"
    r"|(?:열|스물|서른|마흔|쉰|예순|일흔|여든|아흔)?(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉)"
    r"|열|스무|서른|마흔|쉰|예순|일흔|여든|아흔)\s?"
)
_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_UNITED = re.compile(
    rf"(?P<percent>{_FIGURE}(?:%|percent|퍼센트|프로))|(?P<people>{_FIGURE}(?:명|people|users"
    rf"|customers))"
    rf"|(?P<money>[$€£]\s?{_FIGURE}|{_FIGURE}(?:원|dollars|euros|달러))"
    rf"|(?P<clock>{_FIGURE}(?:시(?!간)|o.clock))"
    rf"|(?P<hours>{_FIGURE}(?:hours?|시간))|(?P<cases>{_FIGURE}건)"
    rf"|(?P<date>{_FIGURE}월\s?{_FIGURE}일|{_MONTH_NAME}\s{_FIGURE}|{_FIGURE}{_MONTH_NAME}\b)",
    re.IGNORECASE,
)

_BARE = 0
"""Content words of a part that is little but a number."""

_Pairs = dict[str, frozenset[Fraction]]


def misstates(claim: str, said: str) -> bool:
    """Does a claim put a true number or option beside what the lines put another one?"""
    return mispaired(claim, said) or misplaced(claim, said)


def mispaired(claim: str, said: str) -> bool:
    """Does a number of the claim stand beside a noun that has another number in the lines, and only
    another one? Nouns that only one side counts say nothing."""
    here, there = _pairs(claim), _pairs(said)
    heard = numerals.said(said)
    return any(
        noun in there and not values & there[noun] and bool(values & heard)
        for noun, values in here.items()
    )


def misplaced(claim: str, said: str) -> bool:
    """Does a part of the claim take its words from one part of the lines, and its number, or the
    letter of its option, from another?

    Accused is only what has all its words' best match in parts that state another number, and less
    of them wherever its own number stands.
    """
    parts = [_Part(text) for text in _SEGMENTS.split(said) if text.strip()]
    every = frozenset(label for part in parts for label in part.labels)
    for text in _SEGMENTS.split(claim):
        here = _Part(text)
        if every and here.labels and not here.labels & every:
            return True
        if here.words and (_strays(here, parts) or _is_mislabelled(here, parts)):
            return True
    return False


class _Part:
    """A part of a sentence: its content words, the numbers it states and may state, its labels."""

    def __init__(self, text: str) -> None:
        self.words = content(text)
        self.claimed = numerals.claimed(_LABEL.sub(" ", text))
        self.said = numerals.said(text)
        self.units = frozenset(_with_units(text))
        self.labels = frozenset(
            _LABELS.get(label, label)
            for match in _LABEL.finditer(text)
            for label in [(match["korean"] or match["english"]).lower()]
        )


def units_met(claim: str, said: str) -> bool:
    """Does a number of the claim stand in the lines with its unit: percent, money, people, hours, a
    month's day? Both languages' units count alike."""
    here, there = _with_units(claim), _with_units(said)
    return any(values & there.get(unit, frozenset()) for unit, values in here.items())


def _with_units(text: str) -> _Pairs:
    found: dict[str, frozenset[Fraction]] = {}
    for match in _UNITED.finditer(text):
        unit = next(name for name, value in match.groupdict().items() if value)
        values = numerals.said(match.group())
        found[unit] = found.get(unit, frozenset()) | values
    return found


def _strays(here: _Part, parts: Sequence[_Part]) -> bool:
    if not here.claimed:
        return False
    values = frozenset(value for found in here.claimed for value in found)
    own = [place for place, part in enumerate(parts) if part.said & values]
    nearest = len(here.words & frozenset(w for place in own for w in _words_of(place, parts)))
    others = [
        part
        for part in parts
        if part.claimed and not part.said & values and (not here.units or here.units & part.units)
    ]
    best = max((len(here.words & part.words) for part in others), default=0)
    return bool(own) and best > nearest and best * _ENOUGH > len(here.words)


def _words_of(place: int, parts: Sequence[_Part]) -> frozenset[str]:
    """The words of a part; one that is little but a number speaks of what the part before does:
    "I said the budget is 30, but it's 32"."""
    words = parts[place].words
    return words | parts[place - 1].words if place and len(words) <= _BARE else words


def _is_mislabelled(here: _Part, parts: Sequence[_Part]) -> bool:
    if len(here.labels) != 1:
        return False
    scores = [(len(here.words & part.words), part) for part in parts]
    most = max((score for score, _ in scores), default=0)
    best = [part for score, part in scores if score == most]
    return most > 1 and all(part.labels and not part.labels & here.labels for part in best)


def _pairs(text: str) -> _Pairs:
    found: dict[str, frozenset[Fraction]] = {}
    for noun, values in (*_english(text), *_korean(text)):
        found[noun] = found.get(noun, frozenset()) | values
    return found


def _english(text: str) -> Iterator[tuple[str, frozenset[Fraction]]]:
    for match in _COUNTED_ENGLISH.finditer(text):
        values = _values(match["number"])
        if not values:
            continue
        if match["month"]:
            role = (match["role"] or "").strip().lower().split(" ")[0]
            if role in ("from", "to"):
                yield f"date {role}", values
        elif match["noun"] and not match["percent"]:
            for noun in content(match["noun"]):
                yield noun, values


def _korean(text: str) -> Iterator[tuple[str, frozenset[Fraction]]]:
    for match in _COUNTED_KOREAN.finditer(text):
        values = _values(match["number"] + match["unit"])
        if not values or not match["number"].strip():
            continue
        if match["role"] in ("에서", "부터", "으로", "로") and match["unit"] in _MOVED:
            yield f"{match['unit']} {'로' if match['role'][-1] == '로' else '에서'}", values


def _values(number: str) -> frozenset[Fraction]:
    return frozenset(value for found in numerals.claimed(number) for value in found)
