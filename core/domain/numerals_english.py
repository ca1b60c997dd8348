"""English number words: "forty", "two and a half", "twenty twenty-six", "the tenth", "three point
five", month names. "one", "second" and "half" are too common to be claims; they count as said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from core.domain.numerals_figures import Found, found, hour_values, month_value

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_WORDS = {word: value for value, word in enumerate(_ONES.split())}
_WORDS |= {word: 20 + 10 * place for place, word in enumerate(_TENS.split())}
_WORDS |= {word: value for value, word in enumerate(_ORDINALS.split())}
_WORDS |= {word[:-1] + "ieth": 20 + 10 * place for place, word in enumerate(_TENS.split())}
_WORDS |= {"fourty": 40, "oh": 0}
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SCALES |= {"trillion": 10**12, "hundredth": 100, "thousandth": 10**3}
_UNSURE = frozenset(("one", "first", "second", "third", "oh", "zeroth"))
_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7,
    "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
}  # fmt: skip
# The values that common words stand for when something is counted.
_SAID = {
    "a": (1,), "an": (1,), "once": (1,), "single": (1,), "both": (2,), "couple": (2,),
    "pair": (2,), "twice": (2,), "double": (2,), "doubled": (2,), "triple": (3,), "dozen": (12,),
 "quarter": (Fraction(1, 4), 15, 25, 45), "quarters": (75,),
    "noon": (12,), "midnight": (0, 12, 24), "no": (0,), "none": (0,), "nothing": (0,),
    "thirds": (3,), "fifths": (5,), "tenths": (10,), "fortnight": (2, 14), "score": (20,),
}  # fmt: skip
_AND, _POINT = "and", "point"
_TOKEN = re.compile(r"[a-z]+", re.IGNORECASE)
_HOURS = frozenset(("am", "pm", "clock", "past"))


def read_english(text: str) -> Iterator[Found]:
    """All number words of a text."""
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    for start, end in _phrases(tokens):
        for words in _numbers(tokens[start:end]):
            value = _value(words)
            unsure = len(words) == 1 and words[0] in _UNSURE
            # "seven thirty" and "ten o'clock" may be hours; a claim may use the other clock.
            others = hour_values(int(value)) if _is_hour(tokens, end, value) else ()
            # "two hundred and one for Kim": the sum, or two numbers.
            halves = _halves(words)
            yield found(value, *others, *halves, sure=not unsure)
        yield from _read_as_one(tokens[start:end])
    yield from _read_common(tokens)
    yield from _read_months(text)


def _phrases(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where number words stand next to each other ("and" between two of them included)."""
    start: int | None = None
    for place, word in enumerate(tokens):
        inside = start is not None
        if word in _WORDS or word in _SCALES or (word == _POINT and inside):
            start = place if start is None else start
        elif not (inside and word == _AND and _is_number(tokens, place + 1)):
            if start is not None:
                yield start, place
            start = None
    if start is not None:
        yield start, len(tokens)


def _is_number(tokens: Sequence[str], place: int) -> bool:
    return place < len(tokens) and tokens[place] in _WORDS


def _numbers(words: Sequence[str]) -> Iterator[list[str]]:
    """A phrase cut where one number ends and the next begins ("five six", "ten thirty")."""
    number: list[str] = []
    for word in words:
        if number and not _continues(number, word):
            yield number
            number = []
        if word not in (_AND, _POINT) or number:
            number.append(word)
    if number:
        yield number


def _continues(number: Sequence[str], word: str) -> bool:
    last = number[-1]
    if _POINT in number:
        return last not in _SCALES and (word in _SCALES or _WORDS.get(word, 10) < 10)
    if word in (_AND, _POINT):
        return word == _POINT or last in _SCALES
    if word in _SCALES:
        return last != _AND
    if last in _SCALES or last == _AND:
        return True
    return _WORDS[last] in range(20, 100, 10) and 0 < _WORDS[word] < 10


def _value(words: Sequence[str]) -> Fraction:
    whole = words[: words.index(_POINT)] if _POINT in words else words
    total = section = 0
    for word in whole:
        if word in ("hundred", "hundredth"):
            section = (section or 1) * 100
        elif word in _SCALES:
            total += (section or 1) * _SCALES[word]
            section = 0
        else:
            section += _WORDS.get(word, 0)
    part = words[len(whole) + 1 :]
    digits = "".join(str(_WORDS[word]) for word in part[:12] if word in _WORDS)
    scale = _SCALES.get(part[-1], 1) if part else 1
    return (total + section + (Fraction(f"0.{digits}") if digits else Fraction(0))) * scale


def _halves(words: Sequence[str]) -> tuple[Fraction, ...]:
    if _AND not in words:
        return ()
    place = words.index(_AND)
    return _value(words[:place]), _value(words[place + 1 :])


def _is_hour(tokens: Sequence[str], end: int, value: Fraction) -> bool:
    near = set(tokens[end : end + 2]) | {"".join(tokens[end : end + 2])}
    return value in range(1, 13) and bool(near & _HOURS or "pm" in near or "am" in near)


def _read_as_one(words: Sequence[str]) -> Iterator[Found]:
    """Years and prices said in halves ("twenty twenty-six", "four fifty"), digits one by one."""
    values = [_value(number) for number in _numbers(words)]
    for first, second in zip(values, values[1:], strict=False):
        if 0 < first < 100 and 10 <= second < 100:
            yield found(first * 100 + second, first + second / 100, sure=False)
    if 3 <= len(values) <= 12 and all(value < 10 for value in values):
        yield found(int("".join(str(value) for value in values)), sure=False)


def _read_common(tokens: Sequence[str]) -> Iterator[Found]:
    for token in tokens:
        if token in _SAID:
            yield found(*_SAID[token], sure=False)


def _read_months(text: str) -> Iterator[Found]:
    for token in re.findall(r"\b[A-Z][a-z]{2,8}\b", text):
        for month, number in _MONTHS.items():
            if token.lower() == month or (token.lower() in (month[:3], month[:4])):
                yield found(
                    month_value(number),
                    sure=token.lower() == month and month not in ("may", "march"),
                )
