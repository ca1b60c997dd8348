"""What engines found, settled: each thing once, checked against the words, dated, corrections
linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.domain import grounding
from core.domain.corrected import link_corrections
from core.domain.dates import resolve_due
from core.domain.merging import merge
from core.domain.minutes import Item
from core.domain.transcript import Transcript
from core.domain.wording import has_words
from core.engines.base import Extractor
from core.store.tables import Meeting

_ANOTHER_TIME = timedelta(days=400)


@dataclass(frozen=True)
class Settling:
    """Settles items of one meeting. `extractor` knows the words for days."""

    extractor: Extractor
    meeting: Meeting
    transcript: Transcript
    language: str
    """The one that items are written in."""

    def quotations(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Items that only quote: nothing in them could be untrue to the text."""
        return link_corrections(self._with_days(items), self.transcript)

    def claims(
        self, parts: Sequence[Sequence[Item]], *, kept: Sequence[Item] = ()
    ) -> tuple[Item, ...]:
        """Items that a model wrote, by parts; `kept` are settled ones of an earlier version. Items
        without a word say nothing, true or false, and are left out."""
        said = self.transcript
        parts = [[item for item in part if has_words(item.text)] for part in parts]
        settled = [
            self._with_days(
                [
                    self._spoken_due(item)
                    for item in grounding.check(part, said, language=self.language)
                ]
            )
            for part in parts
        ]
        # Checked before merged: a false item must not drag a true one down with it.
        merged = merge([kept, *settled] if kept else settled)
        return link_corrections(merged, said)

    def _spoken_due(self, item: Item) -> Item:
        return self._in_full(item) if item.due_text and item.verified else item

    def _with_days(self, items: Sequence[Item]) -> tuple[Item, ...]:
        zone = ZoneInfo(self.meeting.time_zone)
        held_on = self.meeting.held_at.astimezone(zone).date()
        return tuple(
            replace(item, due=_due(item.due_text, held_on, guessed=self.meeting.held_at_guessed))
            if item.due_text and item.verified
            else item
            for item in items
        )

    def _in_full(self, item: Item) -> Item:
        """The item with its due words as they were spoken: a model that writes "Tuesday" where
        "Tuesday of next week" was said would move the day by a week."""
        spoken = self.transcript.by_number()
        for number in item.utterances:
            # A person may have hidden the line since it was read.
            said = self.extractor.due_words(spoken[number].text) if number in spoken else None
            if said and item.due_text and item.due_text in said:
                return replace(item, due_text=said)
        return item


def _due(due_text: str, held_on: date, *, guessed: bool) -> str | None:
    """The day as an ISO date. Nothing is counted from a date that nobody gave: against a guess only
    a day that is the same whenever the meeting was held."""
    due = resolve_due(due_text, held_at=held_on)
    if guessed and due != resolve_due(due_text, held_at=held_on - _ANOTHER_TIME):
        return None
    return due
