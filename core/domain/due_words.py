"""Words for a day being read: what has been understood is taken out, so that nothing is read twice
and what is left can be searched for doubt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from core.domain.numerals import claimed

_ENGLISH_WEEKDAYS = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_KOREAN_WEEKDAYS = re.compile(r"([월화수목금토일])(?:요일|욜)")


_TIME = re.compile(
    r"\d|까지|안에|이내|오늘|금일|내일|명일|익일|모레|글피|이번|다음|차주|금주|차기|주중|주말|요일"
    r"|연말|연초|월말|월초|월중|하순|중순|상순|분기|반기|당일|즉시|바로|곧|빨리|조만간|오전|오후"
    r"|아침|점심|저녁|정오|자정|올해|내년|내달|봄|여름|가을|겨울"
    r"|(?<![가-힣])[월화수목금토일](?![가-힣])|[가-힣]\s?(?:전|후|뒤|때|날|중|말|초)(?:에|쯤)?(?![가-힣])"
    r"|\b(?:by|before|after|until|till|within|today|tonight|tomorrow|next|this|end|eo[dwmqy]|asap"
    r"|days?|weeks?|months?|quarters?|years?|hours?|minutes?|morning|noon|midday|afternoon|evening"
    r"|midnight|night|soon|immediately|now|later|once|when|christmas|easter|spring|summer|fall"
    r"|autumn|winter|deadline|beginning|start|mid|q[1-4]|\w+day|mon|tues?|wed|thurs?|fri|sat|sun"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.IGNORECASE,
)


def tells_time(text: str) -> bool:
    """Could these words say when something is due? "수정" and "the price" could not."""
    return bool(_TIME.search(text)) or bool(claimed(text))


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
