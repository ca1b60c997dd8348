"""What edits teach without a model: names and terms that were misheard. Each is proposed; a
proposal whose edit was undone is withdrawn.

What counts is how a line differs now from what was heard (with a model's corrections in it, which
nobody typed), so an edit of an edit teaches its last word only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain.learning import Around, Misheard, Standing, exchanged, misheard
from core.domain.likeness import letters
from core.domain.memory import Entry, Kind, Status
from core.domain.text_changes import Change, fold
from core.domain.transcript import Utterance
from core.engines.korean import has_hangul, shared_korean
from core.errors import EngineFailed, EngineUnavailable
from core.services.learning_proposals import Proposals
from core.store import meetings
from core.store import text_changes as rows
from core.store.database import Database
from core.store.tables import Meeting

TRANSCRIPT, MINUTES, CHAT = "transcript", "minutes", "chat"
"""Ways by which a proposal came about: the "way" of its source."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Lines:
    """A meeting's lines as they are, by number, and those that are another one now as they were
    before anybody typed."""

    spoken: Mapping[int, Utterance]
    untyped: Mapping[int, str]

    def made(self, *, but: int | None = None) -> set[Misheard]:
        """What a person exchanged, in other lines than `but`."""
        return {
            pair
            for number, before in self.untyped.items()
            if number != but and number in self.spoken
            for pair in exchanged(before, self.spoken[number].text)
        }

    def speakers(self) -> frozenset[str]:
        """Who speaks."""
        return frozenset(one.speaker for one in self.spoken.values() if one.speaker)


@dataclass(frozen=True)
class EditLessons:
    """Proposes what a person's edits show."""

    database: Database
    proposals: Proposals

    def of_text(self, user_id: str, meeting_id: str, *, number: int) -> list[Entry]:
        """Proposals from utterance `number` as it is now; open ones that no longer follow from the
        meeting are withdrawn."""
        lines = self._lines(meeting_id)
        self._withdraw(user_id, meeting_id, lines)
        before, after = lines.untyped.get(number), lines.spoken.get(number)
        if before is None or after is None:
            return []
        around = self._around(user_id, lines, lines.made(but=number))
        found = misheard(before, after.text, around=around, standings=looked_up)
        source = {"way": TRANSCRIPT, "meeting_id": meeting_id, "number": number}
        return self._propose(user_id, found, source)

    def undone(self, user_id: str, meeting_id: str) -> None:
        """Withdraw open proposals whose edits are in force no more."""
        self._withdraw(user_id, meeting_id, self._lines(meeting_id))

    def of_minutes(
        self, user_id: str, meeting_id: str, *, before: str, after: str, what: str
    ) -> list[Entry]:
        """Proposals of names that were put right in minutes."""
        gone = [
            entry
            for entry in self._open_of(user_id, meeting_id, what)
            if entry.kind is Kind.GLOSSARY and letters(entry.text) not in letters(after)
        ]
        for entry in gone:
            self.proposals.withdraw(user_id, entry)
        around = self._around(user_id, self._lines(meeting_id), ())
        found = misheard(before, after, around=around, standings=looked_up)
        turned_back = {(form, entry.text) for entry in gone for form in entry.heard}
        found = tuple(one for one in found if (one.term, one.heard) not in turned_back)
        source = {"way": MINUTES, "meeting_id": meeting_id, "what": what}
        return self._propose(user_id, found, source)

    def minutes_undone(self, user_id: str, meeting_id: str, *, after: str, what: str) -> None:
        """An edit of a piece of minutes was taken back: withdraw what it had us propose,
        but for terms that stand there all the same."""
        for entry in self._open_of(user_id, meeting_id, what):
            if entry.kind is not Kind.GLOSSARY or letters(entry.text) not in letters(after):
                self.proposals.withdraw(user_id, entry)

    def _open_of(self, user_id: str, meeting_id: str, what: str) -> list[Entry]:
        source = {"way": MINUTES, "meeting_id": meeting_id, "what": what}
        opened = self.proposals.open(user_id)
        return [entry for entry in opened if source.items() <= entry.source.items()]

    def speakers(self, meeting_id: str) -> frozenset[str]:
        """Who speaks in a meeting."""
        return self._lines(meeting_id).speakers()

    def _propose(
        self, user_id: str, found: Iterable[Misheard], source: Mapping[str, Any]
    ) -> list[Entry]:
        proposed = [
            self.proposals.propose(
                user_id, kind=Kind.GLOSSARY, text=one.term, heard=(one.heard,), source=source
            )
            for one in found
        ]
        return [entry for entry in proposed if entry is not None]

    def _withdraw(self, user_id: str, meeting_id: str, lines: _Lines) -> None:
        made = lines.made()
        for entry in self.proposals.open(user_id, kind=Kind.GLOSSARY):
            source = entry.source
            if (source.get("way"), source.get("meeting_id")) != (TRANSCRIPT, meeting_id):
                continue
            if not any(Misheard(entry.text, form) in made for form in entry.heard):
                self.proposals.withdraw(user_id, entry)

    def _around(self, user_id: str, lines: _Lines, made: Iterable[Misheard]) -> Around:
        terms = self.proposals.memory.entries(user_id, kind=Kind.GLOSSARY, status=Status.ACTIVE)
        return Around(
            speakers=lines.speakers(),
            texts=tuple(one.text for one in lines.spoken.values()),
            made=tuple(made),
            terms=tuple(one.text for one in terms),
        )

    def _lines(self, meeting_id: str) -> _Lines:
        with self.database.reading() as session:
            meeting = session.get(Meeting, meeting_id)
            if meeting is None:
                return _Lines({}, {})
            heard = rows.heard_texts(session, meeting_id=meeting.id)
            changes = rows.changes_of(
                session, meeting_id=meeting.id, transcript_job=meeting.transcript_job
            )
            spoken = meetings.utterances(session, meeting_id=meeting.id)
        untyped = {
            number: fold(text, _by_models(changes.get(number, ()))).text
            for number, text in heard.items()
        }
        return _Lines({one.number: one for one in spoken}, untyped)


def looked_up(words: Sequence[str]) -> list[Standing | None]:
    """How Korean words stand in the dictionary; None for each where it cannot be had, so that only
    what is sure without it is proposed."""
    korean = [word if has_hangul(word) else "" for word in words]
    if not any(korean):
        return [Standing.UNKNOWN] * len(words)
    try:
        told = shared_korean().standings(korean)
    except (EngineUnavailable, EngineFailed) as error:
        log.warning("no Korean dictionary: %s", error)
        return [None] * len(words)
    return [
        Standing(standing) if word else Standing.UNKNOWN
        for word, standing in zip(korean, told, strict=True)
    ]


def _by_models(changes: Sequence[Change]) -> list[Change]:
    return [one for one in changes if one.job_id is not None]
