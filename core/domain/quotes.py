"""Whether a quote stands in the lines that it is cited from, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.domain.kinds import ItemKind
from core.domain.lines_said import NEAR, LinesSaid, as_one
from core.domain.minutes import Item
from core.domain.transcript import Utterance
from core.domain.wording import is_telling, says


@dataclass(frozen=True, slots=True)
class QuoteFound:
    """A quote looked for. `numbers` are the citations, mended; `found` its verdict."""

    text: str | None
    numbers: tuple[int, ...]
    found: bool


def look_up(item: Item, numbers: tuple[int, ...], meeting: LinesSaid) -> QuoteFound:
    """The quote of an item in the lines of these numbers, read as one where they follow each
    other, or near them."""
    if item.quote is None:
        # Topics carry no quote; their words are compared instead.
        return QuoteFound(None, numbers, item.kind is ItemKind.TOPIC)
    cited = meeting.cited(numbers)
    text = _without_label(item.quote, cited)
    if not is_telling(text):
        own_words = any(says(spoken.text, item.text) for spoken in cited)
        return QuoteFound(text, numbers, own_words and is_telling(item.text))
    if any(says(spoken.text, text) for spoken in cited) or _in_runs(cited, text, meeting):
        return QuoteFound(text, numbers, True)
    mended = _mended(text, numbers, meeting)
    return QuoteFound(text, mended or numbers, mended is not None)


def _in_runs(cited: Sequence[Utterance], quote: str, meeting: LinesSaid) -> bool:
    """Is the quote in cited utterances that follow each other, read as one?"""
    run: list[Utterance] = []
    for spoken in cited:
        if run and meeting.places[spoken.number] != meeting.places[run[-1].number] + 1:
            run = []
        run = [*run[-(2 * NEAR) :], spoken]
        if len(run) > 1 and says(as_one(run), quote):
            return True
    return False


def _mended(quote: str, numbers: tuple[int, ...], meeting: LinesSaid) -> tuple[int, ...] | None:
    """The citations with the utterance that holds the quote: in the place of a single wrong one,
    beside several. None where it is nowhere near."""
    near = meeting.around(numbers)
    for span in _spans(near, meeting):
        if says(as_one(span), quote):
            found = {spoken.number for spoken in span}
            kept = found if len(numbers) == 1 and numbers[0] not in found else found | set(numbers)
            return tuple(spoken.number for spoken in meeting.cited(tuple(kept)))
    return None


def _spans(near: Sequence[Utterance], meeting: LinesSaid) -> Iterator[Sequence[Utterance]]:
    """One, two, then three utterances that follow each other."""
    for length in (1, 2, 3):
        for first in range(len(near) - length + 1):
            span = near[first : first + length]
            places = [meeting.places[spoken.number] for spoken in span]
            if places[-1] - places[0] == length - 1:
                yield span


def _without_label(quote: str, cited: Sequence[Utterance]) -> str:
    """The quote without the "[12] Kim:" that the transcript's lines begin with."""
    for spoken in cited:
        for label in (
            f"[{spoken.number}] {spoken.speaker}:",
            f"{spoken.speaker}:",
            f"[{spoken.number}]",
        ):
            if quote.startswith(label):
                return quote.removeprefix(label).strip()
    return quote
