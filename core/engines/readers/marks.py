"""Lines of plain text taken apart into time, name and words. A line alone only suggests what it is;
`read_marks` asks the whole file, so "10:30 works for me" keeps its words in notes without times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.engines.readers.labels import could_be_speaker, looks_like_name
from core.engines.readers.timing import CLOCK, parse_clock

_RANGE = rf"(?P<start>-?{CLOCK})(?:\s?(?:-{{1,2}}>?|–|—|~|to)\s?(?P<end>-?{CLOCK}))?"
_BRACKETED = re.compile(rf"\s*[\[(]\s*{_RANGE}\s*[\])]\s*(?:[-–:]\s+)?")
_BARE = re.compile(rf"\s*{_RANGE}(?=\s|$)\s*(?:[-–|]\s+)?")
_HEADER = re.compile(
    rf"\s*(?P<name>\S.{{0,59}}?)\s*[\[(]\s*{_RANGE}\s*[\])]\s*(?P<colon>[:：]?)\s*"
)
_BARE_HEADER = re.compile(
    rf"\s*(?P<name>\S.{{0,59}}?)[\s,|·:–-]*\s(?P<noon>(?:오전|오후|AM|PM)\s?)?{_RANGE}"
    r"(?P<half>\s?[AaPp]\.?[Mm]\.?)?\s*"
)
_LONGEST_HEAD = 160


@dataclass(frozen=True, slots=True)
class Line:
    """A line taken apart. `mark` is how its time was written: "bracketed" or "bare" before the
    words, "header" or "bare header" after a name; empty where there is no time. `hours` and
    `from_zero` say that its clock has three parts, or begins at nought: no time of day. `broken`:
    its clock shows no time that can be."""

    raw: str
    text: str
    mark: str = ""
    start: float | None = None
    end: float | None = None
    name: str | None = None
    hours: bool = False
    from_zero: bool = False
    broken: bool = False


def read_marks(lines: Sequence[str]) -> list[Line]:
    """Each line taken apart, in order."""
    apart = _without_chance_marks([_take_apart(line) for line in lines])
    return _with_names_before_times(_with_names_after_times(apart))


def _take_apart(raw: str) -> Line:
    head = raw[:_LONGEST_HEAD]
    if ":" not in head:
        return Line(raw, raw)
    for mark, pattern in (("bracketed", _BRACKETED), ("bare", _BARE)):
        match = pattern.match(head)
        if match:
            return _marked(raw, match, mark)
    match = _HEADER.match(head) if "(" in head or "[" in head else None
    if match and _heads(match, alone=match.end() == len(raw)):
        return replace(_marked(raw, match, "header"), name=_name_in(match))
    ends_as_clock = len(raw) <= _LONGEST_HEAD and raw.rstrip()[-1:] in tuple("0123456789mM.")
    match = _BARE_HEADER.fullmatch(raw) if ends_as_clock else None
    if match and _is_label(_name_in(match)):
        line = replace(_marked(raw, match, "bare header"), name=_name_in(match))
        # A time of day says nothing about the place in the recording.
        of_day = match["noon"] or match["half"]
        bare = replace(line, start=None, end=None, hours=False, broken=False)
        return bare if of_day else line
    return Line(raw, raw)


def _marked(raw: str, match: re.Match[str], mark: str) -> Line:
    start, end = match["start"], match["end"]
    first, last = parse_clock(start), parse_clock(end) if end else None
    return Line(
        raw=raw,
        text=raw[match.end() :],
        mark=mark,
        start=first,
        end=last,
        broken=first is None or (bool(end) and last is None),
        hours=start.count(":") == 2,
        from_zero=start.startswith(("0:", "00:")),
    )


def _name_in(match: re.Match[str]) -> str:
    return str(match["name"]).strip(" \t*•-,|·:–")


def _is_label(name: str) -> bool:
    """As for speakers, but "Kim, Alice" (Teams) is a name too."""
    return could_be_speaker(re.sub(r"^(\w[\w'-]*), (?=\w)", r"\1 ", name))


def _heads(match: re.Match[str], *, alone: bool) -> bool:
    """Is it "Name (00:05): text" or "Name (00:05)" alone, and no remark in brackets?"""
    name = _name_in(match)
    return _is_label(name) and (bool(match["colon"]) or (alone and looks_like_name(name)))


def _without_chance_marks(lines: list[Line]) -> list[Line]:
    """Give "10:30 works for me" and "Lunch at 12:10" back their times where the file has too few
    such lines for this to be its form."""
    filled = sum(bool(line.raw.strip()) for line in lines)
    bare = sum(line.mark == "bare" for line in lines)
    heads = [line for line in lines if line.mark == "bare header"]
    form = _Form(
        bare=bare >= 2 and bare * 5 >= filled,
        headed=len(heads) >= 2 and len(heads) * 8 >= filled,
        long_heads=bool(heads) and heads[0].hours,
        names=Counter(line.name for line in heads),
    )
    return [line if form.means(line) else Line(line.raw, line.raw) for line in lines]


@dataclass(frozen=True, slots=True)
class _Form:
    """How a file writes its times without brackets: before the words (`bare`) or in headings, and
    whether headings begin with long clocks (00:00:05)."""

    bare: bool
    headed: bool
    long_heads: bool
    names: Counter[str | None]

    def means(self, line: Line) -> bool:
        """Is the time of this line one of the file's, and no time that is spoken of?"""
        if line.mark == "bare":
            return self.bare or line.hours or line.from_zero
        if line.mark != "bare header" or line.hours:
            return True
        named = self.names[line.name] > 1 or looks_like_name(line.name or "")
        return not self.long_heads and (line.from_zero or (self.headed and named))


def _with_names_after_times(lines: list[Line]) -> list[Line]:
    """Read "00:05 Kim" with the words on the next line as a heading, where the file does so
    throughout (Otter, Rev)."""
    timed = [place for place, line in enumerate(lines) if line.mark in ("bracketed", "bare")]
    if len(timed) < 2 or not all(_names_next(lines, place) for place in timed):
        return lines
    heads = set(timed)
    return [
        replace(line, name=line.text.strip().rstrip(":："), text="") if place in heads else line
        for place, line in enumerate(lines)
    ]


def _with_names_before_times(lines: list[Line]) -> list[Line]:
    """The same for three lines, "Kim", "00:05" and the words (copied from Teams)."""
    timed = [
        place
        for place, line in enumerate(lines)
        if line.mark in ("bracketed", "bare") and not line.text.strip() and not line.name
    ]
    if len(timed) < 2 or not all(_named_above(lines, place) for place in timed):
        return lines
    made = list(lines)
    for place in timed:
        made[place] = replace(lines[place], name=lines[place - 1].raw.strip())
        made[place - 1] = Line("", "")
    return made


def _named_above(lines: list[Line], place: int) -> bool:
    above = lines[place - 1] if place else Line("", "")
    name = above.raw.strip()
    first = place < 2 or not lines[place - 2].raw.strip()
    return first and not above.mark and 0 < len(name) <= 40 and _is_name(name)


def _is_name(text: str) -> bool:
    return _is_label(text) and looks_like_name(text)


def _names_next(lines: list[Line], place: int) -> bool:
    name = lines[place].text.strip().rstrip(":：")
    follows = lines[place + 1] if place + 1 < len(lines) else None
    spoken = follows is not None and bool(follows.text.strip()) and not follows.mark
    return spoken and len(name) <= 40 and _is_name(name)
