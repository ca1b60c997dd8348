"""Which of a person's entries a new one contradicts: two terms with one misheard form, or two
sentences that claim two things where only one can hold. Judged in code, by an index, so that a
thousand imported entries cost no more than a thousand look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.domain.memory import Entry, Kind, Words, fingerprint
from core.domain.memory_claims import claim_of

_Key = tuple[str, ...]


@dataclass
class Conflicts:
    """The entries that are in force."""

    _by_key: dict[_Key, dict[str, Entry]] = field(default_factory=dict, init=False)

    @classmethod
    def among(cls, entries: Iterable[Entry]) -> Conflicts:
        """An index of these."""
        index = cls()
        for one in entries:
            index.add(one)
        return index

    def add(self, entry: Entry) -> None:
        """One entry more."""
        for key in _keys(entry.kind, entry.text, entry.heard):
            self._by_key.setdefault(key, {})[entry.entry_id] = entry

    def drop(self, entry: Entry) -> None:
        """It is no longer in force."""
        for key in _keys(entry.kind, entry.text, entry.heard):
            self._by_key.get(key, {}).pop(entry.entry_id, None)

    def of(self, words: Words, *, but: str | None = None) -> Entry | None:
        """The newest entry that these words contradict, other than the entry `but`."""
        found = {
            one.entry_id: one
            for key in _keys(words.kind, words.text, words.heard)
            for one in self._by_key.get(key, {}).values()
            if one.entry_id != but and _contradict(words, one)
        }
        return max(found.values(), key=lambda one: (one.updated_at, one.entry_id), default=None)


def may_conflict(words: Words) -> bool:
    """Is it worth looking? Most sentences claim nothing that only one thing can be."""
    return bool(_keys(words.kind, words.text, words.heard))


def _keys(kind: Kind, text: str, heard: Iterable[str]) -> list[_Key]:
    if kind is Kind.GLOSSARY:
        return [("heard", fingerprint(kind, form)) for form in heard]
    claim = claim_of(text)
    return [(kind.value, claim.subject, claim.predicate)] if claim else []


def _contradict(words: Words, other: Entry) -> bool:
    if words.kind is Kind.GLOSSARY:
        return fingerprint(other.kind, other.text) != words.fingerprint
    one, two = claim_of(words.text), claim_of(other.text)
    return bool(one and two and one.contradicts(two))
