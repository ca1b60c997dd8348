"""Minutes: typed items that carry the utterances they rest on, then prose, then coverage.

Nothing here writes; `core.services.minutes` does. Decided in DESIGN.md: items first, prose second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.domain.kinds import ItemKind
from core.domain.templates import GENERAL, Template

_FOOT = "\n---\n"
_STYLE_LINE = re.compile(
    r"(?:  )?\n(?:내 작성 스타일 버전 \d+(?:으로|로) 썼습니다\."
    r"|Written in your style, version \d+\.)(?=(?:  )?\n)"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was said.

    `utterances` are the numbers it rests on, ascending. `quote` is a verbatim piece of one of
    them. `verified` says that code found the numbers and the quote in the transcript. `start` is
    in seconds. `due` is an ISO date, only where it could be resolved; `due_text` the spoken words.
    `replaces` is the text of an earlier item that this one corrects, `replaces_at` the utterances
    that rested on. `edited` says that a person wrote it.
    """

    kind: ItemKind
    text: str
    utterances: tuple[int, ...] = ()
    quote: str | None = None
    owner: str | None = None
    due: str | None = None
    due_text: str | None = None
    start: float | None = None
    verified: bool = False
    replaces: str | None = None
    replaces_at: tuple[int, ...] = ()
    edited: bool = False

    def checked(self, *, verified: bool, start: float | None) -> Item:
        """This item with the verdict of the check."""
        return replace(self, verified=verified, start=start)

    def as_json(self) -> dict[str, Any]:
        """This item as plain JSON, for a job's checkpoint."""
        return {
            **asdict(self),
            "kind": self.kind.value,
            "utterances": list(self.utterances),
            "replaces_at": list(self.replaces_at),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Item:
        """The item that `as_json` wrote."""
        return cls(
            **{
                **stored,
                "kind": ItemKind(stored["kind"]),
                "utterances": tuple(stored["utterances"]),
                "replaces_at": tuple(stored.get("replaces_at", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the meeting was read. `missing` are time ranges in seconds; for transcripts
    without times, `missing_utterances` (first and last number) says the same. `seconds` is how long
    the meeting is, `tokens` what the model counted while it read, None where unknown."""

    utterances_read: int
    utterances_total: int
    missing: tuple[tuple[float, float], ...] = ()
    missing_utterances: tuple[tuple[int, int], ...] = ()
    parts: int = 1
    seconds: float | None = None
    tokens: int | None = None

    @property
    def complete(self) -> bool:
        """Was every utterance read?"""
        return self.utterances_read >= self.utterances_total

    def as_json(self) -> dict[str, Any]:
        """Coverage as plain JSON."""
        return {
            "utterances_read": self.utterances_read,
            "utterances_total": self.utterances_total,
            "missing": [list(pair) for pair in self.missing],
            "missing_utterances": [list(pair) for pair in self.missing_utterances],
            "parts": self.parts,
            "seconds": self.seconds,
            "tokens": self.tokens,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Coverage:
        """The coverage that `as_json` wrote."""
        return cls(
            utterances_read=stored["utterances_read"],
            utterances_total=stored["utterances_total"],
            missing=tuple((first, last) for first, last in stored["missing"]),
            missing_utterances=tuple((first, last) for first, last in stored["missing_utterances"]),
            parts=stored["parts"],
            seconds=stored.get("seconds"),
            tokens=stored.get("tokens"),
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What an engine makes of a meeting, before it is kept: items, a summary, coverage.

    `summary` is Markdown prose in which `[n]` cites utterance n. `notices` are message keys for
    what the reader must know ("notices.extractive", "notices.summary_from_items", …).
    `system` is the exact system prompt the summary was written under, None without a model;
    `memory` says which entries of the person's memory were in it (domain.memory.Told as JSON).
    """

    items: tuple[Item, ...]
    summary: str
    coverage: Coverage
    engine: str
    notices: tuple[str, ...] = ()
    system: str | None = None
    memory: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """This draft as plain JSON, for a job's checkpoint."""
        return {
            "items": [item.as_json() for item in self.items],
            "summary": self.summary,
            "coverage": self.coverage.as_json(),
            "engine": self.engine,
            "notices": list(self.notices),
            "system": self.system,
            "memory": self.memory,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Draft:
        """The draft that `as_json` wrote."""
        return cls(
            items=tuple(Item.from_json(item) for item in stored["items"]),
            summary=stored["summary"],
            coverage=Coverage.from_json(stored["coverage"]),
            engine=stored["engine"],
            notices=tuple(stored["notices"]),
            system=stored["system"],
            memory=stored.get("memory", {}),
        )

    def of(self, kind: ItemKind) -> tuple[Item, ...]:
        """Items of a kind, in order."""
        return tuple(item for item in self.items if item.kind == kind)


@dataclass(frozen=True, slots=True)
class Minutes:
    """One kept version of a meeting's minutes.

    `origin` is written, completed, edited or restored; all but the first are `based_on` a version.
    `user_id` is whose they are: in whose style they were written.
    `transcript_job` is the transcription it rests on, where that is known before it is kept.
    `stale`: the meeting was heard anew since. `transcript_edited`: texts of it were changed since.
    """

    meeting_id: str
    version: int
    language: str
    style_version: int | None
    draft: Draft
    markdown: str
    minutes_id: str = ""
    created_at: str = ""
    stale: bool = False
    transcript_edited: bool = False
    origin: str = "written"
    based_on: int | None = None
    template: Template = GENERAL
    transcript_job: str | None = None
    user_id: str = ""


def without_style_line(markdown: str) -> str:
    """Minutes as Markdown without the line at their foot by which earlier releases told the number
    of the style that they were written in."""
    body, rule, foot = markdown.rpartition(_FOOT)
    return body + rule + _STYLE_LINE.sub("", foot)
