"""Proposing what was learned, and nothing more: what is in force is the person's decision alone.

What a person refused is not proposed again, in other words neither; nor what they know already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.domain.learning_sentences import is_like_any
from core.domain.memory import Entry, Kind, Status
from core.errors import InvalidInput
from core.services.memory import Memory


@dataclass(frozen=True)
class Proposals:
    """Open proposals of people."""

    memory: Memory

    def propose(
        self,
        user_id: str,
        *,
        kind: Kind,
        text: str,
        source: Mapping[str, Any],
        heard: Iterable[str] = (),
    ) -> Entry | None:
        """An entry that waits for the person's word; None where nothing is to be decided."""
        if self._was_refused(user_id, kind, text) or self._is_known(user_id, kind, text):
            return None
        try:
            return self.memory.propose(user_id, kind=kind, text=text, heard=heard, source=source)
        except InvalidInput:  # it is too long, or there is no room for more: nothing to decide
            return None

    def open(self, user_id: str, *, kind: Kind | None = None) -> list[Entry]:
        """What waits for the person's word."""
        return self.memory.entries(user_id, kind=kind, status=Status.PROPOSED)

    def withdraw(self, user_id: str, entry: Entry) -> None:
        """Take a proposal back as if it had never been made."""
        self.memory.forget(user_id, entry.entry_id)

    def _was_refused(self, user_id: str, kind: Kind, text: str) -> bool:
        refused = self.memory.entries(user_id, kind=kind, status=Status.REFUSED)
        return is_like_any(kind, text, (one.text for one in refused))

    def _is_known(self, user_id: str, kind: Kind, text: str) -> bool:
        """A sentence that says what another one says. A term may have been misheard anew."""
        if kind is Kind.GLOSSARY:
            return False
        known = self.memory.entries(user_id, kind=kind)
        return is_like_any(kind, text, (one.text for one in known))
