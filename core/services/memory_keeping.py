"""One transaction on a person's memory: what puts an entry in force, and what that puts out of it.
It remembers the entries in force, so that an import of thousands reads them once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from core.domain.memory import (
    ENTRIES_LIMIT,
    HEARD_LIMIT,
    Entry,
    Kind,
    Status,
    Words,
    fingerprint,
)
from core.domain.memory_conflicts import Conflicts, may_conflict
from core.errors import InvalidInput, NotFound
from core.store import memory as store
from core.store.memory_rows import MemoryEntry


@dataclass
class Keeping:
    """A person's entries while `session` is open. What is put in force here is not held against
    what is put in force here later: of one import, both sides of a contradiction were wanted."""

    session: Session
    user_id: str
    now: Callable[[], datetime]
    _active: dict[Kind, Conflicts] = field(default_factory=dict, init=False)
    _count: int | None = field(default=None, init=False)
    _known: dict[tuple[str, str], MemoryEntry] | None = field(default=None, init=False)

    def read_all(self) -> None:
        """Read every entry now: for who is going to ask for thousands."""
        rows = store.rows(self.session, user_id=self.user_id)
        self._known = {(row.kind, row.fingerprint): row for row in rows}
        self._count = len(rows)
        for kind in Kind:
            self._conflicts(kind)

    def row(self, entry_id: str) -> MemoryEntry:
        """One entry; NotFound("memory_missing") where it is not this person's."""
        found = store.row(self.session, user_id=self.user_id, entry_id=entry_id)
        if found is None:
            raise NotFound("memory_missing", entry=entry_id[:40])
        return found

    def alike(self, words: Words, print_of: str | None = None) -> MemoryEntry | None:
        """The entry of the same words, whatever became of it."""
        if self._known is not None:
            return self._known.get((words.kind.value, print_of or words.fingerprint))
        return store.alike(
            self.session,
            user_id=self.user_id,
            kind=words.kind,
            fingerprint=print_of or words.fingerprint,
        )

    def contradicted(self, words: Words, *, but: str | None = None) -> Entry | None:
        """The entry in force that these words contradict."""
        return self._conflicts(words.kind).of(words, but=but) if may_conflict(words) else None

    def put_in_force(
        self, words: Words, *, source: Mapping[str, Any], at: datetime | None = None
    ) -> Entry:
        """These words, new or known; a known term keeps its misheard forms and gets the new. `at`
        is since when new ones hold, else since now."""
        row = self.alike(words)
        if row is None:
            row = self.new(words, status=Status.ACTIVE, source=source, at=at)
        elif row.status in (Status.ACTIVE, Status.ARCHIVED):
            heard = (*row.heard, *new_forms(row, words.heard))[:HEARD_LIMIT]
            words = replace(words, heard=heard, note=words.note or row.note)
        return self.settle(row, words)

    def settle(self, row: MemoryEntry, words: Words) -> Entry:
        """In force with these words, as the person decided; what they contradict is archived."""
        older = self.contradicted(words, but=row.id)
        if older:
            archived = self.row(older.entry_id)
            archived.status = Status.ARCHIVED.value
            row.replaces = older.entry_id
        elif row.status == Status.PROPOSED:
            row.replaces = None  # what it would have replaced is out of force already
        self.reword(row, words)
        row.status, row.decided_at = Status.ACTIVE.value, self.now()
        if older:
            self._active[words.kind].drop(older)
        return store.entry(row)

    def reword(self, row: MemoryEntry, words: Words) -> None:
        """Give a row these words, and note when."""
        if (row.text, tuple(row.heard), row.note) != (words.text, words.heard, words.note):
            row.updated_at = self.now()
        row.text, row.heard, row.note = words.text, list(words.heard), words.note
        row.fingerprint = words.fingerprint

    def propose(
        self, words: Words, *, source: Mapping[str, Any], replaces: str | None
    ) -> Entry | None:
        """As `Memory.propose`."""
        known = self.alike(words)
        print_of = words.fingerprint
        if known and known.status == Status.PROPOSED:
            return self._joined(known, words)
        if known:
            words = replace(words, heard=new_forms(known, words.heard))
            print_of = _print_of_addition(words)
            if known.status == Status.REFUSED or not words.heard or self.alike(words, print_of):
                return None
            replaces = known.id
        elif replaces is None:
            older = self.contradicted(words)
            replaces = older.entry_id if older else None
        row = self.new(words, status=Status.PROPOSED, source=source, print_of=print_of)
        row.replaces = replaces
        return store.entry(row)

    def new(
        self,
        words: Words,
        *,
        status: Status,
        source: Mapping[str, Any],
        print_of: str | None = None,
        at: datetime | None = None,
    ) -> MemoryEntry:
        """A row more, of now or of `at`. InvalidInput("memory_full")."""
        if self._count is None:
            self._count = store.count(self.session, user_id=self.user_id)
        if self._count >= ENTRIES_LIMIT:
            raise InvalidInput("memory_full", limit=ENTRIES_LIMIT)
        self._count += 1
        moment = at or self.now()
        row = MemoryEntry(
            user_id=self.user_id,
            kind=words.kind.value,
            status=status.value,
            text=words.text,
            heard=list(words.heard),
            note=words.note,
            source=dict(source),
            fingerprint=print_of or words.fingerprint,
            created_at=moment,
            updated_at=moment,
        )
        self.session.add(row)
        if self._known is not None:
            self._known[row.kind, row.fingerprint] = row
        return row

    def _joined(self, row: MemoryEntry, words: Words) -> Entry | None:
        """An open proposal with the new misheard forms; None where there are none."""
        fresh = new_forms(row, words.heard)
        if not fresh or len(row.heard) + len(fresh) > HEARD_LIMIT:
            return None
        row.heard = [*row.heard, *fresh]
        return store.entry(row)

    def _conflicts(self, kind: Kind) -> Conflicts:
        if kind not in self._active:
            active = store.entries(
                self.session, user_id=self.user_id, kind=kind, status=Status.ACTIVE
            )
            self._active[kind] = Conflicts.among(active)
        return self._active[kind]


def new_forms(row: MemoryEntry, heard: Iterable[str]) -> tuple[str, ...]:
    """Misheard forms that the row does not have."""
    kind = Kind(row.kind)
    has = {fingerprint(kind, form) for form in row.heard}
    return tuple(form for form in heard if fingerprint(kind, form) not in has)


def _print_of_addition(words: Words) -> str:
    """Tells a proposed addition from the term that it is for, and from other additions."""
    forms = sorted(fingerprint(words.kind, form) for form in words.heard)
    return fingerprint(words.kind, " ".join((words.text, "<-", *forms)))
