"""A turn's texts as Markdown that is safe to show. Knows no widget.

`[n]` becomes the time it was said, a link to that place of the meeting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from core.domain import citations
from core.domain.transcript import Utterance, clock
from core.engines.factory import EXTRACTIVE
from core.services.rendering import prose
from core.store.tables import Turn
from pages.parts.words import literal

_HEADING = re.compile(r"^#{1,4}(?=\s)", re.MULTILINE)

Spoken = Mapping[int, Utterance]


def answer_markdown(turn: Turn, *, meeting_id: str, spoken: Spoken) -> str:
    """An answer, whole or so far: quotations letter by letter, a model's text as prose."""

    def link(number: int) -> str:
        said = spoken.get(number)
        return f"[{literal(time_of(said))}]({place_of(meeting_id, number)})" if said else ""

    def in_links(text: str) -> str:
        # Two citations side by side would run into one another.
        return citations.replaced(text, lambda number: f" {link(number)}" if link(number) else "")

    if turn.engine == EXTRACTIVE:
        return "\n".join(_quoted(line, in_links) for line in turn.answer.splitlines())
    # A heading inside an answer must not outrank the page's own.
    return in_links(_HEADING.sub("#####", prose(turn.answer)))


def question_markdown(question: str) -> str:
    """A question letter by letter, with its lines."""
    return "  \n".join(literal(line) for line in question.splitlines())


def cited(turn: Turn, spoken: Spoken) -> list[Utterance]:
    """The utterances an answer rests on, in the order they were said."""
    numbers = turn.citations or citations.numbers_in(turn.answer)
    return [spoken[number] for number in sorted(set(numbers)) if number in spoken]


def time_of(said: Utterance) -> str:
    """When it was said, else its number."""
    return clock(said.start) or f"#{said.number}"


def short(question: str, *, length: int = 48) -> str:
    """The beginning of a question, as the name of its conversation."""
    line = " ".join(question.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def place_of(meeting_id: str, number: int) -> str:
    """Where the meeting's page shows an utterance, as an address beside this page's."""
    return f"meeting?meeting={quote(meeting_id)}&line={number}"


def _quoted(line: str, in_links: Callable[[str], str]) -> str:
    if not line.startswith("- "):
        return literal(line)
    body, bracket, number = line[2:].rpartition(" [")
    return (
        f"- {literal(body)}{in_links(bracket.strip() + number)}"
        if bracket
        else f"- {literal(line[2:])}"
    )
