"""What was read of a meeting before, so that minutes in another style cost no reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.store.database import Database
from core.store.tables import Reading


@dataclass(frozen=True)
class StoredReadings:
    """The readings of one meeting (services.writers.Readings). They go when the meeting goes."""

    database: Database
    meeting_id: str

    def find(self, key: str) -> dict[str, Any] | None:
        """What was kept under `key`, None where nothing was."""
        with self.database.reading() as session:
            row = session.get(Reading, (self.meeting_id, key))
            return row.answer if row else None

    def ensure(self, key: str, answer: dict[str, Any]) -> None:
        """Keep `answer` under `key`."""
        with self.database.writing() as session:
            session.merge(Reading(meeting_id=self.meeting_id, key=key, answer=answer))
