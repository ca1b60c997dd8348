"""The two ways to make minutes, behind one Protocol: a language model, or ranking and quoting.

Each step's result is plain JSON, because a durable job checkpoints it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.domain import citations
from core.domain.minutes import Item
from core.domain.templates import Template
from core.domain.transcript import Transcript, Utterance
from core.engines.base import CheckCancelled, Extractor


@dataclass(frozen=True, slots=True)
class About:
    """What a writer is told of the meeting: title, the day in words, the language to write in."""

    title: str
    held_at: str
    language: str


@dataclass(frozen=True, slots=True)
class PartRead:
    """What reading one part gave: items, and ranges (first, last number) that could not be read."""

    items: tuple[Item, ...]
    unread: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The prose at the head. `system` is the prompt it was written under, None without a model."""

    text: str
    system: str | None = None
    notices: tuple[str, ...] = field(default_factory=tuple)


class Readings(Protocol):
    """Remembers what was read of one meeting."""

    def find(self, key: str) -> list[Any] | None:
        """What was kept under `key`, None where nothing was."""
        ...

    def ensure(self, key: str, answer: list[Any]) -> None:
        """Keep `answer` under `key`."""
        ...


class Writer(Protocol):
    """Plans parts, reads each into items, then writes the summary."""

    @property
    def name(self) -> str:
        """The engine's name, as minutes show it."""
        ...

    def plan(
        self, transcript: Transcript, *, about: About, check: CheckCancelled
    ) -> list[tuple[int, int]]:
        """Parts as (first, last) utterance numbers that together are the whole meeting."""
        ...

    def read(
        self,
        transcript: Transcript,
        *,
        part: tuple[int, int],
        place: tuple[int, int],
        about: About,
        check: CheckCancelled,
    ) -> PartRead:
        """Items of one part; `place` is (which part, of how many)."""
        ...

    def summarise(
        self,
        transcript: Transcript,
        items: Sequence[Item],
        *,
        about: About,
        style: str | None,
        template: Template,
        check: CheckCancelled,
    ) -> Summary:
        """Prose in which each sentence cites utterances."""
        ...


@dataclass(frozen=True)
class ExtractiveWriter:
    """Quotes what matters. It writes nothing of its own and says so."""

    extractor: Extractor

    @property
    def name(self) -> str:
        """The engine's name."""
        return self.extractor.name

    def plan(
        self, transcript: Transcript, *, about: About, check: CheckCancelled
    ) -> list[tuple[int, int]]:
        """One part: ranking needs the whole meeting."""
        del about, check
        return [(transcript.utterances[0].number, transcript.utterances[-1].number)]

    def read(
        self,
        transcript: Transcript,
        *,
        part: tuple[int, int],
        place: tuple[int, int],
        about: About,
        check: CheckCancelled,
    ) -> PartRead:
        """Items found by cues; each is a quotation."""
        del place
        return PartRead(
            items=self.extractor.items(
                between(transcript, part), language=about.language, check=check
            )
        )

    def summarise(
        self,
        transcript: Transcript,
        items: Sequence[Item],
        *,
        about: About,
        style: str | None,
        template: Template,
        check: CheckCancelled,
    ) -> Summary:
        """The most central utterances, quoted, a line each. A style has nothing to act on."""
        del items, template
        central = self.extractor.summary(
            transcript.utterances, language=about.language, check=check
        )
        notices = ("extractive", "style_unused") if style else ("extractive",)
        return Summary(text="\n".join(quotation(one) for one in central), notices=notices)


def quotation(utterance: Utterance) -> str:
    """A list line that quotes an utterance: `- Kim: “text” [12]`."""
    # A citation that was spoken (or typed into a transcript) must not pass for one of ours.
    text = citations.replaced(utterance.text, lambda number: f"({number})")
    name = f"{utterance.speaker}: " if utterance.speaker else ""
    return f"- {name}“{text}” [{utterance.number}]"


def between(transcript: Transcript, part: tuple[int, int]) -> tuple[Utterance, ...]:
    """The utterances of a part."""
    first, last = part
    return tuple(one for one in transcript.utterances if first <= one.number <= last)
