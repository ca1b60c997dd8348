"""Numbers as people say and write them, Korean and English, as values: "오백만 원" and "5,000,000".

Two readings: what a text *claims* (only what is surely a number) and what was *said* (everything
that may be one: "이" is two or "this"). A claim must be among the said, so doubt never accuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from core.domain.numerals_english import read_english
from core.domain.numerals_figures import Found, found, read_figures
from core.domain.numerals_korean import read_korean

_HALF = re.compile(
    r"(?<![가-힣])(?:절반|반)(?=[^가-힣]|$|으로|은|을|만|이|도|에|정도|쯤|까지|입)|\bhalf\b",
    re.IGNORECASE,
)


def claimed(text: str) -> list[frozenset[Fraction]]:
    """The numbers a text states, each as the values it may stand for (14:00 is 14 or 2)."""
    return [found.values for found in _read(text) if found.sure]


def said(text: str) -> frozenset[Fraction]:
    """Every value that a hearer could take from a text."""
    return frozenset(value for found in _read(text) for value in found.values)


def missing(claim: str, *, source: str) -> list[frozenset[Fraction]]:
    """The numbers of `claim` that were not said in `source`."""
    claims = claimed(claim)
    heard = said(source) if claims else frozenset()
    return [values for values in claims if not values & heard]


def _read(text: str) -> Iterator[Found]:
    figures, rest = read_figures(text)
    numbers = [*figures, *read_korean(rest), *read_english(rest)]
    yield from numbers
    if _HALF.search(rest):
        # "두 시간 반", "2시 반", "half past two", "two and a half", "절반".
        yield found(Fraction(1, 2), 30, 50, sure=False)
        for number in numbers:
            yield Found(frozenset(value + Fraction(1, 2) for value in number.values), sure=False)
