"""What is remembered of a person: terms of their trade, facts, preferences; what makes two of them
the same, and how large each may be.

An entry that was proposed is not in force until the person accepts it. What is in force is told to
a model as the person's words, never as something that was said in a meeting.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core.domain.typed import one_line
from core.errors import InvalidInput

TERM_LIMIT = 80
"""Characters of a term, and of each form that it is misheard as."""
HEARD_LIMIT = 12
"""Forms that one term is misheard as."""
NOTE_LIMIT = 160
"""Characters that say what a term means."""
SENTENCE_LIMIT = 300
"""Characters of a fact or a preference."""
ENTRIES_LIMIT = 10_000
"""Entries of one person, those out of force among them."""
UNUSED_AFTER = timedelta(days=90)
"""After so long without use an entry is offered for archiving."""
_FINAL = re.compile(r"[.,;:!?~。、]+$")
_SHOWN = 20


class Kind(StrEnum):
    """What an entry is."""

    GLOSSARY = "glossary"
    FACT = "fact"
    PREFERENCE = "preference"


class Status(StrEnum):
    """What became of an entry."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ARCHIVED = "archived"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is remembered. `text` is a term as it is written, or one sentence; `heard` is
    what a term is misheard as, `note` what it means. `source` says where it came from ("way":
    hand, transcript, minutes, chat or import; and ids). `replaces` is the id of the entry that it
    put out of force, or would. `updated_at` is when its words were last settled."""

    entry_id: str
    kind: Kind
    status: Status
    text: str
    heard: tuple[str, ...]
    note: str | None
    source: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    used_at: datetime | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a glossary as a model is given it."""

    text: str
    heard: tuple[str, ...] = ()

    def line(self) -> str:
        """`Kubernetes (misheard as 쿠버네스, 큐버)`."""
        return f"{self.text} (misheard as {', '.join(self.heard)})" if self.heard else self.text

    def as_json(self) -> list[Any]:
        """For a checkpoint."""
        return [self.text, list(self.heard)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Term:
        """What `as_json` wrote."""
        text, heard = stored
        return cls(text, tuple(heard))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an entry, checked and cleaned."""

    kind: Kind
    text: str
    heard: tuple[str, ...] = ()
    note: str | None = None

    @property
    def fingerprint(self) -> str:
        """What makes two entries the same one."""
        return fingerprint(self.kind, self.text)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What matters of a person's memory to one request, each kind the oldest first. `left_out`
    counts what matters as well and had no room."""

    glossary: tuple[Entry, ...] = ()
    facts: tuple[Entry, ...] = ()
    preferences: tuple[Entry, ...] = ()
    left_out: int = 0

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of it."""
        return (*self.glossary, *self.facts, *self.preferences)


@dataclass(frozen=True, slots=True)
class Told:
    """What a model was told of a person's memory: entries with their words as they were then, the
    lines of terms that the reading was given, and how many entries had no room."""

    remembered: Remembered = field(default_factory=Remembered)
    terms: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """{"entries": [{"entry_id", "kind", "text", "heard", "note", "date"}], "terms": lines,
        "left_out": count}; empty where nothing was told and nothing left out."""
        entries = [
            {
                "entry_id": one.entry_id,
                "kind": one.kind.value,
                "text": one.text,
                "heard": list(one.heard),
                "note": one.note,
                "date": one.updated_at.date().isoformat(),
            }
            for one in self.remembered.entries
        ]
        left_out = self.remembered.left_out
        if not entries and not self.terms and not left_out:
            return {}
        return {"entries": entries, "terms": list(self.terms), "left_out": left_out}


def fingerprint(kind: Kind, text: str) -> str:
    """What makes two entries of a kind the same one: the text without case, width, blanks and final
    punctuation. Korean endings stay: "맡는다" and "맡지 않는다" are not the same."""
    del kind  # the rows are told apart by their kind
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    bare = _FINAL.sub("", folded) or folded
    # A few characters unfold to many (NFKC); an index takes no more than this.
    return bare if len(bare) <= SENTENCE_LIMIT else hashlib.sha256(bare.encode()).hexdigest()


def checked(kind: Kind, text: str, *, heard: Iterable[str] = (), note: str | None = None) -> Words:
    """The words of an entry on one line each, without control characters and direction marks.

    InvalidInput: memory_text_empty, memory_text_too_long, memory_heard_too_many,
    memory_heard_too_long, memory_note_too_long, each with what was counted.
    """
    cleaned = one_line(text)
    if not any(sign.isalnum() for sign in cleaned):
        raise InvalidInput("memory_text_empty")
    limit = TERM_LIMIT if kind is Kind.GLOSSARY else SENTENCE_LIMIT
    if len(cleaned) > limit:
        raise InvalidInput(
            "memory_text_too_long", text=cleaned[:_SHOWN], length=len(cleaned), limit=limit
        )
    if kind is not Kind.GLOSSARY:
        return Words(kind, cleaned)
    meaning = one_line(note or "")
    if len(meaning) > NOTE_LIMIT:
        raise InvalidInput(
            "memory_note_too_long", text=cleaned[:_SHOWN], length=len(meaning), limit=NOTE_LIMIT
        )
    return Words(kind, cleaned, _checked_heard(cleaned, heard), meaning or None)


def _checked_heard(term: str, heard: Iterable[str]) -> tuple[str, ...]:
    forms: dict[str, str] = {}
    for form in heard:
        cleaned = one_line(form)
        if len(cleaned) > TERM_LIMIT:
            raise InvalidInput(
                "memory_heard_too_long",
                text=term[:_SHOWN],
                heard=cleaned[:_SHOWN],
                length=len(cleaned),
                limit=TERM_LIMIT,
            )
        if cleaned != term and any(sign.isalnum() for sign in cleaned):
            forms.setdefault(cleaned.casefold(), cleaned)
    if len(forms) > HEARD_LIMIT:
        raise InvalidInput(
            "memory_heard_too_many", text=term[:_SHOWN], count=len(forms), limit=HEARD_LIMIT
        )
    return tuple(forms.values())
