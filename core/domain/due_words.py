"""Words for a day being read: what has been understood is taken out, so that nothing is read twice
and what is left can be searched for doubt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

_ENGLISH_WEEKDAYS = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_KOREAN_WEEKDAYS = re.compile(r"([월화수목금토일])(?:요일|욜)")


def weekdays_in(text: str) -> frozenset[int]:
    """The weekdays a text names, Monday is 0; the same in both languages."""
    english = (match[1].lower()[:3] for match in _ENGLISH_WEEKDAYS.finditer(text))
    korean = (match[1] for match in _KOREAN_WEEKDAYS.finditer(text))
    return frozenset(
        {"montuewedthufrisatsun".index(name) // 3 for name in english}
        | {"월화수목금토일".index(name) for name in korean}
    )


@dataclass
class Reading:
    """A due text, folded. `dates` hold None for a day that does not exist or cannot be told;
    `weekdays` are named without saying of which week."""

    text: str
    held_at: date
    dates: list[date | None] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)

    def take(self, pattern: re.Pattern[str], day: Callable[[re.Match[str]], date | None]) -> None:
        """Take every match out of the text, as the day that it names."""

        def taken(match: re.Match[str]) -> str:
            self.dates.append(day(match))
            return " "

        self.text = pattern.sub(taken, self.text)

    def take_weekdays(self, pattern: re.Pattern[str], names: str) -> None:
        """Take out bare weekdays; a group is in `names`, three or one letter a day from Monday."""
        width = len(names) // 7

        def taken(match: re.Match[str]) -> str:
            name = next(group for group in match.groups() if group)
            self.weekdays.append(names.index(name[:width]) // width)
            return " "

        self.text = pattern.sub(taken, self.text)
