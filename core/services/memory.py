"""What is remembered of a person: terms, facts, preferences. Nothing is in force that the person
did not add or accept; of two that contradict each other the newer holds, and says what it replaces.

Every method takes the person's id and finds nothing of anybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.domain import memory_relevance
from core.domain.memory import UNUSED_AFTER, Entry, Kind, Remembered, Status, checked
from core.errors import InvalidInput
from core.services import memory_text
from core.services.memory_keeping import Keeping
from core.store import memory as store
from core.store.database import Database
from core.store.memory_rows import MemoryEntry
from core.store.types import now as present

BY_HAND: Mapping[str, Any] = {"way": "hand"}


@dataclass(frozen=True)
class Memory:
    """A person's entries."""

    database: Database
    now: Callable[[], datetime] = present

    def entries(
        self, user_id: str, *, kind: Kind | None = None, status: Status | None = None
    ) -> list[Entry]:
        """A person's entries, the oldest first."""
        with self.database.reading() as session:
            return store.entries(session, user_id=user_id, kind=kind, status=status)

    def entry(self, user_id: str, entry_id: str) -> Entry:
        """One entry; NotFound("memory_missing") where it is not this person's."""
        with self.database.reading() as session:
            return store.entry(Keeping(session, user_id, self.now).row(entry_id))

    def known(self, user_id: str, *, kind: Kind, text: str) -> Entry | None:
        """The entry, in force or archived, that `add` would change instead of adding one; None
        where there is none. InvalidInput as `add`."""
        words = checked(kind, text)
        with self.database.reading() as session:
            row = Keeping(session, user_id, self.now).alike(words)
            kept = row is not None and row.status in (Status.ACTIVE, Status.ARCHIVED)
            return store.entry(row) if row is not None and kept else None

    def add(
        self,
        user_id: str,
        *,
        kind: Kind,
        text: str,
        heard: Iterable[str] = (),
        note: str | None = None,
        source: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Put an entry in force. What is known already comes into force again, a term with the
        misheard forms of both. InvalidInput as `domain.memory.checked`, and memory_full."""
        words = checked(kind, text, heard=heard, note=note)
        with self._keeping(user_id) as keeping:
            return keeping.put_in_force(words, source=source or BY_HAND)

    def propose(
        self,
        user_id: str,
        *,
        kind: Kind,
        text: str,
        source: Mapping[str, Any],
        heard: Iterable[str] = (),
        note: str | None = None,
        replaces: str | None = None,
    ) -> Entry | None:
        """An entry for the person to decide on; None where it is known already or was refused
        before. New misheard forms of a known term are proposed as an addition, whose `replaces` is
        that term. Raises as `add`."""
        words = checked(kind, text, heard=heard, note=note)
        with self._keeping(user_id) as keeping:
            return keeping.propose(words, source=source, replaces=replaces)

    def accept(
        self,
        user_id: str,
        entry_id: str,
        *,
        text: str | None = None,
        heard: Iterable[str] | None = None,
        note: str | None = None,
    ) -> Entry:
        """Put a proposal in force, in these words where some are given. An addition comes back as
        the term it was made to. Accepting twice is accepting once."""
        with self._keeping(user_id) as keeping:
            row = keeping.row(entry_id)
            if row.status == Status.ACTIVE and text is None:
                return store.entry(row)
            words = checked(
                Kind(row.kind),
                row.text if text is None else text,
                heard=row.heard if heard is None else heard,
                note=row.note if note is None else note,
            )
            other = keeping.alike(words)
            if other is None or other.id == row.id:
                return keeping.settle(row, words)
            # It adds to a term that is there, or was reworded into an entry that is there.
            source = row.source
            if text is None:
                words = replace(words, text=other.text)
            keeping.session.delete(row)
            keeping.session.flush()
            return keeping.put_in_force(words, source=source)

    def refuse(self, user_id: str, entry_id: str) -> Entry:
        """Turn a proposal down; it is not proposed again. InvalidInput("memory_not_proposed") for
        what is none."""
        with self._keeping(user_id) as keeping:
            row = keeping.row(entry_id)
            if row.status not in (Status.PROPOSED, Status.REFUSED):
                raise InvalidInput("memory_not_proposed", text=row.text)
            row.status, row.decided_at = Status.REFUSED.value, self.now()
            return store.entry(row)

    def edit(
        self,
        user_id: str,
        entry_id: str,
        *,
        text: str,
        heard: Iterable[str] = (),
        note: str | None = None,
    ) -> Entry:
        """Give an entry other words. InvalidInput as `add`, and memory_known where another entry
        has them."""
        with self._keeping(user_id) as keeping:
            row = keeping.row(entry_id)
            words = checked(Kind(row.kind), text, heard=heard, note=note)
            other = keeping.alike(words)
            if other is not None and other.id != row.id:
                raise InvalidInput("memory_known", text=words.text)
            if row.status == Status.ACTIVE:
                return keeping.settle(row, words)
            keeping.reword(row, words)
            return store.entry(row)

    def archive(self, user_id: str, entry_id: str) -> Entry:
        """Put an entry out of force, and keep it."""
        with self._keeping(user_id) as keeping:
            row = keeping.row(entry_id)
            row.status = Status.ARCHIVED.value
            return store.entry(row)

    def activate(self, user_id: str, entry_id: str) -> Entry:
        """Put an entry in force again. What had replaced it stays in force beside it: the person
        says that both hold."""
        with self._keeping(user_id) as keeping:
            return store.entry(_activate(keeping, entry_id))

    def archive_all(self, user_id: str, entry_ids: Iterable[str]) -> None:
        """`archive` for several, all or none."""
        with self._keeping(user_id) as keeping:
            for entry_id in entry_ids:
                keeping.row(entry_id).status = Status.ARCHIVED.value

    def activate_all(self, user_id: str, entry_ids: Iterable[str]) -> None:
        """`activate` for several, all or none."""
        with self._keeping(user_id) as keeping:
            for entry_id in entry_ids:
                _activate(keeping, entry_id)

    def forget(self, user_id: str, entry_id: str) -> Entry:
        """Delete an entry for good; what is returned is all that `put_back` needs."""
        with self._keeping(user_id) as keeping:
            row = keeping.row(entry_id)
            gone = store.entry(row)
            keeping.session.delete(row)
            return gone

    def put_back(self, user_id: str, entry: Entry) -> Entry:
        """Undo `forget`. Where the same was added meanwhile, that one stays."""
        words = checked(entry.kind, entry.text, heard=entry.heard, note=entry.note)
        with self._keeping(user_id) as keeping:
            known = keeping.alike(words)
            if known:
                return store.entry(known)
            row = keeping.new(words, status=entry.status, source=entry.source)
            if not store.is_taken(keeping.session, entry_id=entry.entry_id):
                row.id = entry.entry_id
            row.created_at, row.updated_at = entry.created_at, entry.updated_at
            row.used_at, row.replaces = entry.used_at, entry.replaces
            return store.entry(row)

    def unused(self, user_id: str) -> list[Entry]:
        """Entries in force that no model was given for long, and that are not new."""
        return self.unused_among(self.entries(user_id, status=Status.ACTIVE))

    def unused_among(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of entries in force that `unused` gives, for who has read them already."""
        before = self.now() - UNUSED_AFTER
        return [
            one for one in entries if max(one.updated_at, one.used_at or one.updated_at) < before
        ]

    def conflict(
        self, user_id: str, *, kind: Kind, text: str, heard: Iterable[str] = ()
    ) -> Entry | None:
        """The entry in force that such a one would put out of force. Raises as `add`."""
        words = checked(kind, text, heard=heard)
        with self.database.reading() as session:
            keeping = Keeping(session, user_id, self.now)
            known = keeping.alike(words)
            return keeping.contradicted(words, but=known.id if known else None)

    def for_meeting(
        self,
        user_id: str,
        *,
        words: str,
        budget: int,
        count: Callable[[str], int] = len,
    ) -> Remembered:
        """What matters to a meeting in which these words are said, as far as `budget` goes, in what
        `count` measures (tokens of a model, or characters)."""
        active = self.entries(user_id, status=Status.ACTIVE)
        return memory_relevance.chosen(active, words=words, budget=budget, count=count)

    def hotwords(self, user_id: str, *, about: str) -> str | None:
        """What a speech model is to listen for in a recording `about` that; None without terms."""
        terms = self.entries(user_id, kind=Kind.GLOSSARY, status=Status.ACTIVE)
        return memory_relevance.hotwords(terms, about=about)

    def note_used(self, user_id: str, entry_ids: Sequence[str]) -> None:
        """Note that a model was given these just now."""
        if entry_ids:
            with self.database.writing() as session:
                store.note_used(session, user_id=user_id, entry_ids=entry_ids, at=self.now())

    def as_markdown(self, user_id: str) -> str:
        """All that is in force or archived, readable by a person and by `from_markdown`."""
        return memory_text.as_markdown(self.entries(user_id))

    def from_markdown(self, user_id: str, text: str) -> memory_text.Imported:
        """Take in what `as_markdown` wrote, or a person in its form, in one transaction; lines that
        cannot be taken are told with their reason. InvalidInput("memory_import_too_long")."""
        read = memory_text.read_markdown(text)
        with self._keeping(user_id) as keeping:
            return memory_text.take_in(read, keeping)

    @contextmanager
    def _keeping(self, user_id: str) -> Iterator[Keeping]:
        """One transaction in which nobody else changes this person's entries."""
        with self.database.writing() as session:
            store.hold(session, user_id=user_id)
            yield Keeping(session, user_id, self.now)
            session.flush()


def _activate(keeping: Keeping, entry_id: str) -> MemoryEntry:
    row = keeping.row(entry_id)
    row.status = Status.ACTIVE.value
    newer = store.replacing(keeping.session, user_id=keeping.user_id, entry_id=row.id)
    for one in newer:
        one.replaces = None
    return row
