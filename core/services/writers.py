"""The two ways to make minutes, behind one Protocol: a language model, or ranking and quoting.

Each step's result is plain JSON, because a durable job checkpoints it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.domain import citations
from core.domain.memory import Remembered, Term
from core.domain.minutes import Item
from core.domain.templates import Template
from core.domain.transcript import Transcript, Utterance
from core.engines.base import CheckCancelled, Extractor


@dataclass(frozen=True, slots=True)
class Material:
    """What minutes are made of: the words, the title, the day in words, the language to write in.
    `terms` are names and terms of the person's glossary that matter here, the most relevant
    first."""

    transcript: Transcript
    title: str
    held_at: str
    language: str
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """How prose is to be: the person's style in their words, the kind of meeting, and what of the
    person's memory matters."""

    style: str | None
    template: Template
    remembered: Remembered = field(default_factory=Remembered)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a meeting: its first and last utterance, and that it is `number` of `count`."""

    first: int
    last: int
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class PartRead:
    """What reading one part gave: items, ranges (first, last number) that could not be read, and
    those that were, the lines before the part that were read once more among them. `tokens` of
    prompts and answers as the server counted them, 0 where nobody counted."""

    items: tuple[Item, ...]
    unread: tuple[tuple[int, int], ...] = ()
    tokens: int = 0
    covered: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The prose at the head. `system` is the prompt it was written under, None without a model."""

    text: str
    system: str | None = None
    notices: tuple[str, ...] = field(default_factory=tuple)


Heard = Callable[[int], None]
"""Is told how many characters of a model's answer have come."""


def unheard(_characters: int) -> None:
    """For whoever does not want to know."""


class Readings(Protocol):
    """Remembers what was read of one meeting."""

    def find(self, key: str) -> dict[str, Any] | None:
        """What was kept under `key`, None where nothing was."""
        ...

    def ensure(self, key: str, answer: dict[str, Any]) -> None:
        """Keep `answer` under `key`."""
        ...


class Writer(Protocol):
    """Plans parts, reads each into items, then writes the summary."""

    @property
    def name(self) -> str:
        """The engine's name, as minutes show it."""
        ...

    def plan(self, material: Material, *, check: CheckCancelled) -> list[tuple[int, int]]:
        """Parts as (first, last) utterance numbers that together are the whole meeting."""
        ...

    def read(
        self, material: Material, *, part: Part, check: CheckCancelled, heard: Heard = unheard
    ) -> PartRead:
        """Items of one part; `heard` is told how many characters of the answer have come."""
        ...

    def look_again(
        self,
        material: Material,
        found: Sequence[Item],
        *,
        spans: Sequence[tuple[int, int]],
        check: CheckCancelled,
    ) -> PartRead | None:
        """What was overlooked in these spans of utterance numbers (first, last), beside what was
        `found`; None where nothing hints at it."""
        ...

    def summarise(
        self, material: Material, items: Sequence[Item], *, voice: Voice, check: CheckCancelled
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

    def plan(self, material: Material, *, check: CheckCancelled) -> list[tuple[int, int]]:
        """One part: ranking needs the whole meeting."""
        del check
        spoken = material.transcript.utterances
        return [(spoken[0].number, spoken[-1].number)]

    def read(
        self, material: Material, *, part: Part, check: CheckCancelled, heard: Heard = unheard
    ) -> PartRead:
        """Items found by cues; each is a quotation."""
        del heard
        utterances = between(material.transcript, part.first, part.last)
        return PartRead(
            items=self.extractor.items(utterances, language=material.language, check=check),
            covered=((part.first, part.last),),
        )

    def look_again(
        self,
        material: Material,
        found: Sequence[Item],
        *,
        spans: Sequence[tuple[int, int]],
        check: CheckCancelled,
    ) -> PartRead | None:
        """Nothing: the same cues would find the same."""
        del material, found, spans, check
        return None

    def summarise(
        self, material: Material, items: Sequence[Item], *, voice: Voice, check: CheckCancelled
    ) -> Summary:
        """The most central utterances, quoted, a line each. A style has nothing to act on."""
        del items
        central = self.extractor.summary(
            material.transcript.utterances, language=material.language, check=check
        )
        unused = {"style_unused": voice.style, "focus_unused": voice.template.focus}
        notices = ("extractive", *(notice for notice, given in unused.items() if given))
        return Summary(text="\n".join(quotation(one) for one in central), notices=notices)


def quotation(utterance: Utterance) -> str:
    """A list line that quotes an utterance: `- Kim: “text” [12]`."""
    # A citation that was spoken (or typed into a transcript) must not pass for one of ours.
    text = citations.replaced(utterance.text, lambda number: f"({number})")
    name = f"{utterance.speaker}: " if utterance.speaker else ""
    return f"- {name}“{text}” [{utterance.number}]"


def between(transcript: Transcript, first: int, last: int) -> tuple[Utterance, ...]:
    """The utterances from number `first` to number `last`."""
    return tuple(one for one in transcript.utterances if first <= one.number <= last)
