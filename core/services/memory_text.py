"""A person's memory as Markdown: to read, to keep, to take elsewhere and back. One list item an
entry, what belongs to it below:

    ## Glossary
    - Kubernetes
      - misheard as: 쿠버네스
      - means: where the services run
      - since: 2026-11-22

Whatever is no such line is refused with its reason, never guessed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core.domain.memory import Entry, Kind, Status, Words, checked
from core.errors import InvalidInput
from core.services.memory_keeping import Keeping, new_forms

LONGEST_IMPORT = 16_000_000
"""Characters: more than the largest memory takes."""
MOST_REFUSED = 1000
"""Refused lines that are told one by one."""
_SHOWN = 80
_FIRST_YEAR = 1900
"""Near the year 1 a date has no form in some time zones."""
_TITLE = "# Memory"
_HEADINGS = {
    Kind.GLOSSARY: "Glossary",
    Kind.FACT: "Facts",
    Kind.PREFERENCE: "Preferences",
}
_KINDS = {
    **{heading.casefold(): kind for kind, heading in _HEADINGS.items()},
    "용어집": Kind.GLOSSARY,
    "용어": Kind.GLOSSARY,
    "사실": Kind.FACT,
    "선호": Kind.PREFERENCE,
}
_HEARD, _MEANS, _SINCE, _ARCHIVED = "misheard as", "means", "since", "archived"
_KEYS = {
    **{key: key for key in (_HEARD, _MEANS, _SINCE, _ARCHIVED)},
    "잘못 들리는 말": _HEARD,
    "뜻": _MEANS,
    "날짜": _SINCE,
    "보관": _ARCHIVED,
}
_IMPORTED: Mapping[str, Any] = {"way": "import"}


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line (from 1) that was not taken, how it begins, and why."""

    number: int
    text: str
    error: InvalidInput


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `refused_more` counts refused lines beyond those told."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: tuple[RefusedLine, ...] = ()
    refused_more: int = 0


@dataclass(slots=True)
class ReadEntry:
    """An entry as it stands in a text, from line `number` on. `error`: it cannot be taken."""

    number: int
    kind: Kind
    text: str
    heard: list[str] = field(default_factory=list)
    note: str | None = None
    since: date | None = None
    archived: bool = False
    error: InvalidInput | None = None


@dataclass(slots=True)
class ReadText:
    """A whole text: entries, and lines that belong to none."""

    entries: list[ReadEntry] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)


def as_markdown(entries: Iterable[Entry]) -> str:
    """Entries in force and archived ones, each kind the oldest first."""
    kept = [one for one in entries if one.status in (Status.ACTIVE, Status.ARCHIVED)]
    kept.sort(key=lambda one: (one.updated_at.date(), one.created_at, one.entry_id))
    lines = [_TITLE]
    for kind, heading in _HEADINGS.items():
        of_kind = [one for one in kept if one.kind is kind]
        if of_kind:
            lines += ["", f"## {heading}"]
            lines += [line for one in of_kind for line in _lines(one)]
    return "\n".join(lines) + "\n"


def read_markdown(text: str) -> ReadText:
    """The entries of a text. InvalidInput("memory_import_too_long") with both counts."""
    if len(text) > LONGEST_IMPORT:
        raise InvalidInput("memory_import_too_long", length=len(text), limit=LONGEST_IMPORT)
    read = ReadText()
    kind: Kind | None = None
    for number, line in enumerate(_lines_of(text), start=1):
        content = line.strip()
        if not content or (content.startswith("# ") and kind is None):
            continue
        if line.startswith("## "):
            kind = _KINDS.get(content.removeprefix("## ").strip().casefold())
            if kind is None:
                read.refused.append(_refused(number, content, "memory_heading_unknown"))
        elif kind is None:
            read.refused.append(_refused(number, content, "memory_line_homeless"))
        elif line.startswith("- "):
            read.entries.append(ReadEntry(number, kind, line.removeprefix("- ")))
        elif line[0] in " \t" and content.startswith("- ") and read.entries:
            _add_to(read.entries[-1], content.removeprefix("- "), number)
        else:
            read.refused.append(_refused(number, content, "memory_line_unknown"))
    return read


def take_in(read: ReadText, keeping: Keeping) -> Imported:
    """Put what was read in force; the transaction is the caller's."""
    keeping.read_all()
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    refused = list(read.refused)
    for place, entry in enumerate(read.entries):
        try:
            if entry.error:
                raise entry.error
            words = checked(entry.kind, entry.text, heard=entry.heard, note=entry.note)
            counts[_take(entry, words, keeping, place)] += 1
        except InvalidInput as error:
            refused.append(RefusedLine(entry.number, entry.text[:_SHOWN], error))
    refused.sort(key=lambda one: one.number)
    return Imported(
        **counts,
        refused=tuple(refused[:MOST_REFUSED]),
        refused_more=max(0, len(refused) - MOST_REFUSED),
    )


def _take(entry: ReadEntry, words: Words, keeping: Keeping, place: int) -> str:
    """Keep one entry; tells which count it belongs to."""
    known = keeping.alike(words)
    if known is None:
        moment = _moment(entry.since, keeping.now(), place)
        if entry.archived:
            keeping.new(words, status=Status.ARCHIVED, source=_IMPORTED, at=moment)
        else:
            keeping.put_in_force(words, source=_IMPORTED, at=moment)
        return "added"
    in_force = known.status == Status.ACTIVE
    as_wanted = in_force or (entry.archived and known.status == Status.ARCHIVED)
    says_more = new_forms(known, words.heard) or words.note not in (None, known.note)
    if as_wanted and not says_more and known.text == words.text:
        return "unchanged"
    keeping.put_in_force(words, source=known.source)
    return "changed"


def _moment(since: date | None, now: datetime, place: int) -> datetime:
    """Since when an entry holds: never later than now; those of one day in the text's order."""
    if since is None or since >= now.date():
        return now + timedelta(microseconds=place)
    return datetime.combine(since, time(), UTC) + timedelta(microseconds=place)


def _lines(entry: Entry) -> Iterator[str]:
    yield f"- {entry.text}"
    for form in entry.heard:
        yield f"  - {_HEARD}: {form}"
    if entry.note:
        yield f"  - {_MEANS}: {entry.note}"
    yield f"  - {_SINCE}: {entry.updated_at.date().isoformat()}"
    if entry.status is Status.ARCHIVED:
        yield f"  - {_ARCHIVED}"


def _lines_of(text: str) -> list[str]:
    # Not splitlines: other signs that it takes for line ends may stand in a sentence.
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _add_to(entry: ReadEntry, content: str, number: int) -> None:
    """What a line below an entry says of it. An entry with a line that can't be read is refused as
    a whole: half of it might say another thing."""
    name, _, value = content.partition(":")
    key, value = _KEYS.get(name.strip().casefold()), value.strip()
    if key == _HEARD and value:
        entry.heard.append(value)
    elif key == _MEANS and value:
        entry.note = value
    elif key == _ARCHIVED and not value:
        entry.archived = True
    elif key == _SINCE:
        try:
            entry.since = date.fromisoformat(value)
            if entry.since.year < _FIRST_YEAR:
                raise ValueError("no date of anybody's")
        except ValueError:
            entry.error = InvalidInput("memory_date_unreadable", value=value[:_SHOWN])
    else:
        entry.error = InvalidInput("memory_detail_unknown", line=number, value=content[:_SHOWN])


def _refused(number: int, content: str, code: str) -> RefusedLine:
    shown = content[:_SHOWN]
    return RefusedLine(number, shown, InvalidInput(code, value=shown))
